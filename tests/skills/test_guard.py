from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skills.boxes import Box, Zones
from skills.contract_bench import nudge
from skills.driver import ConsentError, DriverError, LinkLost, MotionCode
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC, FakeKinematics
from skills.drivers.fake_world import FakeWorld
from skills.guard import Guard, GuardLimits, consent_phrase
from skills.types import Mode, Trajectory


@pytest.fixture
def guard():
    g = Guard(FakeDriver(), FakeKinematics())
    g.connect()
    return g


def good(guard) -> Trajectory:
    return nudge(guard.describe(), guard.read_state())


def run(guard, motion):
    while not motion.done():
        guard.wait(1)
    return motion.result()


def test_a_good_motion_passes_unchanged_and_is_logged(guard):
    path = good(guard)
    assert run(guard, guard.follow(path)).ok
    sent = guard.log[-1]
    assert sent.kind == "follow"
    assert np.array_equal(sent.trajectory.positions, path.positions)
    assert sent.clamped == 0.0


def spoiled(path: Trajectory, what: str) -> Trajectory:
    p, v, t = path.positions.copy(), path.velocities.copy(), path.times.copy()
    if what == "nan":
        p[2, 1] = np.nan
    elif what == "inf velocity":
        v[2, 1] = np.inf
    elif what == "jump":
        p = p + 0.2
    elif what == "limit":
        p[-1, 0] = 1.2
    elif what == "degrees":
        p = p.copy()
        p[:, 3] = np.linspace(p[0, 3], 90.0, len(t))
    elif what == "fast":
        t = t / 50
    elif what == "jerky":
        v[5, 3] = 2.0
        v[6, 3] = -2.0
    elif what == "times":
        t = t * 0
    elif what == "names":
        return replace(path, joint_names=("a", "b", "c", "d"))
    return replace(path, positions=p, velocities=v, times=t)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("nan", "not finite"),
        ("inf velocity", "not finite"),
        ("jump", "the robot stands at"),
        ("limit", "position limits of joint x"),
        ("degrees", "radians and metres"),
        ("fast", "velocity limit of joint yaw"),
        ("jerky", "acceleration limit of joint yaw"),
        ("times", "rise strictly"),
        ("names", "is for joints"),
    ],
)
def test_bad_trajectories_are_refused_and_logged(guard, what, words):
    with pytest.raises(DriverError, match=words):
        guard.follow(spoiled(good(guard), what))
    assert words in guard.log[-1].refused
    assert guard.read_state().mode is Mode.IDLE


def test_rounding_beyond_a_limit_is_clamped_and_recorded(guard):
    q = list(guard.read_state().q)
    driver = guard.driver
    driver._q = np.array([FAKE_SPEC.upper[0] - 0.01, *q[1:]])
    path = good(guard)
    positions = path.positions.copy()
    positions[:, 0] += np.linspace(0, 0.0105, len(positions))
    guard.follow(replace(path, positions=positions))
    sent = guard.log[-1]
    assert 0 < sent.clamped <= 0.001
    assert sent.trajectory.positions[:, 0].max() <= FAKE_SPEC.upper[0]


def test_speed_scale_slows_the_limit(guard):
    slow = Guard(guard.driver, limits=GuardLimits(speed_scale=0.05))
    with pytest.raises(DriverError, match="slow it down"):
        slow.follow(good(guard))


def test_workspace_box(guard):
    spec = replace(FAKE_SPEC, workspace=((0.3, -0.1, 0.4), (0.5, 0.1, 0.6)))
    small = Guard(FakeDriver(spec=spec), FakeKinematics(spec=spec))
    small.connect()
    q = np.asarray(small.read_state().q)
    goal = q + np.array([0.0, 0.2, 0.0, 0.0])
    way = FakeKinematics()._timed([q, goal], 0.2)
    with pytest.raises(DriverError, match="workspace"):
        small.follow(way)


@pytest.mark.parametrize("mode", [Mode.STOPPED, Mode.PROTECTIVE, Mode.EMERGENCY])
def test_no_motion_while_stopped(guard, mode):
    guard.driver.enter(mode)
    with pytest.raises(DriverError, match="recover"):
        guard.follow(good(guard))
    with pytest.raises(DriverError, match="recover"):
        guard.gripper(0.05, 0.1, 10)
    if mode is Mode.EMERGENCY:
        with pytest.raises(DriverError, match="person"):
            guard.recover()
    else:
        guard.recover()
        assert run(guard, guard.follow(good(guard))).ok


def test_a_second_motion_while_moving_is_refused(guard):
    motion = guard.follow(good(guard))
    guard.wait(3)
    with pytest.raises(DriverError, match="is moving"):
        guard.follow(good(guard))
    assert run(guard, motion).ok


def test_gripper_limits(guard):
    with pytest.raises(DriverError, match="outside"):
        guard.gripper(0.2, 0.1, 10)
    with pytest.raises(DriverError, match="not finite"):
        guard.gripper(float("nan"), 0.1, 10)
    assert guard.gripper(0.0, 9.0, 1e6).reached
    assert "0.100 m/s, 70.0 N" in guard.log[-1].detail


class FrozenClock(FakeDriver):
    """A robot whose readings stand still."""

    def read_state(self):
        return replace(super().read_state(), stamp=1.0, tick=5)


def test_stale_readings_stop_the_robot():
    guard = Guard(FrozenClock())
    guard.connect()
    guard.follow(nudge(guard.describe(), guard.read_state()))
    with pytest.raises(DriverError, match="stale state"):
        guard.wait(100)
    assert guard.read_state().mode is Mode.STOPPED
    assert guard.log[-1].kind == "stop"


class Liar(FakeDriver):
    """Readings that are not numbers."""

    def read_state(self):
        state = super().read_state()
        return replace(state, q=(float("nan"), *state.q[1:]))


def test_readings_must_be_finite():
    guard = Guard(Liar())
    guard.connect()
    with pytest.raises(DriverError, match="not finite"):
        guard.read_state()


def test_a_real_robot_needs_consent():
    spec = replace(FAKE_SPEC, name="lab arm", simulated=False)
    for consent in (None, "yes", "move other arm"):
        guard = Guard(FakeDriver(spec=spec), consent=consent)
        guard.connect()
        path = nudge(spec, guard.read_state())
        with pytest.raises(ConsentError, match="'move lab arm'"):
            guard.follow(path)
        with pytest.raises(ConsentError):
            guard.gripper(0.05, 0.1, 10)
        guard.stop()
    guard = Guard(FakeDriver(spec=spec), consent=consent_phrase(spec))
    guard.connect()
    assert run(guard, guard.follow(nudge(spec, guard.read_state()))).ok


def test_the_log_is_bounded():
    guard = Guard(FakeDriver(FakeWorld({}, {})), limits=GuardLimits(log=5))
    guard.connect()
    for _ in range(20):
        guard.stop()
    assert len(guard.log) == 5


def boxed(**limits) -> Guard:
    g = Guard(FakeDriver(), FakeKinematics(), GuardLimits(**limits))
    g.connect()
    return g


def across(guard, way: float) -> Trajectory:
    """The gantry's x slide by ``way`` [m] in two seconds."""
    q = np.asarray(guard.read_state().q)
    s = np.linspace(0, 1, 41)[:, None]
    step = np.array([way, 0.0, 0.0, 0.0])
    smooth, speed = 3 * s**2 - 2 * s**3, (6 * s - 6 * s**2) / 2
    return Trajectory(guard.describe().joint_names, 2 * s[:, 0], q + smooth * step, speed * step)


def test_keep_out_boxes_are_never_entered_not_even_in_between():
    thin = Zones(
        keep_out={"the glass wall": Box((0.5, -1, 0), (0.52, 1, 1))}
    )  # thinner than the path's points are apart
    guard = boxed(zones=thin)
    with pytest.raises(DriverError, match="keep-out box 'the glass wall'"):
        guard.follow(across(guard, 0.4))
    assert run(guard, guard.follow(across(guard, 0.05))).ok


def test_a_workspace_of_ones_own_is_narrower_than_the_robots():
    guard = boxed(zones=Zones(Box((0.3, -0.2, 0.3), (0.5, 0.2, 0.6))))
    with pytest.raises(DriverError, match="leaves the workspace"):
        guard.follow(across(guard, 0.2))
    assert run(guard, guard.follow(across(guard, 0.05))).ok


def test_boxes_without_kinematics_are_refused_rather_than_ignored():
    guard = Guard(FakeDriver(), None, GuardLimits(zones=Zones(keep_out={"wall": Box((0, 0, 0), (1, 1, 1))})))
    guard.connect()
    with pytest.raises(DriverError, match="only with kinematics"):
        guard.follow(good(guard))


def test_the_pace_slows_every_motion_and_the_fingers():
    guard = boxed(pace=0.25)
    path = across(guard, 0.2)
    guard.follow(path)
    sent = guard.log[-1].trajectory
    assert sent.duration == pytest.approx(4 * path.duration)
    assert np.max(np.abs(sent.velocities)) == pytest.approx(np.max(np.abs(path.velocities)) / 4)
    guard.wait(600)
    guard.gripper(0.02, 0.1, 10.0)
    assert guard.log[-1].numbers == pytest.approx((0.02, 0.025, 10.0))


def test_after_a_lost_link_nothing_more_is_sent_until_connect():
    driver, told = FakeDriver(), []
    guard = Guard(driver, FakeKinematics(), journal=told.append)
    guard.connect()
    motion = guard.follow(across(guard, 0.2))
    guard.wait(5)
    driver.sever()
    with pytest.raises(LinkLost):
        guard.wait(1)
    assert motion.result().code is MotionCode.LOST_LINK
    driver._severed = False  # the cable is back, nobody has said so
    before = len(told)
    for action in (lambda: guard.follow(across(guard, 0.0)), lambda: guard.gripper(0.0, 0.1, 5.0), guard.recover):
        with pytest.raises(LinkLost):
            action()
    assert len(told) == before
    guard.close()
    guard.connect()
    guard.recover()
    assert run(guard, guard.follow(across(guard, 0.05))).ok


def test_a_real_robot_leaves_a_protective_stop_only_when_a_person_says_so():
    driver = FakeDriver(spec=replace(FAKE_SPEC, name="lab arm", simulated=False))
    asked, answers = [], [False, True]

    def person(question):
        asked.append(question)
        return answers.pop(0)

    alone, attended = Guard(driver, consent="move lab arm"), Guard(driver, consent="move lab arm", approve=person)
    attended.connect()
    driver.enter(Mode.PROTECTIVE)
    with pytest.raises(DriverError, match="a person must clear the cause"):
        alone.recover()
    with pytest.raises(DriverError, match="a person must clear the cause"):
        attended.recover()
    attended.recover()
    assert attended.read_state().mode is Mode.IDLE
    assert len(asked) == 2
    assert "protective" in asked[0]
    attended.stop()
    alone.recover()  # an ordinary stop by the program itself


def test_a_locked_guard_lets_nothing_move_and_says_why():
    guard = Guard(FakeDriver(), locked="this is a dry run")
    guard.connect()
    for action in (lambda: guard.follow(good(guard)), lambda: guard.gripper(0.0, 0.1, 5.0)):
        with pytest.raises(DriverError, match="this is a dry run"):
            action()
    assert guard.read_state().q == FAKE_SPEC.home


def test_the_journal_hears_commands_refusals_and_ends():
    told = []
    guard = Guard(FakeDriver(), FakeKinematics(), journal=told.append)
    guard.connect()
    run(guard, guard.follow(good(guard)))
    guard.gripper(0.0, 0.1, 5.0)
    with pytest.raises(DriverError):
        guard.gripper(3.0, 0.1, 5.0)
    guard.stop()
    assert [s.kind for s in told] == ["connect", "follow", "end", "gripper", "gripped", "gripper", "stop"]
    assert told[1].state.q == FAKE_SPEC.home
    assert told[2].detail == "ok"
    assert told[5].refused
