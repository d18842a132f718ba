"""Which thing, told behind the noun."""

from __future__ import annotations

import pytest

from planner.propose.which import told_which

NAMES = (
    "cracked bowl",
    "whole bowl",
    "garage crate",
    "kitchen crate",
    "sofa",
    "opera record",
    "jazz record",
    "vase",
    "table",
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put the key on the back of the sofa", "put the key on the sofa"),
        ("put the key in the front pocket of the sofa", "put the key in the sofa"),
        ("put the key on whatever the vase is standing on", "put the key where the vase is"),
        ("take the vase you'll find on the table", "take the vase that is on the table"),
        ("take the one that is cracked", "take the cracked bowl"),
        ("take the bowl which is whole.", "take the whole bowl."),
        ("put it in the crate labelled garage", "put it in the garage crate"),
        ("keep the one about jazz for me", "keep the jazz record"),
        ("put everything edible in the box", "put everything that is edible in the box"),
        ("put everything cracked in the box", "put all the cracked things in the box"),
        ("take the things that can hold soup", "take the things to hold soup"),
        ("bring me the tool I need to cut wire", "bring me something to cut wire"),
    ],
)
def test_which_is_meant(said, meant):
    assert told_which(said, NAMES) == meant


@pytest.mark.parametrize(
    "said",
    [
        "put the key on the left side of the table",
        "put the key at the back of the table",
        "take the bowl that is on the table",
        "take the one that is red",
        "put everything else in the crate",
        "put everything in the crate",
        "the crate for the vase",
    ],
)
def test_other_phrases_stay(said):
    assert told_which(said, NAMES) == said


def test_colours_told_by_what_has_them():
    assert told_which("take the cube that's the colour of grass", NAMES) == "take the green cube"
    assert told_which("take the cube with the colour of my heart", NAMES) == "take the cube with the colour of my heart"


def test_whose_it_is_tells_nothing_else():
    names = ("milk", "nora cup", "cup", "box")
    assert told_which("put it in the baby's milk", names) == "put it in the milk"
    assert told_which("Nora's cup goes in my aunt's box", names) == "the nora cup goes in the box"
    assert told_which("the cup's in the box", names) == "the cup's in the box"
    assert told_which("that's milk", names) == "that's milk"
