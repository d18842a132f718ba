"""Known nouns and how phrases find them."""

from __future__ import annotations

import pytest

from sim.lexicon import LexiconError, hint, lexicon, match, read_entry, singulars
from skills.types import Form

PUSHED = {
    "boot box", "wooden chest", "typewriter", "paving stone", "flour sack", "rice cooker", "cast iron pot",
    "mat", "placemat", "place mat", "rug", "carpet", "doormat", "play mat", "trivet",
}  # fmt: skip


def test_many_nouns_and_all_fit_the_gripper():
    nouns = lexicon()
    assert len(nouns) >= 250
    for noun, entry in nouns.items():
        if entry.form in (Form.BOWL, Form.BIN):
            continue  # taken by the rim
        if entry.spill:
            continue  # wiped, never taken
        if noun in PUSHED:
            continue  # too large or too heavy on purpose: what can only be pushed
        across = min(entry.size[:2]) if entry.form is Form.BOX else entry.size[0]
        assert across <= 0.075, f"{noun} is {across} m wide"
        assert entry.size[-1] >= 0.015, f"{noun} is too flat for the fingers"
        assert max(entry.size) <= 0.21, f"{noun} is too big for a table"
        assert entry.mass <= 1.0


@pytest.mark.parametrize(
    ("phrase", "noun", "rest"),
    [
        ("red block", "block", ("red",)),
        ("the pepsi can", "can", ("pepsi",)),
        ("bag of chips", "bag", ("chips",)),
        ("jalapeno chips", "jalapeno chips", ()),
        ("can of red bull", "can", ("red", "bull")),
        ("orange", "orange", ()),
        ("orange block", "block", ("orange",)),
        ("orange juice", "juice", ("orange",)),
        ("Two Green APPLES", "apple", ("two", "green")),
        ("knives", "knife", ()),
        ("block 3", "block", ("3",)),
        ("water bottle", "water bottle", ()),
        ("box with toys", "box", ("toys",)),
        ("7up", "7up", ()),
    ],
)
def test_phrases(phrase, noun, rest):
    found = match(phrase)
    assert found is not None
    assert (found.entry.noun, found.rest) == (noun, rest)


@pytest.mark.parametrize("phrase", ["zorblax", "red", "dark red", "", "!!", "ξένο"])
def test_unknown_phrases(phrase):
    assert match(phrase) is None


def test_hint_lends_a_colour():
    entry = hint(("pepsi",))
    assert entry is not None
    assert entry.colour == "blue"
    assert hint(("heavy",)) is None


def test_singulars():
    assert "berry" in singulars("berries")
    assert "knife" in singulars("knives")
    assert "box" in singulars("boxes")
    assert singulars("glass") == ("glass",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"form": "box", "size": [0.1, 0.1, 0.1], "mass": 0.1, "color": "red"}, r"unknown key\(s\) \['color'\]"),
        ({"form": "box", "size": [0.1], "mass": 0.1}, "a box needs 3 positive"),
        ({"form": "blob", "size": [0.1], "mass": 0.1}, "form, size and mass are needed"),
        ({"form": "sphere", "size": [0.1], "mass": 0.1, "colour": "reddish"}, "unknown colour 'reddish'"),
        ("apple", "expected a mapping"),
    ],
)
def test_bad_rows_are_named(row, message):
    with pytest.raises(LexiconError, match=message):
        read_entry("apple", row)
