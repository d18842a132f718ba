"""The speed measurement measures what it says (no speed is asserted)."""

from __future__ import annotations

import pytest

from sim.speed import THINGS, measure, tabletop


def test_measure_counts_simulated_time():
    speed = measure(THINGS[:2], seconds=1.0)
    assert speed.things == 2
    assert 1.0 <= speed.simulated_s < 4.0
    assert speed.factor == pytest.approx(speed.simulated_s / speed.cpu_s)
    assert speed.step_us == pytest.approx(1e6 / 240 / speed.factor)


def test_things_stand_apart(make_world):
    from sim.world import World

    with World(tabletop()) as world:
        world.step(60)
        assert all(world.truth().touching(name).keys() == {"table"} for name in world.bodies)
