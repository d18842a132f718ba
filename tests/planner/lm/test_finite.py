from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.lm.choice import gbnf
from planner.lm.finite import NotFinite, allowed_texts, with_ends


def schema(value: object) -> dict:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": value}}}


OBJECT = {
    "type": "object",
    "properties": {"verb": {"enum": ["pick", "put"]}, "sure": {"type": "boolean"}, "kind": {"const": 3}},
    "required": ["verb", "sure", "kind"],
    "additionalProperties": False,
}
GOOD = [
    ({"prompt": "x"}, None),
    ({"response_format": {"type": "text"}}, None),
    ({"guided_choice": ["a", "b", "a"]}, ["a", "b"]),
    ({"structured_outputs": {"choice": ["a", " b\n"]}}, ["a", " b\n"]),
    ({"structured_outputs": {"json": {"enum": [1, "x", None]}}}, ["1", '"x"', "null"]),
    ({"grammar": 'root ::= "a \\"b\\"" | "c\\n"|"d | e"'}, ['a "b"', "c\n", "d | e"]),
    ({"guided_grammar": 'root ::= "a"'}, ["a"]),
    ({"json_schema": {"type": "boolean"}}, ["true", "false"]),
    ({"guided_json": '{"type": "null"}'}, ["null"]),
    (schema({"enum": ["ä"]}), ['"ä"']),
]


@pytest.mark.parametrize(("body", "texts"), GOOD)
def test_what_is_allowed(body, texts):
    assert allowed_texts(body) == texts


def test_objects_are_all_combinations():
    found = [json.loads(t) for t in allowed_texts(schema(OBJECT))]
    assert len(found) == 4
    assert {"verb": "put", "sure": False, "kind": 3} in found


BAD = [
    ({"guided_choice": "ab"}, "list of texts"),
    ({"guided_choice": []}, "0 texts"),
    ({"guided_choice": ["a", ""]}, "none of them empty"),
    ({"guided_choice": ["a"], "grammar": 'root ::= "a"'}, "one constraint at a time"),
    ({"structured_outputs": {"regex": "a*"}}, "choice, grammar, json"),
    ({"grammar": "root ::= [a-z]+"}, "literals only"),
    ({"grammar": 'root ::= "a" b'}, "literals only"),
    ({"grammar": 'root ::= "a" |'}, "literals only"),
    ({"grammar": 5}, "literals only"),
    ({"response_format": {"type": "json_object"}}, "json_schema"),
    ({"response_format": 3}, "json_schema"),
    (schema({"type": "string"}), "'string' have no list"),
    (schema({"type": "array", "items": {"enum": [1]}}), "holds items"),
    (schema({**OBJECT, "required": ["verb"]}), "must be required"),
    (schema({"type": "object", "properties": {str(i): {"enum": list(range(30))} for i in range(4)},
             "required": ["0", "1", "2", "3"]}), "810000 objects"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words"), BAD)
def test_what_has_no_list_is_refused(body, words):
    with pytest.raises(NotFinite, match=words):
        allowed_texts(body)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, unique=True))
def test_any_texts_survive_the_way_through_a_grammar(texts):
    assert allowed_texts({"grammar": gbnf(texts)}) == texts


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "enum", "const", "properties", "required", "json_schema", "schema", "choice", "x"]),
        inner | st.sampled_from(["object", "json_schema", "boolean"]), max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(key=st.sampled_from(["response_format", "structured_outputs", "guided_json", "json_schema"]), value=JSON)
def test_any_json_is_texts_or_one_error(key, value):
    try:
        found = allowed_texts({key: value})
    except ValueError:
        return
    assert found is None or all(isinstance(t, str) and t for t in found)


def test_each_text_has_an_end_of_its_own():
    assert with_ends(["apple", "pear"]) == ["apple", "pear"]
    assert with_ends(["apple pie", "pear", "apple"]) == ["apple pie\n", "pear\n", "apple\n"]
