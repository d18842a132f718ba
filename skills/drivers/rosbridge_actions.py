"""FollowJointTrajectory and GripperCommand through a rosbridge server: operations of ROS 2, topics of ROS 1."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from skills.driver import DriverError
from skills.drivers.ros_actions import ActionEnd, Ended, Goal, GripGoal, Knots, Outcome, PathGoal

NAMES = {1: ("secs", "nsecs"), 2: ("sec", "nanosec")}  # of the parts of a duration, per version of ROS
PREEMPTED, SUCCEEDED_1, ABORTED_1, REJECTED, RECALLED = 2, 3, 4, 5, 8  # of actionlib_msgs/GoalStatus (ROS 1)
SUCCEEDED_2, CANCELED = 4, 5  # of action_msgs/GoalStatus (ROS 2)
ENDS_1 = {
    SUCCEEDED_1: Outcome.SUCCEEDED, PREEMPTED: Outcome.CANCELLED, RECALLED: Outcome.CANCELLED,
    ABORTED_1: Outcome.ABORTED, REJECTED: Outcome.REFUSED,
}  # fmt: skip


def duration(seconds: float, version: int) -> dict[str, int]:
    """A duration as JSON."""
    first, second = NAMES[version]
    whole = int(seconds)
    return {first: whole, second: min(999_999_999, round((seconds - whole) * 1e9))}


def trajectory(knots: Knots, version: int) -> dict[str, Any]:
    """trajectory_msgs/JointTrajectory as JSON."""
    points = [
        {"positions": q, "velocities": dq, "time_from_start": duration(seconds, version)}
        for seconds, q, dq in knots.points()
    ]
    return {"joint_names": list(knots.joints), "points": points}


def path_goal(goal: PathGoal, version: int) -> dict[str, Any]:
    """FollowJointTrajectory's goal as JSON."""
    return {
        "trajectory": trajectory(goal.knots, version),
        "goal_time_tolerance": duration(goal.late, version),
        "path_tolerance": [{"name": n, "position": goal.path} for n in goal.knots.joints],
        "goal_tolerance": [{"name": n, "position": goal.goal} for n in goal.knots.joints],
    }


class RosbridgeActions:
    """``ros``: the connection; ``version``: of ROS behind it; names of the actions, empty: there is none."""

    def __init__(self, ros: Any, version: int, follow_name: str, grip_name: str) -> None:
        self._ros, self._version = ros, version
        self._clients = {
            name: self._client(name, kind)
            for name, kind in ((follow_name, "FollowJointTrajectory"), (grip_name, "GripperCommand"))
            if name
        }
        self._follow_name, self._grip_name = follow_name, grip_name

    def _client(self, name: str, kind: str) -> Any:
        if self._version == 2:
            from roslibpy import ActionClient

            return ActionClient(self._ros, name, f"control_msgs/action/{kind}")
        from roslibpy.ros1 import actionlib

        try:
            return actionlib.ActionClient(self._ros, name, f"control_msgs/{kind}Action", omit_feedback=True)
        except Exception as error:
            raise DriverError(f"nobody offers the action {name} ({error})") from error

    def lacking(self) -> list[str]:
        """Nothing that could be known: ROS 1 was asked when the client was made, ROS 2 says so with the first goal."""
        return []

    def follow(self, goal: PathGoal, ended: Ended) -> Goal:
        """See `Actions.follow`."""
        return self._send(self._follow_name, path_goal(goal, self._version), ended)

    def grip(self, goal: GripGoal, ended: Ended) -> Goal:
        """See `Actions.grip`."""
        return self._send(self._grip_name, {"command": {"position": goal.position, "max_effort": goal.force}}, ended)

    def _send(self, name: str, goal: dict[str, Any], ended: Ended) -> Goal:
        return self._send_2(name, goal, ended) if self._version == 2 else self._send_1(name, goal, ended)

    def _send_2(self, name: str, values: dict[str, Any], ended: Ended) -> Goal:
        import roslibpy

        goal, client = Goal(ended), self._clients[name]

        def came(result: Mapping[str, Any]) -> None:
            status, said = result["status"].value, result.get("values") or {}
            said = said.get("result", said) if isinstance(said, Mapping) else {}
            outcome = {SUCCEEDED_2: Outcome.SUCCEEDED, CANCELED: Outcome.CANCELLED}.get(status, Outcome.ABORTED)
            goal.finish(ActionEnd(outcome, int(said.get("error_code", 0)), str(said.get("error_string", ""))))

        def refused(result: Mapping[str, Any]) -> None:
            said = result.get("values")
            outcome = Outcome.CANCELLED if result["status"].value == CANCELED else Outcome.REFUSED
            goal.finish(ActionEnd(outcome, detail=said if isinstance(said, str) else f"{name}: {said}"))

        number = client.send_goal(roslibpy.Goal(values), came, lambda _: None, refused)
        goal.taken(lambda: client.cancel_goal(number))
        return goal

    def _send_1(self, name: str, values: dict[str, Any], ended: Ended) -> Goal:
        from roslibpy.ros1 import actionlib

        goal, sent = Goal(ended), actionlib.Goal(self._clients[name], values)

        def result(said: Mapping[str, Any]) -> None:
            self._end_1(sent, goal, said)

        def status(now: Mapping[str, Any]) -> None:
            if now["status"] in (REJECTED, RECALLED):  # these have no result
                goal.finish(ActionEnd(ENDS_1[now["status"]], detail=str(now.get("text", ""))))
            elif now["status"] in ENDS_1 and sent.result is not None:
                self._end_1(sent, goal, sent.result)

        sent.on("result", result)
        sent.on("status", status)
        sent.send()
        goal.taken(sent.cancel)
        return goal

    def _end_1(self, sent: Any, goal: Goal, said: Mapping[str, Any]) -> None:
        """A result has come; how it ended is in the status, which comes a little before or after it."""
        outcome = ENDS_1.get((sent.status or {}).get("status", 0))
        if outcome is not None:
            self._clients_forget(sent)
            goal.finish(ActionEnd(outcome, int(said.get("error_code", 0)), str(said.get("error_string", ""))))

    def _clients_forget(self, sent: Any) -> None:
        for client in self._clients.values():
            client.goals.pop(sent.goal_id, None)

    def close(self) -> None:
        """Take topics of ROS 1 back."""
        for client in self._clients.values() if self._version == 1 else ():
            with suppress(Exception):
                client.dispose()
