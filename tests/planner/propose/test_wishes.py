"""Wishes that ask for nothing in words."""

from __future__ import annotations

import pytest

from planner.propose.wishes import spared, wished


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I could absolutely devour a waffle.", "bring me a waffle."),
        ("We wish we had some tape.", "bring me some tape."),
        ("If only I could get a stool!", "bring me a stool!"),
        ("Nana needs the footrest.", "bring me the footrest."),
        ("Maybe his rattle would calm him down.", "bring me his rattle."),
        ("Is there anything here that could unclog a sink?", "bring me something to unclog a sink"),
        ("This cheese has gone mouldy.", "throw away This cheese."),
        ("Bin the rotten plum. The apple is still fine.", "Bin the rotten plum. leave The apple alone."),
        (
            "Throw the stale buns away, but the soup still smells good.",
            "Throw the stale buns away, leave the soup alone.",
        ),
        (
            "Toss the wilted lettuce, the tomatoes look perfectly okay",
            "Toss the wilted lettuce, leave the tomatoes alone",
        ),
        ("Throw out the milk. The cream hasn't gone off yet.", "Throw out the milk. leave The cream alone."),
        (
            "There's one glove that still isn't in the basket. Fix that.",
            "put the glove that is not in the basket in the basket.",
        ),
        (
            "There are some books that aren't on the shelf yet, please sort that out",
            "put all the books that are not on the shelf on the shelf",
        ),
        ("The fork isn't on the tray yet. Could you fix that?", "put The fork on the tray?"),
        ("The fork should be on the tray, but it isn't. Put that right.", "put The fork on the tray."),
        ("One of my spoons is missing from the tray, take care of that", "put One of my spoons to the tray"),
        ("Some crackers, please.", "bring me Some crackers"),
    ],
)
def test_wishes_are_requests(said, meant):
    assert wished(said).strip() == meant


@pytest.mark.parametrize(
    "said",
    ["The lamp is off.", "I wish you a good day.", "The left one would be better.", "I don't want the soup."],
)
def test_other_sentences_stay(said):
    assert wished(said) == said


def test_what_somebody_must_not_have_is_left_out():
    assert spared("I'm not allowed to have any dairy, so get me a dessert.") == "get me a dessert without dairy."
    assert spared("I don't want the soup but the bread.") == "I don't want the soup but the bread."
