"""Furniture that opens, said in other ways."""

from __future__ import annotations

import pytest

from planner.propose.opened import opened

NAMES = ("top drawer", "spoon", "cabinet")


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ("make sure the cabinet is shut", "close the cabinet"),
        ("the top drawer should be open", "open the top drawer"),
        ("I want the cabinet closed", "close the cabinet"),
        ("don't leave the cabinet open", "close the cabinet"),
        (
            "open the cabinet door, tuck the spoon away and shut the door",
            "open the cabinet, tuck the spoon in the cabinet and close the cabinet",
        ),
        ("push the cabinet shut again", "close the cabinet"),
        ("put the spoon away and lock the door", "put the spoon away and lock the door"),
        (
            "open the top drawer, put the spoon in and close it again",
            "open the top drawer, put the spoon in the top drawer and close the top drawer",
        ),
        ("put the spoon in the top drawer and shut it", "put the spoon in the top drawer and close the top drawer"),
    ],
)
def test_said_plainly(said, plainly) -> None:
    assert opened(said, NAMES) == plainly


@pytest.mark.parametrize("text", ["put the spoon in the cabinet", "is the cabinet open?", "bring it in"])
def test_other_words_stay(text) -> None:
    assert opened(text, NAMES) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the pantry was left open, please see to it", "close the pantry"),
        ("somebody left the pantry open", "close the pantry"),
        ("take the jar out of the pantry and leave it open", "take the jar out of the pantry and open the pantry"),
        ("keep the pantry shut", "close the pantry"),
        ("the pantry is open", "the pantry is open"),
    ],
)
def test_complaints_and_what_is_left_as_it_is(said, meant):
    assert opened(said, ("pantry", "jar")) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("slide the drawer out and take the cap", "open the drawer and take the cap"),
        ("push in the drawer", "close the drawer"),
        ("open the drawer, drop in the cap", "open the drawer, drop the cap in the drawer"),
        ("put in the cap", "put in the cap"),
    ],
)
def test_drawers_are_drawn_and_things_dropped_in(said, meant):
    assert opened(said, ("drawer", "cap")) == meant
