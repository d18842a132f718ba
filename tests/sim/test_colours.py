"""Colour words and deterministic colours."""

from __future__ import annotations

import pytest

from sim.colours import COLOURS, colour_from, find_colour, shade, varied


def test_enough_names_and_all_are_colours():
    assert len(COLOURS) >= 25
    assert all(len(rgb) == 3 and all(0 <= c <= 1 for c in rgb) for rgb in COLOURS.values())


def test_shades_lighten_and_darken():
    assert sum(shade(COLOURS["blue"], "light")) > sum(COLOURS["blue"]) > sum(shade(COLOURS["blue"], "dark"))
    assert find_colour(("light", "blue", "bowl")) == ("light blue", shade(COLOURS["blue"], "light"))
    assert find_colour(("the", "red", "one")) == ("red", COLOURS["red"])
    assert find_colour(("plain", "bowl")) is None


def test_colours_from_text_are_stable_and_differ():
    assert colour_from("zorblax") == colour_from("zorblax")
    assert colour_from("zorblax") != colour_from("quux")
    assert colour_from("zorblax") == pytest.approx((0.4189, 0.3746, 0.7089), abs=0.01)  # same in every process


@pytest.mark.parametrize("base", ["white", "gray", "red", "black"])
def test_variants_stay_in_range(base):
    for text in ("old", "new", "left", "third"):
        assert all(0 <= c <= 1 for c in varied(COLOURS[base], text))
    assert varied(COLOURS[base], "old") != varied(COLOURS[base], "second")
