"""A mind changed in the same breath, and who is meant by "both"."""

from __future__ import annotations

import pytest

from planner.propose.amends import amended

NAMES = ("hat", "belt", "crate", "left side", "green tray", "pear")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("replace the hat in the crate with the belt", "take the hat out of the crate. put the belt in the crate"),
        ("swap the hat on the tray for a belt", "take the hat off the tray. put a belt on the tray"),
        ("set the hat in the crate with a belt next to it", "set the hat in the crate, and put a belt next to it"),
        ("Put the hat in the crate, hmm, the green tray is better.", "Put the hat in the green tray."),
        ("Move the hat to the crate. Actually, the green tray would be a better place.",
         "Move the hat to the green tray."),
        ("Put the hat in the crate. On second thought, leave the hat and take the belt.", "Put the belt in the crate"),
        ("Stack the hat on the belt. No, do it the other way round.", "Stack the belt on the hat."),
        ("I asked for a plum, but a pear is fine, too", "bring me a pear"),
        ("I wanted a plum, but a pear will do.", "bring me a pear"),
        ("Get me a pear, or rather three.", "Get me three pear."),
        ("Bring me one pear, no, make that two.", "Bring me two pear."),
        ("Put the hat in the crate and scratch the belt.", "Put the hat in the crate. leave the belt alone."),
        ("Move the hat to the shelf, no, forget the shelf, to the crate.", "Move the hat to the crate."),
        ("I hate how the hat lies around, so put it in the crate.", "put the hat in the crate."),
        ("I can't stand when the hat and the belt lie about, put both in the crate.",
         "put the hat and the belt in the crate."),
        ("The hat is wet, the belt, too. Now both to the crate.",
         "The hat is wet, the belt, too. Now move the hat and the belt to the crate."),
        ("The hat goes in the crate. The belt too, actually no, leave the belt out.",
         "The hat goes in the crate. leave The belt alone."),
        ("Put the hat in the crate and the belt as well, oh no, leave it here.",
         "Put the hat in the crate. leave the belt alone."),
        ("Bring the hat. And the belt too. Wait, not the belt.", "Bring the hat. leave the belt alone."),
        ("The hat and my belt, no, skip that.", "The hat. leave my belt alone."),
        ("The hat to the crate. The belt goes with the hat.", "The hat to the crate. The belt goes to the crate."),
    ],
)  # fmt: skip
def test_what_is_meant_after_all(said, meant):
    assert " ".join(amended(said, NAMES).split()) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Put the hat in the crate.",
        "Put both hats in the crate.",
        "The hat in the crate. The belt too.",
        "The hat goes in the crate, the belt too, no, the tray.",
        "Take the two and put both in the crate.",
        "Hold the hat.",
        "The belt goes with the hat.",
        "Leave the hat and take the belt.",
    ],
)
def test_what_was_not_changed_stays(said):
    assert amended(said, NAMES) == said
