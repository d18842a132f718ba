"""The simulated robot behind the contract: motions, grip, stop, and errors that name things."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from sim.driver import PyBulletDriver
from sim.motion import joint_move
from skills.driver import DriverError, MotionCode
from skills.types import Mode, Pose, Trajectory


@pytest.fixture
def driver():
    d = PyBulletDriver()
    d.connect()
    yield d
    d.close()


def move(driver, delta) -> Trajectory:
    q = np.array(driver.read_state().q)
    return joint_move(driver.describe(), q, q + np.asarray(delta))


def test_describe_works_before_connect_and_nothing_else_does():
    driver = PyBulletDriver()
    assert driver.describe().simulated
    for call in (driver.read_state, driver.wait, lambda: driver.gripper(0, 0.1, 10), driver.recover):
        with pytest.raises(DriverError, match=r"not connected; call connect\(\) first"):
            call()
    driver.stop()
    driver.close()
    driver.close()


def test_connect_moves_nothing_and_ticks_count_control_periods(driver):
    before = driver.read_state()
    assert before.tick == 0
    assert before.mode is Mode.IDLE
    driver.wait(30)
    after = driver.read_state()
    assert after.tick == 30
    assert after.stamp - before.stamp == pytest.approx(0.5)
    assert np.abs(np.subtract(after.q, before.q)).max() < 2e-3


def test_a_trajectory_is_followed_without_blocking(driver):
    motion = move(driver, [0.4, 0.2, 0, 0, 0, 0.1, 0])
    handle = driver.follow(motion)
    assert not handle.done()
    with pytest.raises(DriverError, match="still running"):
        handle.result()
    driver.wait(3)
    assert driver.read_state().mode is Mode.MOVING
    lag = 0.0
    for i in range(3, 400):
        driver.wait()
        if handle.done():
            break
        want = motion.sample((i + 1) / 60)[0]
        lag = max(lag, float(np.abs(np.subtract(driver.read_state().q, want)).max()))
    assert handle.result().ok
    assert lag < 0.01
    assert np.abs(np.subtract(driver.read_state().q, motion.positions[-1])).max() < 0.01
    assert driver.read_state().mode is Mode.IDLE


def test_cancel_brakes_softly(driver):
    handle = driver.follow(move(driver, [0.8, 0, 0, 0, 0, 0, 0]))
    driver.wait(40)
    handle.cancel()
    handle.cancel()
    assert handle.result().code is MotionCode.CANCELLED
    driver.wait(10)
    q = driver.read_state().q
    driver.wait(10)
    assert np.abs(np.subtract(driver.read_state().q, q)).max() < 2e-3


def test_a_new_motion_replaces_the_running_one(driver):
    first = driver.follow(move(driver, [0.5, 0, 0, 0, 0, 0, 0]))
    second = driver.follow(move(driver, [0, 0, 0, 0, 0.2, 0, 0]))
    assert first.result().code is MotionCode.CANCELLED
    driver.wait(200)
    assert second.result().ok


def test_stop_from_another_thread(driver):
    handle = driver.follow(move(driver, [1.5, 0, 0, 0, 0, 0, 0]))

    def later() -> None:
        time.sleep(0.002)
        driver.stop()
        driver.stop()

    thread = threading.Thread(target=later)
    thread.start()
    while not handle.done():
        driver.wait()
    thread.join()
    assert handle.result().code is MotionCode.CANCELLED
    assert driver.read_state().mode is Mode.STOPPED
    driver.wait(12)
    assert np.abs(driver.read_state().dq).max() < 0.02
    with pytest.raises(DriverError, match=r"is stopped; call recover\(\)"):
        driver.follow(move(driver, [0.1] * 7))
    driver.recover()
    assert driver.read_state().mode is Mode.IDLE
    assert driver.follow(move(driver, [0.05] * 7)) is not None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: (t.times, t.positions + 0.2, t.velocities), "starts 0.200 rad away"),
        (lambda t: (t.times, t.positions * np.nan, t.velocities), "not finite"),
        (lambda t: (t.times[::-1], t.positions, t.velocities), "times must rise"),
        (
            lambda t: (t.times, t.positions + np.linspace(0, 9, len(t.times))[:, None], t.velocities),
            "leaves the limits",
        ),
    ],
)
def test_bad_trajectories_are_refused(driver, change, message):
    good = move(driver, [0.3] * 7)
    with pytest.raises(DriverError, match=message):
        driver.follow(Trajectory(good.joint_names, *change(good)))


def test_joints_are_matched_by_name(driver):
    good = move(driver, [0.3] * 7)
    names = tuple(f"other_{n}" for n in good.joint_names)
    with pytest.raises(DriverError, match="this robot has"):
        driver.follow(Trajectory(names, good.times, good.positions, good.velocities))


def test_the_gripper_reports_width_and_stall(make_rig):
    rig = make_rig([("red block", 0.45, -0.1)])
    empty = rig.driver.gripper(0.0, 0.1, 15.0)
    assert empty.reached
    assert not empty.stalled
    assert empty.width < 0.002
    assert rig.driver.read_state().holding is False
    assert rig.driver.gripper(0.08, 0.1, 15.0).reached
    grip = rig.pick("red block", rig.down(0.45, -0.1, 0.02))
    assert grip.stalled
    assert not grip.reached
    assert grip.width == pytest.approx(0.04, abs=0.002)
    state = rig.driver.read_state()
    assert state.holding is True
    assert state.effort == pytest.approx(0.0, abs=0.3)
    for bad in ((0.2, 0.1, 10.0), (0.05, 0.0, 10.0), (0.05, 0.1, float("nan"))):
        with pytest.raises(DriverError, match="gripper"):
            rig.driver.gripper(*bad)


def test_pressing_something_down_is_felt_and_blocked_motion_ends(make_rig):
    rig = make_rig([("red block", 0.45, -0.1)])
    rig.pick("red block", rig.down(0.45, -0.1, 0.02))
    k = rig.kinematics
    down = k.line(rig.q, k.forward(rig.q).moved(dz=-0.16), 0.1, ignore=frozenset(["red block", "table"]))
    handle = rig.driver.follow(down)
    felt = 0.0
    for _ in range(300):
        rig.driver.wait()
        felt = max(felt, rig.driver.read_state().effort)
        if handle.done() or felt > 5.0:
            break
    assert felt > 5.0


def test_an_arm_against_an_obstacle_is_reported(make_rig):
    rig = make_rig([("top drawer", 0.55, 0.0)], top_drawer="receptacle")
    k = rig.kinematics
    rig.go(k.transit(rig.q, k.solutions(rig.down(0.55, 0.2, 0.03), rig.q)[0]))
    into = k.line(rig.q, rig.down(0.55, 0.0, 0.03), 0.3, ignore=frozenset(["top drawer"]))
    result = rig.go(into)
    assert result.code is MotionCode.PATH_TOLERANCE
    assert "something blocks it" in result.detail


@pytest.mark.parametrize(
    ("name", "height", "force"), [("red block", 0.02, 12.0), ("pepsi can", 0.09, 15.0), ("apple", 0.035, 12.0)]
)
def test_scripted_pick_and_place_by_friction(make_rig, name, height, force):
    rig = make_rig([(name, 0.45, -0.2), ("green block", 0.6, 0.1)])
    start = rig.world.pose("green block")
    rig.pick(name, rig.down(0.45, -0.2, height), force)
    assert rig.world.truth().held() == name
    assert rig.world.client.getNumConstraints() == 1
    z = rig.world.bodies[name].shape.size[2] / 2 + 0.003
    rig.place(Pose((0.5, 0.2, z)) @ Pose.from_yaw((0, 0, 0), rig.world.pose(name).yaw))
    x, y, z_end = rig.world.pose(name).position
    assert np.hypot(x - 0.5, y - 0.2) < 0.01
    assert z_end == pytest.approx(z - 0.003, abs=0.002)
    assert rig.world.pose("green block").position == pytest.approx(start.position, abs=1e-3)


def test_a_block_into_a_bowl_and_a_bowl_by_its_rim(make_rig):
    rig = make_rig([("red block", 0.45, -0.2), ("blue bowl", 0.5, 0.15)])
    rig.pick("red block", rig.down(0.45, -0.2, 0.02))
    rig.place(Pose((0.5, 0.15, 0.04)), ignore=frozenset(["blue bowl"]))
    truth = rig.world.truth()
    assert truth.supports("red block") == ("blue bowl",)
    rig.pick("blue bowl", rig.down(0.5, 0.15 - 0.074, 0.045), 20.0, opening=0.035)
    assert rig.world.truth().held() == "blue bowl"
    rig.place(Pose((0.5, -0.2, 0.031)), ignore=frozenset(["red block"]))
    assert rig.world.pose("blue bowl").position == pytest.approx((0.5, -0.2, 0.0275), abs=0.012)
    assert rig.world.truth().supports("red block") == ("blue bowl",)


def test_the_same_episode_twice_is_the_same_to_the_last_bit(make_rig):
    ends = []
    for _ in range(2):
        rig = make_rig([("red block", 0.45, -0.2), ("pepsi can", 0.6, 0.1)])
        rig.pick("red block", rig.down(0.45, -0.2, 0.02))
        rig.place(Pose((0.5, 0.25, 0.023)))
        truth = rig.world.truth()
        ends.append((truth.tick, truth.q, truth.poses["red block"], truth.velocities["red block"]))
    assert ends[0] == ends[1]
