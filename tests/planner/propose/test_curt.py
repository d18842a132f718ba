"""Requests of hardly more than names."""

from __future__ import annotations

import pytest

from planner.propose.curt import uncurt

NAMES = ("pink ball", "grey ball", "towel", "stamp box", "mug", "trash can", "left side", "right side", "brown sugar")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("pink left grey right", "put the pink ball to the left side. put the grey ball to the right side"),
        ("towel stamp box please", "put the towel in the stamp box"),
        ("put sugar mug", "put the brown sugar in the mug"),
        ("mug towel thanks", "put the towel in the mug"),
        ("towel to me and mug to the left side", "bring me towel. mug to the left side"),
        ("pink towel mug", "put the pink ball and the towel in the mug"),
        ("hey, towel, over here, now", "bring me towel"),
        ("my towel and the mug, over here please", "bring me my towel and the mug"),
        ("pink ball, the towel and our sugar here now", "bring me pink ball, the towel and our sugar"),
        ("the grey ball and towel, here", "bring me the grey ball and towel"),
        ("need a towel over here", "bring me a towel"),
        ("Rubbish run: the towel, the mug, done", "put the towel, the mug in the trash can"),
    ],
)
def test_what_is_missing_is_put_in(said, meant):
    assert uncurt(said, NAMES, person=True).strip() == meant


@pytest.mark.parametrize(
    "said",
    [
        "put the towel in the mug",
        "ball mug",
        "towel",
        "towel mug anvil",
        "the towel is here",
        "tea time: the towel",
        "put the towel here",
        "the towel and the anvil, over here",
    ],
)
def test_what_is_whole_or_open_stays(said):
    assert uncurt(said, NAMES, person=True) == said


def test_without_anybody_nothing_is_brought():
    assert uncurt("towel, here", NAMES) == "towel, here"
