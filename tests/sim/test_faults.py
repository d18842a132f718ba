"""Declared faults happen when and as declared."""

from __future__ import annotations

import numpy as np
import pytest

from sim.faults import Fault, FaultInjector, FaultKind, When, parse_fault
from sim.world import World


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def test_a_bump_moves_a_thing_at_its_tick(make_world):
    world = make_world([("red block", 0.5, 0.0), ("pepsi can", 0.6, 0.3)])
    faults = FaultInjector(world, [Fault(FaultKind.BUMP, at=10, size=0.06, thing="red block")], rng())
    world.step(36)
    assert world.pose("red block").position[:2] == pytest.approx((0.5, 0.0), abs=1e-4)
    world.step(200)
    moved = np.hypot(*np.subtract(world.pose("red block").position[:2], (0.5, 0.0)))
    assert 0.02 < moved < 0.12
    assert world.pose("pepsi can").position[:2] == pytest.approx((0.6, 0.3), abs=2e-3)
    assert faults.log == [(10, FaultKind.BUMP, "red block")]


def test_somebody_moves_a_drawn_thing_when_the_second_skill_starts(make_world):
    ends = []
    for _ in range(2):
        world = make_world([("red block", 0.5, 0.0), ("green block", 0.6, 0.3)])
        faults = FaultInjector(world, [Fault(FaultKind.MOVE, When.SKILL, at=1, size=0.1)], rng())
        faults.skill_starts()
        assert faults.log == []
        faults.skill_starts()
        ends.append([(tick, kind, thing) for tick, kind, thing in faults.log])
        thing = faults.log[0][2]
        start = {"red block": (0.5, 0.0), "green block": (0.6, 0.3)}[thing]
        moved = np.hypot(*np.subtract(world.pose(thing).position[:2], start))
        assert moved == pytest.approx(0.1, abs=1e-3)
    assert ends[0] == ends[1]  # the same seed draws the same


def test_the_grip_slips_while_carrying(make_rig):
    rig = make_rig([("red block", 0.45, -0.1)])
    faults = FaultInjector(rig.world, [Fault(FaultKind.SLIP, When.CARRYING, at=5, ticks=40)], rng())
    rig.pick("red block", rig.down(0.45, -0.1, 0.02), up=0.1)
    rig.driver.wait(60)
    assert [(k, n) for _, k, n in faults.log] == [(FaultKind.SLIP, "red block")]
    assert rig.world.truth().held() is None
    assert rig.driver.read_state().holding is False
    assert rig.world.pose("red block").position[2] < 0.03
    rig.driver.gripper(0.08, 0.1, 15)
    x, y, _ = rig.world.pose("red block").position
    rig.pick("red block", rig.down(x, y, 0.02, rig.world.pose("red block").yaw))  # the fingers are strong again
    assert rig.world.truth().held() == "red block"


def test_a_slip_at_a_tick_ends_after_its_time(tabletop):
    with World(tabletop([("pepsi can", 0.5, 0.0)], holding="pepsi can")) as world:
        faults = FaultInjector(world, [Fault(FaultKind.SLIP, at=5, ticks=10)], rng())
        world.step(16)
        assert world.truth().held() == "pepsi can"
        world.step(60)
        assert world.truth().held() is None
        assert not faults.on(FaultKind.SLIP)


def test_close_ends_everything(make_world):
    world = make_world([("red block", 0.5, 0.0)])
    faults = FaultInjector(world, [Fault(FaultKind.BUMP, at=3, thing="red block")], rng())
    faults.close()
    world.step(40)
    assert faults.log == []


def test_declarations_are_read_strictly():
    fault = parse_fault({"kind": "slip", "when": "carrying", "at": 30, "ticks": 20})
    assert fault == Fault(FaultKind.SLIP, When.CARRYING, 30, 20)
    for row, message in (
        ({"kind": "slide"}, "no kind 'slide'; known: slip"),
        ({"kind": "slip", "wen": "tick"}, "unknown key 'wen'; did you mean 'when'"),
        ({"when": "tick"}, "a kind is needed"),
        ({"kind": "slip", "at": -1}, "must not be negative"),
    ):
        with pytest.raises(ValueError, match=message):
            parse_fault(row)


def test_an_unknown_thing_is_named(make_world):
    world = make_world([("red block", 0.5, 0.0)])
    with pytest.raises(KeyError, match="no object 'cup'; present: red block"):
        FaultInjector(world, [Fault(FaultKind.BUMP, thing="cup")], rng())
