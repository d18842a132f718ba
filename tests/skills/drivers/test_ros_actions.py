"""FollowJointTrajectory and GripperCommand: by rclpy with action servers in another process (``make peers``), and
through a rosbridge server of ours, as ROS 1 and as ROS 2 have them."""

from __future__ import annotations

import importlib.util
import os
import sys

import numpy as np
import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, MotionCode
from skills.driver_config import ConfigError, make_driver
from skills.drivers.ros2 import Ros2Driver
from skills.drivers.ros_actions import ActionEnd, Goal, Knots, Outcome, PathGoal
from skills.drivers.ros_arm import RosTopics, Tolerances
from skills.drivers.rosbridge import RosbridgeDriver
from skills.drivers.rosbridge_actions import path_goal
from skills.types import Mode
from tests.peers.start import action_options, ros2_peer, rosbridge_peer
from tests.skills.drivers.ros_bench import CONSENT, connected, ended, staged

DOMAIN = 110 + os.getpid() % 80
WAYS = ("rclpy", "rosbridge 2", "rosbridge 1")


@pytest.mark.parametrize(
    ("end", "code", "words"),
    [
        (ActionEnd(Outcome.SUCCEEDED), MotionCode.OK, ""),
        (ActionEnd(Outcome.SUCCEEDED, -4), MotionCode.PATH_TOLERANCE, "path tolerance"),
        (
            ActionEnd(Outcome.ABORTED, -5, "0.1 away"),
            MotionCode.GOAL_TOLERANCE,
            "aborted: goal tolerance violated: 0.1",
        ),
        (ActionEnd(Outcome.ABORTED, -2), MotionCode.LIMIT, "invalid joints"),
        (ActionEnd(Outcome.ABORTED, -77), MotionCode.LIMIT, "error -77"),
        (ActionEnd(Outcome.REFUSED, detail="busy"), MotionCode.LIMIT, "refused: busy"),
        (ActionEnd(Outcome.CANCELLED), MotionCode.CANCELLED, "gave it up"),
    ],
)
def test_ends_of_actions_become_results(end, code, words):
    result = end.motion()
    assert result.code is code
    assert words in result.detail


def test_a_cancellation_before_the_controller_has_the_goal_is_made_up_for():
    ends, undone = [], []
    goal = Goal(ends.append)
    goal.cancel()
    goal.taken(lambda: undone.append(1))
    assert undone == [1]
    goal.finish(ActionEnd(Outcome.CANCELLED))
    goal.finish(ActionEnd(Outcome.SUCCEEDED))
    goal.cancel()
    assert ([e.outcome for e in ends], undone) == ([Outcome.CANCELLED], [1])


def test_goals_as_json_name_durations_as_each_ros_does():
    knots = Knots(("a",), np.array([0.0, 1.25]), np.zeros((2, 1)), np.zeros((2, 1)))
    goal = PathGoal(knots, 0.3, 0.01, 2.0)
    one, two = (path_goal(goal, version) for version in (1, 2))
    assert one["trajectory"]["points"][1]["time_from_start"] == {"secs": 1, "nsecs": 250_000_000}
    assert two["goal_time_tolerance"] == {"sec": 2, "nanosec": 0}
    assert two["path_tolerance"] == [{"name": "a", "position": 0.3}]


def test_one_way_to_move_is_needed():
    with pytest.raises(ConfigError, match="command, trajectory_action: one of both"):
        RosTopics(command="")
    with pytest.raises(ConfigError, match="both or none"):
        RosTopics(gripper_action="/g")


@pytest.fixture(params=WAYS, scope="module")
def way(request):
    """(driver, options, peer) of one way to the actions."""
    if request.param == "rclpy":
        if importlib.util.find_spec("control_msgs") is None:
            pytest.skip("no control_msgs in this environment: run with that of make peers")
        with ros2_peer(DOMAIN, "--actions") as running:
            yield Ros2Driver, action_options(domain=DOMAIN), running
        return
    pytest.importorskip("roslibpy", reason="roslibpy is not installed")
    with rosbridge_peer() as running:
        yield RosbridgeDriver, action_options(host=running.address, version=int(request.param[-1])), running


@pytest.fixture
def arm(way):
    driver, options, peer = way
    with connected(driver, options) as robot:
        yield robot
        peer.tell("free")


@pytest.mark.peer
@pytest.mark.slow
def test_the_contract_holds(way):
    driver, options, peer = way
    results = check_driver(staged(driver, peer), CONSENT, options)
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    skipped = [r.name for r in results if r.verdict is Verdict.SKIP]
    assert skipped == (["unreachable host is said"] if driver is Ros2Driver else [])  # it names no host


@pytest.mark.peer
@pytest.mark.slow
def test_a_path_arrives_and_another_follows(arm):
    for _ in range(2):
        path = nudge(arm.describe(), arm.read_state(), share=0.3, size=0.3)
        assert ended(arm, arm.follow(path)).code is MotionCode.OK
        assert np.max(np.abs(np.asarray(arm.read_state().q) - path.positions[-1])) < 0.011


@pytest.mark.peer
@pytest.mark.slow
def test_cancel_and_stop_end_it_on_the_way(arm):
    for end in ("cancel", "stop"):
        path = nudge(arm.describe(), arm.read_state(), share=0.05, size=0.4)
        motion = arm.follow(path)
        arm.wait(30)
        motion.cancel() if end == "cancel" else arm.stop()
        assert motion.result().code is MotionCode.CANCELLED
        arm.wait(30)
        here = np.asarray(arm.read_state().q)
        assert np.max(np.abs(here - path.positions[-1])) > 0.1
        arm.wait(20)
        assert np.max(np.abs(np.asarray(arm.read_state().q) - here)) < 0.002
        if end == "stop":
            assert arm.read_state().mode is Mode.STOPPED
            arm.recover()


@pytest.mark.peer
@pytest.mark.slow
def test_a_held_arm_breaks_the_controllers_tolerance(arm, way):
    arm.tolerances = Tolerances(path=0.05)
    motion = arm.follow(nudge(arm.describe(), arm.read_state(), share=0.1, size=0.4))
    arm.wait(20)
    way[2].tell("hold")
    assert ended(arm, motion).code is MotionCode.PATH_TOLERANCE


@pytest.mark.peer
@pytest.mark.slow
def test_a_refused_goal_is_said(way):
    driver, options, peer = way
    quiet = {**options, "topics": {**options["topics"], "protective": ""}}  # the stop is not announced
    with connected(driver, quiet) as robot:
        peer.tell("protective")
        robot.wait(20)
        motion = robot.follow(nudge(robot.describe(), robot.read_state()))
        result = ended(robot, motion)
        assert result.code is MotionCode.LIMIT
        assert "refused" in result.detail
        with pytest.raises(DriverError, match=r"does not take the goal|stop of kind"):
            robot.gripper(0.08, 0.1, 10.0)
        peer.tell("release")
        robot.wait(10)


@pytest.mark.peer
@pytest.mark.slow
def test_a_thing_is_held_and_let_go(arm, way):
    assert arm.gripper(0.08, 0.1, 10.0).reached
    way[2].tell("thing 0.05")
    got = arm.gripper(0.0, 0.1, 10.0)
    assert got.stalled
    assert got.width == pytest.approx(0.05, abs=0.002)
    assert arm.read_state().holding is True
    assert arm.gripper(0.08, 0.1, 10.0).reached
    assert arm.read_state().holding is False
    way[2].tell("thing")


@pytest.mark.peer
@pytest.mark.slow
def test_an_action_that_nobody_offers_is_named(way):
    driver, options, _ = way
    wrong = {**options, "topics": {**options["topics"], "trajectory_action": "/elsewhere/follow"}}
    made = make_driver(driver, wrong)
    if options.get("version") == 2:  # the server says so with the first goal
        made.connect()
        result = ended(made, made.follow(nudge(made.describe(), made.read_state())))
        assert (result.code, "no action server for /elsewhere/follow" in result.detail) == (MotionCode.LIMIT, True)
    else:
        with pytest.raises(DriverError, match="nobody offers the action /elsewhere/follow"):
            made.connect()
    made.close()


def test_without_control_msgs_the_remedy_is_named(monkeypatch):
    pytest.importorskip("rclpy", reason="no ROS 2 in this environment")
    monkeypatch.setitem(sys.modules, "control_msgs.action", None)
    driver = make_driver(Ros2Driver, action_options(domain=DOMAIN + 1))
    with pytest.raises(DriverError, match=r"control_msgs is missing.*use topics"):
        driver.connect()
