"""Sides of a thing said in other ways."""

from __future__ import annotations

import pytest

from planner.propose.sides import sided

HERE = ("keyboard", "dinner plate", "book")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put the mouse on the right side of the keyboard", "put the mouse to the right of the keyboard"),
        ("put the mouse on the right-hand side of the keyboard", "put the mouse to the right of the keyboard"),
        ("put the mouse on the right side of the table", None),  # a place of its own
        ("fork on the left of the plate", "fork to the left of the plate"),
        ("put the mouse to the keyboard's left", "put the mouse to the left of the keyboard"),
        ("the pen by the book and the ruler on its right", "the pen by the book and the ruler to the right of it"),
        ("move the cup so that it is right next to the book", "move the cup next to the book"),
        ("leave the cup beside the book", "put the cup beside the book"),
        ("leave the cup beside the book alone", None),
        ("leave the cup next to the book where it is", None),
        ("take the pen and leave it near the book", "take the pen and put it near the book"),
        ("don't put the pen near the book, put it in the cup", "put the pen in the cup"),
        ("keep the pen away from the book. instead, move it to the shelf", "move the pen to the shelf"),
        ("keep the pen away from the book", None),
        ("line up the cups", "put the cups next to each other"),
        ("line the cups up on the shelf", "put the cups next to each other on the shelf"),
        ("arrange the cups in a row on the shelf", "arrange the cups next to each other on the shelf"),
        ("lay the table: fork left of the dinner plate", None),
        ("set the table: fork to the left of the dinner plate", "put fork to the left of the dinner plate"),
    ],
)  # fmt: skip
def test_sides(said, meant):
    assert sided(said, HERE) == (meant or said)
