"""The ROS 2 driver: without ROS, and against a node of ours in another process (``make peers``, environment ros)."""

from __future__ import annotations

import os
import sys
import threading
import time

import numpy as np
import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost, MotionCode
from skills.driver_config import ConfigError, make_driver
from skills.drivers.ros2 import Ros2Driver
from skills.guard import Guard, GuardLimits
from tests.peers.start import arm_options, ros2_peer
from tests.skills.drivers.ros_bench import CONSENT, connected, ended, staged

DOMAIN = 20 + os.getpid() % 80


def test_the_configuration_is_strict():
    for change, said in (
        ({"topics": {"comand": "/x"}}, "did you mean 'command'"),
        ({"topics": {"gripper_joint": "finger"}}, "both or none"),
        ({"arm": {**arm_options()["arm"], "upper": [180.0] * 6, "lower": [-180.0] * 6}}, "degrees"),
        ({"arm": {**arm_options()["arm"], "home": [0.0]}}, "home: 1 values for 6 joints"),
    ):
        with pytest.raises(ConfigError, match=said):
            make_driver(Ros2Driver, {**arm_options(), **change})


def test_without_ros_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "rclpy", None)
    with pytest.raises(DriverError, match="source your ROS 2"):
        make_driver(Ros2Driver, arm_options()).connect()


@pytest.fixture(scope="module")
def peer():
    pytest.importorskip("rclpy", reason="no ROS 2 in this environment: run with that of make peers")
    with ros2_peer(DOMAIN) as running:
        yield running


@pytest.fixture
def arm(peer):
    with connected(Ros2Driver, arm_options(domain=DOMAIN)) as driver:
        yield Guard(driver, limits=GuardLimits(stale_ticks=90), consent=CONSENT, approve=lambda question: True)


@pytest.mark.peer
@pytest.mark.slow
def test_the_contract_holds(peer):
    results = check_driver(staged(Ros2Driver, peer), CONSENT, arm_options(domain=DOMAIN))
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    assert [r.name for r in results if r.verdict is Verdict.SKIP] == ["unreachable host is said"]  # it names no host


@pytest.mark.peer
@pytest.mark.slow
def test_the_other_joints_are_named(peer):
    options = arm_options(domain=DOMAIN)
    options["arm"] = {**options["arm"], "joint_names": ["shoulder", "upper", "elbow", "forearm", "wrist", "hand"]}
    with pytest.raises(DriverError, match=r"no joint hand; it has: shoulder, .*finger"):
        make_driver(Ros2Driver, options).connect()


@pytest.mark.peer
@pytest.mark.slow
def test_nobody_in_the_domain():
    pytest.importorskip("rclpy", reason="no ROS 2 in this environment: run with that of make peers")
    driver = make_driver(Ros2Driver, arm_options(domain=DOMAIN + 1))
    with pytest.raises(DriverError, match="no message on /joint_states"):
        driver.connect()
    with pytest.raises(DriverError, match="not connected"):
        driver.read_state()


@pytest.mark.peer
@pytest.mark.slow
def test_a_robot_that_does_not_move_is_off_its_path(arm, peer):
    arm.driver.tolerances = type(arm.driver.tolerances)(path=0.05)
    path = nudge(arm.describe(), arm.read_state(), share=0.05, size=0.3)
    motion = arm.follow(path)
    arm.wait(20)
    peer.tell("")  # as if a person held it: the peer's controller forgets the trajectory
    assert ended(arm, motion).code is MotionCode.PATH_TOLERANCE
    assert "off the path" in motion.result().detail


@pytest.mark.peer
@pytest.mark.slow
def test_a_thing_is_held_air_is_not():
    pytest.importorskip("rclpy", reason="no ROS 2 in this environment: run with that of make peers")
    with ros2_peer(DOMAIN + 2, "--thing", "0.05"), connected(Ros2Driver, arm_options(domain=DOMAIN + 2)) as driver:
        assert driver.gripper(0.08, 0.1, 10.0).reached
        got = driver.gripper(0.0, 0.1, 10.0)
        assert got.stalled
        assert got.width == pytest.approx(0.05, abs=0.002)
        assert driver.read_state().holding is True
        assert driver.gripper(0.08, 0.1, 10.0).reached
        assert driver.read_state().holding is False


@pytest.mark.peer
@pytest.mark.slow
def test_a_killed_node_is_reported_and_nothing_more_is_sent():
    rclpy = pytest.importorskip("rclpy", reason="no ROS 2 in this environment: run with that of make peers")
    from trajectory_msgs.msg import JointTrajectory

    heard = []
    with ros2_peer(DOMAIN + 3) as running:
        context = rclpy.context.Context()
        rclpy.init(context=context, domain_id=DOMAIN + 3)
        spy = rclpy.create_node("spy", context=context)
        spy.create_subscription(JointTrajectory, "/arm/joint_trajectory", heard.append, 10)
        executor = rclpy.executors.SingleThreadedExecutor(context=context)
        executor.add_node(spy)
        driver = make_driver(Ros2Driver, arm_options(domain=DOMAIN + 3))
        driver.connect()
        motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.02))
        for _ in range(30):
            executor.spin_once(timeout_sec=0.02)
        assert len(heard) == 1
        running.kill()
        began = time.monotonic()
        with pytest.raises(LinkLost):
            driver.wait(600)
        assert time.monotonic() - began < 0.5
        assert motion.result().code is MotionCode.LOST_LINK
        for action in (lambda: driver.follow(motion.trajectory), lambda: driver.gripper(0.0, 0.1, 5.0), driver.recover):
            with pytest.raises(LinkLost):
                action()
        motion.cancel()
        driver.stop()
        for _ in range(20):
            executor.spin_once(timeout_sec=0.02)
        assert len(heard) == 1
        driver.close()
        executor.shutdown()
        spy.destroy_node()
        context.try_shutdown()


@pytest.mark.peer
@pytest.mark.slow
def test_commanded_and_measured_agree(arm):
    path = nudge(arm.describe(), arm.read_state(), size=0.5)
    motion = arm.follow(path)
    worst = 0.0
    began = time.monotonic()
    while not motion.done():
        arm.wait(1)
        planned = path.sample(time.monotonic() - began)[0]
        worst = max(worst, float(np.max(np.abs(planned - arm.read_state().q))))
    assert motion.result().ok
    assert worst < 0.15  # the lag of the simulated joints and of a busy machine


@pytest.mark.peer
@pytest.mark.slow
def test_opened_and_closed_fifty_times_nothing_is_left_behind(peer):
    driver = make_driver(Ros2Driver, arm_options(domain=DOMAIN))
    driver.silence = 1.5
    files, threads = [], set(threading.enumerate())
    for i in range(50):
        driver.connect()
        if i % 3 == 0:
            driver.follow(nudge(driver.describe(), driver.read_state(), share=0.05))
        driver.wait(2)
        driver.close()
        files.append(len(os.listdir("/proc/self/fd")))
    assert files[-1] <= files[4] + 2, files
    assert set(threading.enumerate()) <= threads
