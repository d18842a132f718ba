"""Orders that begin without a stop before them."""

from __future__ import annotations

import pytest

from planner.propose.stops import stopped


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("bring the cups never touch the vase", "bring the cups. never touch the vase"),
        ("empty the tray leave the spoon where it is", "empty the tray. leave the spoon where it is"),
        ("move the sweets to the pot keep the mints out of it", "move the sweets to the pot. keep the mints out of it"),
        ("Give me the forks Don't move the big one", "Give me the forks. Don't move the big one"),
        ("the rope has to be cut please bring me something", "the rope has to be cut. please bring me something"),
    ],
)
def test_a_stop_is_put_in(said: str, meant: str) -> None:
    assert stopped(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "fetch the cups that you never use",
        "put the cups in the box and leave the spoon where it is",
        "please don't touch the vase",
        "you should leave the spoon there",
        "could you please bring me something to drink",
    ],
)
def test_what_goes_on_is_left_alone(said: str) -> None:
    assert stopped(said) == said
