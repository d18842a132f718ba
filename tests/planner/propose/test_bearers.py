"""What a thing is to lie on, told by what it is like."""

from __future__ import annotations

import pytest

from planner.propose.bearers import borne
from planner.propose.lookup import open_lookup

LOOKUP = open_lookup()
HERE = ("light bulb", "pillow", "brick", "wine glass", "glass jar")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "Lay the light bulb on something soft so it stays whole.",
            "Lay the light bulb on the pillow so it stays whole.",
        ),
        ("put the wine glass onto a nice soft surface, please", "put the wine glass onto the pillow, please"),
        ("set the pillow next to something heavy", "set the pillow next to the brick"),
        ("rest the brick on something that is really fluffy", "rest the brick on the pillow"),
        (
            "move the pillow on top of something rough and come back",
            "move the pillow on top of the brick and come back",
        ),
    ],
)
def test_the_one_that_is_so_is_named(said: str, meant: str) -> None:
    assert borne(said, HERE, LOOKUP) == meant


@pytest.mark.parametrize(
    "said",
    [
        "put the brick on something fragile",  # several are
        "put the brick on something edible",  # none is
        "put the pillow on something soft",  # but itself
        "put the brick on something else",
        "bring me something soft",
        "put something soft on the brick",
    ],
)
def test_else_it_is_asked(said: str) -> None:
    assert borne(said, HERE, LOOKUP) == said
