"""Where things are kept, told as a custom, and rules that branch."""

from __future__ import annotations

import pytest

from planner.propose.customs import accustomed

NAMES = ("cap", "stale loaf", "fresh loaf", "nut", "bolt", "cork", "trunk", "rack", "apple", "left side")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Caps are always kept in the trunk.", "put all the Caps in the trunk."),
        ("Caps are stored in the trunk, while belts are stored on the rack.",
         "put all the Caps in the trunk. put all the belts on the rack."),
        ("We keep caps in the trunk and belts on the rack. Put these away.",
         "put all the caps in the trunk. put all the belts on the rack."),
        ("In my house, caps live in the trunk. Please tidy up.", "In my house, caps live in the trunk."),
        ("I always store caps in the trunk, but belts go straight to the rack. Deal with the clothes.",
         "put all the caps in the trunk. belts go to the rack."),
        ("Caps go in the trunk, and so do belts.", "Caps and belts go in the trunk."),
        ("The cap is wet and so is the cork.", "The cap and the cork are wet."),
        ("Loaves in the trunk if they are fresh, on the rack if they're stale.",
         "put the fresh Loaves in the trunk. put the stale Loaves on the rack."),
        ("Put the loaves in the trunk unless they are stale, in which case throw them out.",
         "throw the stale loaf out. Put all the other loaves in the trunk."),
        ("Put fasteners such as nuts and bolts in the trunk.", "Put nuts and bolts in the trunk."),
        ("Caps do not belong on a bed!! Trunk, now.", "put all the Caps in the trunk."),
        ("Wet loaves don't go on the sofa. The rack, please!", "put all the Wet loaves in the rack!"),
        ("No corks on the floor! Trunk.", "put all the corks in the trunk."),
        ("Nuts off the chair! Into the trunk, at once.", "put all the Nuts in the trunk."),
        ("My cap has no business on the bed, so rack please.", "put My cap in the rack."),
        ("Fruit, like apples and corks, goes in the trunk.", "Fruit, apples and corks goes in the trunk."),
    ],
)  # fmt: skip
def test_customs_are_requests(said, meant):
    assert " ".join(accustomed(said, NAMES).split()) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Put the cap that is kept in the trunk on the rack.",
        "Tidy up.",
        "Put these away.",
        "We keep caps in the trunk. Bring me the cork.",
        "Put the nut in the trunk but not the bolt.",
        "All but one of the caps go in the trunk.",
        "Bring me something like the cap and the cork.",
        "Put the cap in the trunk, but the cork stays.",
        "Caps don't belong on the bed. Leave them.",
        "Caps don't belong on the bed. Apple.",
        "The cap is not on the bed. Trunk.",
        "the caps on the bed, trunk",
    ],
)
def test_what_is_no_custom_stays(said):
    assert accustomed(said, NAMES) == said


def test_an_exception_that_nothing_here_is_is_left_out():
    assert accustomed("Put the caps in the trunk unless they are torn, in which case bin them.", NAMES) == (
        "Put the caps in the trunk."
    )
