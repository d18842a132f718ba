from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.symbols import Operator, Parameter, SymbolError, atom, lit, parse_literal

NAMES = st.from_regex(r"[A-Za-zÄé][A-Za-z0-9' \-é]{0,20}[A-Za-z0-9]", fullmatch=True).map(lambda s: " ".join(s.split()))


@given(NAMES, NAMES, st.booleans())
def test_literals_survive_being_written_and_read(a, b, positive):
    literal = lit("in", a, b) if positive else ~lit("in", a, b)
    assert parse_literal(str(literal)) == literal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("red block in bowl", "not a literal"),
        ("under(a, b)", "known: accessible, at"),
        ("on(a)", r"takes 2 argument"),
        ("on(a, )", "empty argument"),
        ("hand_empty(x)", r"\(none\)"),
        (7, "not a literal"),
    ],
)
def test_what_cannot_be_read_names_the_remedy(text, words):
    with pytest.raises(SymbolError, match=words):
        parse_literal(text)


def test_operators_check_their_literals():
    with pytest.raises(SymbolError, match="is no parameter"):
        Operator("x", (Parameter("obj", "thing"),), add=(atom("holding", "other"),))
    with pytest.raises(SymbolError, match="unknown predicate"):
        Operator("x", (), add=(atom("flies"),))


def test_binding():
    op = Operator(
        "put", (Parameter("obj", "movable"), Parameter("to", "place")),
        preconditions=(lit("holding", "obj"),), add=(atom("at", "obj", "to"),),
        delete=(atom("holding", "obj"), atom("at", "obj", "*")), say="put the {obj} at {to}",
    )  # fmt: skip
    ground = op.bind(("cup", "left side"))
    assert str(ground) == "put(cup, left side)"
    assert ground.say == "put the cup at left side"
    assert ground.preconditions == (lit("holding", "cup"),)
    assert ground.effects == (lit("at", "cup", "left side"), ~lit("holding", "cup"))
    with pytest.raises(SymbolError, match=r"takes \(obj, to\), got 1"):
        op.bind(("cup",))
