from __future__ import annotations

import pytest

from envs.strict import FileError
from planner.learn.knowledge import FIELDS, Entry, Knowledge, load_knowledge

SMALL = """
apple: {kinds: [fruit, food], uses: [eat], is: [sweet], belongs: [fruit bowl, fridge], names: [red apple]}
lime: {kinds: [fruit, food], uses: [eat], is: [sour]}
can: {}
coke can: {kinds: [drink], uses: [drink], made: [metal], unsafe: [microwave], names: [coke]}
"""


def written(tmp_path, text, name="things.yaml"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_looks_up_by_kind_use_property_home_material_and_danger(tmp_path):
    k = load_knowledge([written(tmp_path, SMALL)])
    assert len(k) == 4
    assert k.of_kind("fruit") == ("apple", "lime")
    assert k.for_use("drink") == ("coke can",)
    assert k.with_property("sour") == ("lime",)
    assert k.belonging("fridge") == ("apple",)
    assert k.made_of("metal") == k.unsafe_with("microwave") == ("coke can",)
    assert k.of_kind("vehicle") == ()
    assert k["apple"].has("kinds", "food")
    assert not k["lime"].has("properties", "sweet")
    with pytest.raises(KeyError, match="did you mean 'apple'"):
        k["aple"]


def test_finds_things_by_other_names_and_by_their_last_words(tmp_path):
    k = load_knowledge([written(tmp_path, SMALL)])
    assert k.find("Red  Apple").name == "apple"
    assert k.find("my green coke can").name == "coke can"
    assert k.find("beer can").name == "can"
    assert k.find("ladder") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- apple", "expected a mapping"),
        ("apple: {kind: [fruit]}", "unknown key 'kind'; did you mean 'kinds'"),
        ("apple: {kinds: fruit}", "kinds is a list of phrases"),
        ("apple: {kinds: [1]}", "which is no text"),
        ("apple: {kinds: [fruit, fruit]}", "lists 'fruit' twice"),
        ("Apple: {}", "lower case"),
        ("apple: {is: ['very  sweet']}", "single spaces"),
        ("apple: {is: ['']}", "not empty"),
        ("'a, b': {}", "commas"),
        ("1: {}", "a name is text"),
        ("apple: [fruit]", "expected {kinds"),
    ],
)
def test_says_what_is_wrong_and_where(tmp_path, text, says):
    with pytest.raises(FileError) as caught:
        load_knowledge([written(tmp_path, "lime: {}\n" + text if not text.startswith("-") else text)])
    assert says in str(caught.value)
    assert "things.yaml" in str(caught.value)


def test_a_name_occurs_once_in_all_files(tmp_path):
    one, two = written(tmp_path, SMALL), written(tmp_path, "lime: {}", "more.yaml")
    with pytest.raises(FileError, match=r"more\.yaml:1: 'lime' is in .*things\.yaml"):
        load_knowledge([one, two])


def test_the_digest_is_of_the_data_and_not_of_the_layout(tmp_path):
    a = load_knowledge([written(tmp_path, SMALL)])
    moved = "\n".join(reversed(SMALL.strip().splitlines())).replace("[fruit, food]", "[food, fruit]")
    b = load_knowledge([written(tmp_path, moved, "other.yaml")])
    c = load_knowledge([written(tmp_path, SMALL.replace("sour", "bitter"), "third.yaml")])
    assert a.digest == b.digest != c.digest
    assert len(a.digest) == 64


def test_leaves_out_objects_and_categories(tmp_path):
    k = load_knowledge([written(tmp_path, SMALL)]).without({"lime"}, {("kinds", "fruit")})
    assert "lime" not in k
    assert k.of_kind("fruit") == ()
    assert k.of_kind("food") == ("apple",)


def test_two_entries_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="twice"):
        Knowledge([Entry("a"), Entry("a")])


def test_the_shipped_knowledge_is_sound():
    k = load_knowledge()
    assert len(k) >= 1100
    assert all(len(k.phrases(f)) > 5 for f in FIELDS)
    assert sum(not e.kinds for e in k) == 0
    for food in ("apple", "baguette", "cheddar"):
        assert "food" in k[food].kinds


SORTS = """
parka: {kinds: [jacket, clothing], uses: [wear], is: [warm], alike: [anorak, lime]}
coke: {kinds: [cola], members: [can, anorak]}
"""


def test_a_sort_says_the_same_of_everything_alike(tmp_path):
    k = load_knowledge([written(tmp_path, SMALL), written(tmp_path, SORTS, "sorts.yaml")])
    assert k["anorak"].kinds == ("jacket", "clothing", "cola")
    assert k["anorak"].uses == ("wear",)
    assert k["lime"].kinds == ("fruit", "food", "jacket", "clothing")  # it has a row of its own: that stays
    assert k["lime"].uses == ("eat",)
    assert "coke" not in k  # another name of "coke can", which gains the kind
    assert k["coke can"].kinds == ("drink", "cola")


def test_a_member_must_be_known(tmp_path):
    sorts = written(tmp_path, "lime: {kinds: [treat], members: [aple]}", "sorts.yaml")
    with pytest.raises(FileError, match="nothing else is said of 'aple'; did you mean 'apple'"):
        load_knowledge([written(tmp_path, SMALL), sorts])
