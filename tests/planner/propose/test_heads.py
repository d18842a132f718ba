"""Headings: what stands before a colon and only says what it is for."""

from __future__ import annotations

import pytest

from planner.propose.heads import headed, named

NAMES = ("slippers", "fish", "drone", "pouch", "plaster", "gauze", "far counter", "table", "fork 1", "green folder")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Get the hall ready: slippers to the far counter.", "put slippers to the far counter."),
        ("First aid: plaster and gauze in the pouch, that's all.", "put plaster and gauze in the pouch."),
        ("Make a kit - sort of: put the gauze in the pouch.", "put the gauze in the pouch."),
        ("Charge the drone: it goes on the table.", "the drone goes on the table."),
        ("Keep the cat off the fish: move it to the far counter.", "move the fish to the far counter."),
        ("Lay out lunch on the table: fish and gauze.", "put fish and gauze on the table."),
        ("Pack the pouch: plaster, gauze.", "put plaster, gauze in the pouch."),
        ("File the gauze under urgent: that's the green folder.", "File the gauze under urgent in the green folder."),
        ("Get ready for the trip by putting the gauze in the pouch.", "start putting the gauze in the pouch."),
    ],
)
def test_headings_go(said, meant):
    assert headed(said, NAMES) == meant


@pytest.mark.parametrize(
    "said",
    [
        "The table: the fork and the fish.",  # a list of what goes where
        "Put the fish in the pouch: it smells.",
        "If the pouch is empty: put the gauze in it.",
        "Bring me two things: soap and a towel.",
        "I'd like to slice bread: put what I need on the table.",
        "The table is wet: put something to dry it with in the pouch.",
        "Clear the table by putting the fish in the pouch.",
    ],
)
def test_other_colons_stay(said):
    assert headed(said, NAMES) == said


def test_what_is_named():
    assert named("the forks and the green one in the pouch", NAMES) == ["pouch", "fork 1"]


def test_what_the_rest_is_for_stays():
    said = "The fork is dirty: put something to clean it with in the pouch."
    assert headed(said, NAMES) == said
