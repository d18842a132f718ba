"""Actions of the simulated arm as a rosbridge server offers them: operations (ROS 2), or topics of actionlib (ROS 1).

Written from the public descriptions of both protocols.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arm_actions import End, GripRun, PathRun
from arm_model import ArmModel

FOLLOW, GRIP = "/arm/follow_joint_trajectory", "/gripper/gripper_cmd"
TYPES = {FOLLOW: "FollowJointTrajectory", GRIP: "GripperCommand"}
ROS_1 = {"active": 1, "cancelled": 2, "succeeded": 3, "aborted": 4, "refused": 5}
ROS_2 = {"cancelled": 5, "succeeded": 4, "aborted": 6}
Say = Callable[..., None]


def seconds(duration: dict[str, int] | None) -> float:
    given = duration or {}
    return given.get("sec", given.get("secs", 0)) + 1e-9 * given.get("nanosec", given.get("nsecs", 0))


def start(model: ArmModel, action: str, goal: dict[str, Any]) -> PathRun | GripRun:
    """A run of the goal; it may have a complaint."""
    if action == GRIP:
        return GripRun(model, goal["command"]["position"], goal["command"]["max_effort"])
    points = goal["trajectory"]["points"]
    return PathRun(
        model, goal["trajectory"]["joint_names"], [seconds(p["time_from_start"]) for p in points],
        [p["positions"] for p in points], [p["velocities"] for p in points],
        max((t["position"] for t in goal.get("path_tolerance", ())), default=0.0),
        max((t["position"] for t in goal.get("goal_tolerance", ())), default=0.0),
        seconds(goal.get("goal_time_tolerance")),
    )  # fmt: skip


def result(model: ArmModel, action: str, run: PathRun | GripRun, end: End) -> dict[str, Any]:
    """The action's own result."""
    if isinstance(run, GripRun):
        return {"position": model.finger, "effort": 0.0, "stalled": run.stalled, "reached_goal": run.reached}
    return {"error_code": end[1], "error_string": end[2]}


class Actions:
    """All goals that are under way. ``say``: to the client that sent the goal; ``tell``: publishes a topic."""

    def __init__(self, model: ArmModel) -> None:
        self.model = model
        self.runs: dict[str, tuple[str, PathRun | GripRun, Callable[[str, str, Any, End], None]]] = {}

    def send(self, message: dict[str, Any], say: Say) -> None:
        """ROS 2: the operation send_action_goal."""
        action, number = message["action"], message["id"]

        def refuse(why: str) -> None:
            say(op="action_result", id=number, action=action, values=why, status=6, result=False)

        if action not in TYPES:
            return refuse(f"no action server for {action}")
        if message["action_type"] != f"control_msgs/action/{TYPES[action]}":
            return refuse(f"{action} is no {message['action_type']}")
        if self.model.stop:
            return refuse(f"{action} does not take the goal")
        run = start(self.model, action, message["args"])
        if run.complaint:
            values = {"error_code": -2, "error_string": run.complaint}
            say(op="action_result", id=number, action=action, values=values, status=6, result=True)
            return None

        def ended(name: str, which: str, values: Any, end: End) -> None:
            say(op="action_result", id=which, action=name, values=values, status=ROS_2[end[0]], result=True)

        self.runs[number] = (action, run, ended)
        say(op="action_feedback", id=number, action=action, values={})
        return None

    def cancel(self, number: str) -> None:
        """Give a goal up; without a number, all."""
        for key in [number] if number else list(self.runs):
            if key in self.runs:
                self.model.halt()
                self._end(key, ("cancelled", 0, ""))

    def publish(self, topic: str, message: dict[str, Any], tell: Callable[[str, Any], None]) -> bool:
        """ROS 1: a goal or a cancellation came on a topic; False: it is no action's."""
        action, _, what = topic.rpartition("/")
        if action not in TYPES or what not in ("goal", "cancel"):
            return False
        if what == "cancel":
            self.cancel(message.get("id", ""))
            return True
        number = message["goal_id"]["id"]

        def status(kind: str, words: str = "") -> dict[str, Any]:
            return {"goal_id": {"id": number}, "status": ROS_1[kind], "text": words}

        if self.model.stop:
            tell(f"{action}/status", {"status_list": [status("refused", f"a stop of kind {self.model.stop}")]})
            return True
        run = start(self.model, action, message["goal"])

        def ended(name: str, which: str, values: Any, end: End) -> None:
            tell(f"{name}/status", {"status_list": [status(end[0], end[2])]})
            tell(f"{name}/result", {"status": status(end[0], end[2]), "result": values})

        self.runs[number] = (action, run, ended)
        if run.complaint:
            self._end(number, ("aborted", -2, run.complaint))
        else:
            tell(f"{action}/status", {"status_list": [status("active")]})
        return True

    def tick(self) -> None:
        """Look at all that are under way."""
        for number, (_, run, _) in list(self.runs.items()):
            end = run.look()
            if end is not None:
                self._end(number, end)

    def _end(self, number: str, end: End) -> None:
        action, run, ended = self.runs.pop(number)
        ended(action, number, result(self.model, action, run, end), end)
