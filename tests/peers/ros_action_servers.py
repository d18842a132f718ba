"""Real action servers of ROS 2 for the simulated arm: FollowJointTrajectory and GripperCommand."""

from __future__ import annotations

import time
from typing import Any

from arm_actions import GripRun, PathRun
from arm_model import ArmModel
from control_msgs.action import FollowJointTrajectory, GripperCommand
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node

FOLLOW, GRIP = "/arm/follow_joint_trajectory", "/gripper/gripper_cmd"


def seconds(duration: Any) -> float:
    return duration.sec + duration.nanosec * 1e-9


class Servers:
    """Both, on ``node``; goals are refused while the arm is in a stop or when the joints are not its own."""

    def __init__(self, node: Node, model: ArmModel) -> None:
        self.node, self.model = node, model
        together = ReentrantCallbackGroup()
        self.servers = [
            ActionServer(
                node, kind, name, run, goal_callback=self.wanted, cancel_callback=lambda _: CancelResponse.ACCEPT,
                callback_group=together,
            )
            for kind, name, run in ((FollowJointTrajectory, FOLLOW, self.follow), (GripperCommand, GRIP, self.grip))
        ]  # fmt: skip

    def wanted(self, goal: Any) -> GoalResponse:
        return GoalResponse.REJECT if self.model.stop else GoalResponse.ACCEPT

    def follow(self, handle: Any) -> Any:
        goal, answer = handle.request, FollowJointTrajectory.Result()
        points = goal.trajectory.points
        run = PathRun(
            self.model, goal.trajectory.joint_names, [seconds(p.time_from_start) for p in points],
            [p.positions for p in points], [p.velocities for p in points],
            max((t.position for t in goal.path_tolerance), default=0.0),
            max((t.position for t in goal.goal_tolerance), default=0.0), seconds(goal.goal_time_tolerance),
        )  # fmt: skip
        if run.complaint:
            handle.abort()
            answer.error_code, answer.error_string = FollowJointTrajectory.Result.INVALID_JOINTS, run.complaint
            return answer
        feedback = FollowJointTrajectory.Feedback(joint_names=list(goal.trajectory.joint_names))
        _, answer.error_code, answer.error_string = self.watch(handle, run, feedback)
        return answer

    def grip(self, handle: Any) -> Any:
        command = handle.request.command
        run = GripRun(self.model, command.position, command.max_effort)
        answer = GripperCommand.Result()
        if run.complaint:
            handle.abort()
        else:
            self.watch(handle, run, GripperCommand.Feedback())
        answer.position, answer.stalled, answer.reached_goal = self.model.finger, run.stalled, run.reached
        return answer

    def watch(self, handle: Any, run: PathRun | GripRun, feedback: Any) -> tuple[str, int, str]:
        """Until it has ended, or was cancelled."""
        while True:
            if handle.is_cancel_requested:
                self.model.halt()
                handle.canceled()
                return "cancelled", 0, ""
            end = run.look()
            if end is not None:
                {"succeeded": handle.succeed}.get(end[0], handle.abort)()
                return end
            handle.publish_feedback(feedback)
            time.sleep(0.01)
