"""FollowJointTrajectory and GripperCommand by ``rclpy``; needs ROS's package ``control_msgs``."""

from __future__ import annotations

from typing import Any

from skills.driver import DriverError
from skills.drivers.ros_actions import ActionEnd, Ended, Goal, GripGoal, Outcome, PathGoal

SUCCEEDED, CANCELED = 4, 5  # of action_msgs/GoalStatus
MISSING = (
    "control_msgs is missing, so there are no actions: install it (apt install ros-DISTRO-control-msgs), or leave "
    "out topics.trajectory_action and topics.gripper_action to use topics"
)


def duration(seconds: float) -> Any:
    """builtin_interfaces/Duration."""
    from builtin_interfaces.msg import Duration

    whole = int(seconds)
    return Duration(sec=whole, nanosec=min(999_999_999, round((seconds - whole) * 1e9)))


def trajectory(knots: Any) -> Any:
    """trajectory_msgs/JointTrajectory of `Knots`."""
    from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

    message = JointTrajectory(joint_names=list(knots.joints))
    for seconds, q, dq in knots.points():
        message.points.append(JointTrajectoryPoint(positions=q, velocities=dq, time_from_start=duration(seconds)))
    return message


class Ros2Actions:
    """``follow_name``, ``grip_name``: of the actions, empty: there is none. Results come in the node's own thread."""

    def __init__(self, node: Any, follow_name: str, grip_name: str) -> None:
        try:
            from control_msgs.action import FollowJointTrajectory, GripperCommand
        except ImportError as error:
            raise DriverError(f"{MISSING} ({error})") from error
        from rclpy.action import ActionClient

        self._clients = {
            n: ActionClient(node, kind, n)
            for n, kind in ((follow_name, FollowJointTrajectory), (grip_name, GripperCommand))
            if n
        }
        self._follow_name, self._grip_name = follow_name, grip_name

    def lacking(self) -> list[str]:
        """Actions that no server offers."""
        return [f"nobody offers the action {n}" for n, c in self._clients.items() if not c.server_is_ready()]

    def follow(self, goal: PathGoal, ended: Ended) -> Goal:
        """See `Actions.follow`."""
        from control_msgs.action import FollowJointTrajectory
        from control_msgs.msg import JointTolerance

        message = FollowJointTrajectory.Goal(
            trajectory=trajectory(goal.knots),
            goal_time_tolerance=duration(goal.late),
            path_tolerance=[JointTolerance(name=n, position=goal.path) for n in goal.knots.joints],
            goal_tolerance=[JointTolerance(name=n, position=goal.goal) for n in goal.knots.joints],
        )
        return self._send(self._follow_name, message, ended)

    def grip(self, goal: GripGoal, ended: Ended) -> Goal:
        """See `Actions.grip`."""
        from control_msgs.action import GripperCommand

        message = GripperCommand.Goal()
        message.command.position, message.command.max_effort = goal.position, goal.force
        return self._send(self._grip_name, message, ended)

    def _send(self, name: str, message: Any, ended: Ended) -> Goal:
        goal = Goal(ended)

        def answered(future: Any) -> None:
            handle = future.result()
            if not handle.accepted:
                goal.finish(ActionEnd(Outcome.REFUSED, detail=f"{name} does not take the goal"))
                return
            handle.get_result_async().add_done_callback(came)
            goal.taken(handle.cancel_goal_async)

        def came(future: Any) -> None:
            answer = future.result()
            code, words = getattr(answer.result, "error_code", 0), getattr(answer.result, "error_string", "")
            outcome = {SUCCEEDED: Outcome.SUCCEEDED, CANCELED: Outcome.CANCELLED}.get(answer.status, Outcome.ABORTED)
            goal.finish(ActionEnd(outcome, code, words))

        self._clients[name].send_goal_async(message).add_done_callback(answered)
        return goal

    def close(self) -> None:
        """Take the clients down; the node no longer spins."""
        for client in self._clients.values():
            client.destroy()
