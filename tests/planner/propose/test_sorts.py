"""Sorts of things under other names, and names made of names."""

import pytest

from planner.propose.adjectives import told_by_name
from planner.propose.compounds import compound
from planner.propose.lookup import open_lookup
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.reading import read_words
from planner.propose.sorts import Sorts, narrowest
from planner.propose.spelling import singular, tokens_of
from propose_scene import request_for


@pytest.fixture(scope="module")
def lookup():
    return open_lookup()


def _found(lookup, text, *names):
    toks = tokens_of(text)
    runs = Sorts(lookup, tuple(sorted(names))).runs(toks, [False] * len(toks))
    return {" ".join(t.text for t in toks[a:b]): set(found) for (a, b), found in runs}


def test_what_is_called_otherwise_is_of_the_sort(lookup):
    found = _found(lookup, "hang up the jackets", "rain jacket", "parka", "umbrella")
    assert found == {"jackets": {"rain jacket", "parka"}}


def test_what_is_only_called_so_is_not(lookup):
    found = _found(lookup, "put the books away", "atlas book", "mystery novel", "book bag", "bookend")
    assert found == {"books": {"atlas book", "mystery novel"}}


def test_several_words_are_one_sort(lookup):
    found = _found(lookup, "collect the stuffed animals", "stuffed walrus", "plush camel", "toy car")
    assert found == {"stuffed animals": {"stuffed walrus", "plush camel"}}


def test_one_of_a_sort_is_a_sort_of_several_words_as_well(lookup):
    found = _found(lookup, "bring me a stuffed animal", "stuffed walrus", "plush camel", "toy car")
    assert found == {"stuffed animal": {"stuffed walrus", "plush camel"}}
    assert _found(lookup, "the stuffed animal", "stuffed walrus", "plush camel") == {}


def test_a_vessel_is_what_is_called_so(lookup):
    assert _found(lookup, "bring the bottles", "wine bottle", "shampoo") == {}


def test_where_nothing_is_called_so_the_look_up_decides_later(lookup):
    assert _found(lookup, "bring the jackets", "parka", "anorak") == {}


def test_a_tool_by_its_kind_is_for_that(lookup):
    assert {n for n, x in lookup.odds("something to write with", ["crayon", "pen", "stapler"]).items() if x > 0} == {
        "crayon",
        "pen",
    }
    assert {n for n, x in lookup.odds("things to clean with", ["mop", "plate"]).items() if x > 0} == {"mop"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("drugs in the white bowl, make-up in the blue bowl", {"lipstick": "blue bowl", "eyeliner": "blue bowl"}),
        (
            "Sort my stuff: make-up in the white bowl, tools in the blue bowl",
            {"lipstick": "white bowl", "eyeliner": "white bowl"},
        ),
        ("the make-up goes in the blue bowl", {"lipstick": "blue bowl", "eyeliner": "blue bowl"}),
    ],
)
def test_make_up_is_a_sort_and_no_verb(lookup, text, where):
    request = request_for(text, ("lipstick", "eyeliner", "hammer", "white bowl", "blue bowl"))
    words = read_words(request, lookup=lookup)
    (sort,) = [i for i, m in enumerate(words.mentions) if m.kind == "makeup" or set(m.names) == set(where)]
    odds = lookup.odds("makeup", ["lipstick", "eyeliner", "hammer"])
    assert {n: x > 0 for n, x in odds.items()} == {"lipstick": True, "eyeliner": True, "hammer": False}
    assert "make" not in words.verbs
    later = [m for m in words.mentions[sort:] if m.role is Role.TARGET]
    assert later[0].names == (where["lipstick"],)


def _group(text, *names, kind=""):
    return Mention(text, (0, 1), names, Quantity.ALL, False, kind=kind)


def test_the_narrower_sort_has_what_two_share(lookup):
    clothes, shirts = narrowest([_group("clothes", "polo shirt", "jeans"), _group("shirts", "polo shirt")], lookup)
    assert clothes.names == ("jeans",)
    assert shirts.names == ("polo shirt",)


def test_a_sort_keeps_what_it_has_when_nothing_else_is_left(lookup):
    clothes, _ = narrowest([_group("clothes", "polo shirt"), _group("shirts", "polo shirt")], lookup)
    assert clothes.names == ("polo shirt",)


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("toy pineapple", "toy", "fruit"),
        ("canned lentils 3", "canned good", "toy"),
        ("plush walrus", "stuffed animal", "food"),
        ("large bag of flour", "baking ingredient", "toy"),
        ("cola bottle", "bottled drink", "canned drink"),
        ("ginger ale can", "canned drink", "bottled drink"),
        ("red merino wool coat", "coat", "food"),
        ("frozen spinach", "frozen food", "canned good"),
        ("dried mango", "dried fruit", "candy"),
    ],
)
def test_names_made_of_names(lookup, name, has, lacks):
    entry = compound(name, lookup.knowledge.exactly)
    assert entry is not None
    assert has in entry.kinds
    assert lacks not in entry.kinds


def test_what_no_part_of_is_known_stays_unknown(lookup):
    assert compound("florble", lookup.knowledge.exactly) is None
    assert compound("", lookup.knowledge.exactly) is None


@pytest.mark.parametrize(
    ("adjective", "name", "so"),
    [
        ("dirty", "muddy shorts", True),
        ("clean", "muddy shorts", False),
        ("clean", "freshly washed shirt", True),
        ("dirty", "shirt", None),
        ("dark", "light khaki shorts", False),
        ("striped", "striped sock", True),
    ],
)
def test_a_name_tells_a_condition(adjective, name, so):
    assert told_by_name(adjective, [t.text for t in tokens_of(name)]) is so


@pytest.mark.parametrize(
    ("many", "one"),
    [("cookies", "cookie"), ("shoes", "shoe"), ("gloves", "glove"), ("shelves", "shelf"), ("potatoes", "potato"),
     ("cherries", "cherry"), ("mice", "mouse"), ("olives", "olive"), ("pies", "pie"), ("dishes", "dish")],
)  # fmt: skip
def test_plurals_meet_their_singulars(many, one):
    assert singular(many) == one
    assert singular(one) == one


def test_superlatives_are_looked_up_as_what_they_are_of(lookup):
    assert lookup.odds("healthiest drink", ("water bottle", "cola can"))["water bottle"] > 0
    assert lookup.odds("healthiest drink", ("water bottle", "cola can"))["cola can"] < 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("dirty dishes", {"dirty goblet", "dirty saucepan"}),
        ("used dishes", {"used fork", "dirty goblet", "dirty saucepan"}),
        ("clean dishes", {"clean saucer"}),
        ("clean cutlery", set()),
    ],
)
def test_dishes_that_are_washed_take_in_all_that_is_washed_up(lookup, said, meant):
    names = ["dirty goblet", "dirty saucepan", "used fork", "clean saucer", "dirty shirt"]
    assert {n for n, odds in lookup.odds(said, names).items() if odds > 0} >= meant
    assert "dirty shirt" not in {n for n, odds in lookup.odds(said, names).items() if odds > 0}
