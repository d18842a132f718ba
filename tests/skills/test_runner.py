from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skills.contract_bench import nudge
from skills.drivers.fake import fake_embodiment
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.runner import Broken, OutOfTicks, Runner
from skills.skill import Follow, Grip, Settle
from skills.symbols import GroundAtom, Literal
from skills.types import Region, Trajectory


@pytest.fixture
def body(make):
    return fake_embodiment([make.block("a", 0.4, 0.1)], [Region("table", (0.2, -0.5), (0.9, 0.5))])


def path(body):
    return nudge(body.driver.describe(), body.driver.read_state())


def test_outcomes_come_back_to_the_controller(body):
    got = []

    def controller():
        got.append((yield Follow(path(body), "turn")))
        got.append((yield Grip(0.02, 10.0, "close")))
        got.append((yield Settle(30)))
        return None

    runner = Runner(body, (), 2000)
    assert runner.run(controller()) is None
    assert got[0].motion.ok
    assert got[1].grip.width == pytest.approx(0.02)
    assert got[2].observation.tick == runner.ticks == body.driver.read_state().tick
    assert [r.kind for r in runner.records] == ["follow", "grip", "settle"]
    assert sum(r.ticks for r in runner.records) == runner.ticks


def test_contact_ends_a_motion_well(body, monkeypatch):
    """The force at the tool rises during the motion: the arm halts there and the controller sees "contact"."""
    fake = body.driver.driver
    real, start = fake.read_state, fake.read_state().tick
    pressed = lambda: 9.0 if fake.world.tick > start + 15 else 1.0  # noqa: E731
    monkeypatch.setattr(fake, "read_state", lambda: replace(real(), effort=pressed()))
    wanted = path(body)
    got = []

    def controller():
        got.append((yield Follow(wanted, "lower", until_contact=True)))

    runner = Runner(body, (), 2000)
    runner.run(controller())
    assert got[0].motion.ok
    assert got[0].motion.detail == "contact"
    assert runner.ticks < 20
    assert abs(got[0].observation.robot.q[3] - wanted.positions[-1][3]) > 0.02


def test_a_robot_that_feels_nothing_just_goes_to_the_end(body, monkeypatch):
    fake = body.driver.driver
    real = fake.read_state
    monkeypatch.setattr(fake, "read_state", lambda: replace(real(), effort=None))

    def controller():
        got = yield Follow(path(body), "lower", until_contact=True)
        assert got.motion.detail == ""

    Runner(body, (), 2000).run(controller())


def test_settling_takes_as_long_as_things_move(body):
    runner = Runner(body, (), 2000)
    runner.settle(120)
    assert runner.ticks == 12
    world = body.driver.driver.world
    stop = world.tick + 40

    def roll():
        if world.tick < stop:
            thing = world.objects["a"]
            world.objects["a"] = replace(thing, pose_world=thing.pose_world.moved(dx=0.001))

    rolling = Runner(body, (), 2000, roll)
    rolling.settle(120)
    assert 40 < rolling.ticks < 70
    stop = world.tick + 1000
    endless = Runner(body, (), 2000, roll)
    endless.settle(60)
    assert endless.ticks == 60


def test_the_controller_is_closed_when_the_budget_ends(body):
    closed = []

    def controller():
        try:
            while True:
                yield Settle(10)
        finally:
            closed.append(True)

    with pytest.raises(OutOfTicks, match="25 ticks"):
        Runner(body, (), 25).run(controller())
    assert closed == [True]


@pytest.mark.parametrize(("feels", "broken"), [(True, False), (None, False), (False, True)])
def test_a_thing_that_is_seen_too_slowly_is_not_lost_but_for_the_fingers(body, monkeypatch, feels, broken):
    """Perception that takes 10 ticks sees the thing where the moving hand was: the fingers tell whether it is held."""
    holding = Literal(GroundAtom("holding", ("a",)))
    fake, real = body.driver.driver, body.driver.driver.read_state
    monkeypatch.setattr(fake, "read_state", lambda: replace(real(), holding=feels, gripper_width=0.04))
    looks = body.perception.objects

    def slow():
        fake.wait(10)
        return looks()

    monkeypatch.setattr(body.perception, "objects", slow)

    def controller():
        q = np.array(real().q)
        goal = q + np.array([0.3, 0.0, 0.0, 0.0])
        s = np.linspace(0, 1, 20)[:, None]
        smooth = 10 * s**3 - 15 * s**4 + 6 * s**5
        speed = (30 * s**2 - 60 * s**3 + 30 * s**4) * (goal - q) / 1.0
        yield Follow(Trajectory(FAKE_SPEC.joint_names, s[:, 0], q + smooth * (goal - q), speed), "carry")

    runner = Runner(body, (holding,), 2000)
    if broken:
        with pytest.raises(Broken, match="no longer so: holding"):
            runner.run(controller())
    else:
        runner.run(controller())
