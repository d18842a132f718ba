"""Spots and orders of pushes: geometry that needs no arm."""

from __future__ import annotations

import numpy as np
import pytest

from skills.push_search import _orders, free_spots
from skills.types import Form, Region

RIGHT = Region("right side", (0.3, 0.12), (0.66, 0.36), 0.0)


@pytest.mark.parametrize("form", ["box", "round"])
def test_every_order_ends_at_the_spot(make, form):
    thing = make.thing("chest", Form.BOX, (0.2, 0.14, 0.12), 0.5, -0.2, yaw=0.4) if form == "box" else None
    thing = thing or make.can("can", 0.5, -0.2)
    orders = list(_orders(thing, (0.4, 0.2)))
    assert len(orders) == (2 if form == "box" else 3)  # a round thing straight, or around either corner
    for order in orders:
        assert np.allclose(sum(d * length for d, length in order), (-0.1, 0.4))
        assert all(np.hypot(*d) == pytest.approx(1.0) for d, _ in order)


def test_spots_that_one_push_reaches_come_first(make):
    chest = make.thing("chest", Form.BOX, (0.2, 0.14, 0.12), 0.45, -0.2, yaw=0.1)
    spots = free_spots(make.seen(chest), chest, RIGHT)
    assert len(spots) > 4
    sides = chest.pose_world.rotation()[:2, :2].T
    off = [np.sort(np.abs(sides @ (np.subtract(s, (0.45, -0.2)))))[0] for s in spots]
    assert max(off[:2]) < 1e-6
    assert all(RIGHT.contains(*s) for s in spots)


def test_what_stands_there_is_kept_clear_of(make):
    chest = make.thing("chest", Form.BOX, (0.2, 0.14, 0.12), 0.45, -0.2, yaw=0.1)
    other = make.thing("box", Form.BOX, (0.1, 0.1, 0.1), 0.45, 0.2)
    spots = free_spots(make.seen(chest, other), chest, RIGHT)
    assert all(np.hypot(*np.subtract(s, (0.45, 0.2))) > 0.12 for s in spots)
