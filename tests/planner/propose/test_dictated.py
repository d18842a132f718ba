"""Speech written down as it came: apostrophes, words said twice, a mind changed without a comma."""

from __future__ import annotations

import pytest

from planner.propose.dictated import dictated

CALLED = {"yo", "cap", "rug", "box", "kiwi", "pom"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("dont drop the cap", "don't drop the cap"),
        ("take the the cap", "take the cap"),
        ("bring two three kiwis", "bring three kiwis"),
        ("the cap to the rug no sorry the box", "the cap to the rug, no wait, the box"),
        ("the cap on the rug or you know what make it the kiwi", "the cap on the rug, no wait, the kiwi"),
        ("take the cap and the kiwi too wait no not the kiwi", "take the cap"),
        ("take the fruit actually not the kiwi", "take the fruit, except the kiwi"),
        ("stop wait don't take the cap", "don't take the cap"),
        ("the left most cap", "the leftmost cap"),
        ("get what's it called the cap", "get the cap"),
        ("cap in the box thank you and the kiwi", "cap in the box and the kiwi"),
        ("put the cap in the box take the kiwi", "put the cap in the box. take the kiwi"),
    ],
)
def test_what_was_said(said, meant):
    assert dictated(said, CALLED) == meant


@pytest.mark.parametrize(
    "said",
    [
        "put the pom pom in the box",  # a name
        "bring one or two caps",
        "no cap may lie on the rug",
        "wait for me, then bring the cap",
        "take the cap and put it in the box",
        "is the cap actually in the box?",
    ],
)
def test_what_is_no_change_of_mind(said):
    assert dictated(said, CALLED) == said
