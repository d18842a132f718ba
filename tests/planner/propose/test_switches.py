"""Lamps are switched by the button that is wired to them."""

from __future__ import annotations

import pytest

from planner.propose.switches import switched
from skills.state import State
from skills.symbols import GroundAtom


def room(*lamps: str, pressed: tuple[str, ...] = ()) -> State:
    base = {GroundAtom("switches", (f"{n} button", n)) for n in lamps}
    return State(frozenset(base | {GroundAtom("pressed", (f"{n} button",)) for n in pressed}), {}, {})


@pytest.mark.parametrize(
    ("text", "lamps", "pressed", "meant"),
    [
        ("please turn on the light", ("desk lamp",), (), "please press the desk lamp button"),
        ("switch the hall lamp on, go home", ("hall lamp", "desk lamp"), (), "press the hall lamp button, go home"),
        ("turn the desk lamp off", ("desk lamp",), ("desk lamp",), "press the desk lamp button again"),
        ("turn the cup on its side", ("desk lamp",), (), "turn the cup on its side"),
        ("switch the light on", (), (), "switch the light on"),
        ("switch the light on", ("hall lamp", "desk lamp"), (), "switch the light on"),
    ],
)  # fmt: skip
def test_what_is_pressed(text, lamps, pressed, meant) -> None:
    assert switched(text, room(*lamps, pressed=pressed)) == (meant, "")


def test_what_shines_already_is_said() -> None:
    assert switched("turn on the lamp", room("desk lamp", pressed=("desk lamp",))) == (
        "",
        "the desk lamp is on already",
    )
