"""The simulated driver keeps every promise of the driver contract; so does a fault wrapper without faults."""

from __future__ import annotations

import numpy as np

from sim.driver import PyBulletDriver
from sim.faults import FaultInjector
from sim.faulty import FaultyDriver
from sim.world import World
from skills.contract import check_driver


def test_pybullet_driver():
    results = check_driver(PyBulletDriver)
    assert len(results) >= 10
    assert all(r.ok for r in results), [r for r in results if not r.ok]


def test_fault_wrapper(tabletop):
    worlds: list[World] = []

    def new() -> FaultyDriver:
        worlds.append(World(tabletop([("red block", 0.5, 0.3)])))
        return FaultyDriver(PyBulletDriver(worlds[-1]), FaultInjector(worlds[-1], [], np.random.default_rng(0)))

    results = check_driver(new)
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    for world in worlds:
        world.close()
