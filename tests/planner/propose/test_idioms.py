"""Idioms for single deeds."""

from __future__ import annotations

import pytest

from planner.propose.idioms import idiomatic


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("close your fingers around the rope", "pick up the rope"),
        ("get a grip on the jar", "pick up the jar"),
        ("put any and all cups on the shelf", "put all the cups on the shelf"),
        ("the whole set of pans goes there", "all the pans goes there"),
        ("let me have a fork", "bring me a fork"),
        ("do away with the box", "throw away the box"),
        ("unstack the cup from the plate", "take the cup off the plate"),
        ("bring the jar to its former place", "bring the jar to where it was"),
        ("every fork you can find goes in the tray", "every fork goes in the tray"),
        ("take everything off the tray and put it all in the box", "put everything that is on the tray in the box"),
        ("the vase would look nicer on the shelf", "put the vase on the shelf"),
        ("what could you bring me to read", "bring me something to read"),
        ("throw away anything that has expired", "throw away anything that is expired"),
        ("fetch all but the green pear", "fetch everything except the green pear"),
        ("everything which isn't sharp goes in the tray", "put everything that is not sharp in the tray"),
        ("make some room on the desk by moving the lamp", "start moving the lamp"),
        ("I feel like just one biscuit", "bring me one biscuit"),
        ("move the cup over to the shelf", "move the cup to the shelf"),
        ("hand me something sour, anything but the lemon", "hand me something sour except the lemon"),
        ("tidy up here according to our rules", "tidy up here as our rules say"),
        ("make sure the saw stays where it is", "leave the saw alone"),
        ("my saw must stay put", "leave my saw alone"),
        ("pass anything purple over", "pass me something purple"),
        ("put as many of the cups as possible in the box", "put all the cups in the box"),
        ("load as many jars as will fit into the bag", "load all the jars into the bag"),
        ("take the jars, but skip the small jar, and rinse", "take the jars, but leave the small jar alone, and rinse"),
        ("put the mugs on the left half", "put the mugs on the left side"),
        ("clean up by stacking the plates", "start stacking the plates"),
        ("fetch the ingredients for an omelette", "fetch things to make a omelette"),
        ("The bin is already full. So put the peel in the sink", "put the peel in the sink"),
        ("find a jar for the buttons and put them in it", "put the buttons in a jar"),
        ("the tray should hold only forks", "take everything except the forks off the tray"),
        ("leave only the lamp on the desk", "take everything except the lamp off the desk"),
        ("sort them by kind: pens left, caps right", "pens left, caps right"),
        ("take everything off the tray that isn't sharp", "take everything that is not sharp off the tray"),
        ("get the tray ready by putting a cup on it", "start putting a cup on the tray"),
        ("be careful with the vase and put it on the shelf", "put the vase on the shelf"),
        ("put whatever cup is clean on the tray", "put the cup that is clean on the tray"),
        ("put the red cube underneath the tan cube", "put the tan cube on the red cube"),
        ("put the rug under the lamp", "put the rug under the lamp"),
        ("hand me two different cups", "hand me two cups"),
        ("where should my scarf go? Please put it there", "put my scarf where it belongs"),
        ("I'll need the saw later, so keep it handy", "leave the saw alone"),
        (
            "fetch me the jar, or if there's no jar, a tin",
            "if there is a jar, fetch me the jar, otherwise fetch me a tin",
        ),
        ("begin with the mug in the sink, then the cup", "put the mug in the sink, then the cup"),
        ("Which tin is the heaviest? Put that one on the left", "Put the heaviest tin on the left"),
        ("use the pliers to move the bolt to the tray", "move the bolt to the tray"),
        ("the desk is a bit messy, please tidy it up", "clear the desk"),
        ("put the lamp next to... actually, just put it in the box", "put the lamp in the box"),
        ("put the cap to the desk's left side", "put the cap to the left side"),
        ("make the tray empty", "take everything out of the tray"),
        ("There's too much stuff on the tray, so take the cup out", "take the cup from the tray"),
        ("Mugs on the tray. The jug I still need.", "Mugs on the tray. leave The jug alone."),
        ("clear the desk, but the lamp I'll need tonight", "clear the desk, but leave the lamp alone"),
        ("pack the tools. My saw I am still using!", "pack the tools. leave My saw alone!"),
        ("the rag I'm not done with. The rest goes away", "leave the rag alone. The rest goes away"),
        ("Take the rake back to the usual spot", "put the rake in the usual spot"),
        ("please bring my pans to their proper place", "please put my pans in their proper place"),
        ("lift the drum and carry it back to its normal home", "lift the drum and put it in its normal home"),
        ("put anything red in the box", "put all the red things in the box"),
    ],
)
def test_said_plainly(said: str, meant: str) -> None:
    assert idiomatic(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "The bin is full. Empty it",
        "the tray has only forks",
        "leave just one fork on the tray",
        "fetch anything edible",
        "tell me what you can find in the box",
        "the saw stays in the box",
        "bring the saw to the usual place for saws",
        "bring me the saw I still need",
        "the pen I still need, put it on the desk",
        "let go",
    ],
)
def test_other_sentences_are_left_alone(said: str) -> None:
    assert idiomatic(said) == said
