"""The process beside the planner that holds the link to a Franka arm (1 kHz) or hand; see `skills.drivers.pilot`.

Started by `skills.drivers.franka`. Calls follow the vendor's client for Python (pylibfranka 0.21).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import numpy as np

from skills.drivers.pilot import Ear, Mouth, speak_alone
from skills.drivers.sampling import brake_time, braking, evenly
from skills.types import Mode, Trajectory

RATE = 1000.0  # [1/s] of the robot's control interface
TELL_EVERY = 0.01  # [s] between two readings told to the planner
HAND_EVERY = 0.05
URGENT = -10  # scheduling priority of this process
MODES = {
    "Idle": Mode.IDLE,
    "Move": Mode.IDLE,
    "Reflex": Mode.PROTECTIVE,
    "AutomaticErrorRecovery": Mode.PROTECTIVE,
    "Guiding": Mode.PROTECTIVE,
    "Other": Mode.PROTECTIVE,
    "UserStopped": Mode.EMERGENCY,
}
WHY = {
    "Guiding": "a person is guiding the arm by hand",
    "Other": "the robot is not ready: brakes locked, or its control interface is off",
    "UserStopped": "the user stop is pressed",
}
SMALLEST_THING = 0.003  # [m] a width below this between closed fingers is nothing


class Arm:
    """Reads the arm, follows paths, brakes on them."""

    def __init__(self, kit: Any, options: dict[str, Any], mouth: Mouth) -> None:
        self._kit, self._mouth = kit, mouth
        wanted = kit.RealtimeConfig.kEnforce if options["realtime"] else kit.RealtimeConfig.kIgnore
        self._robot = kit.Robot(options["host"], wanted)
        self._limits = np.asarray(options["max_acceleration"], float)
        if options.get("collision") is not None:
            torque, force = options["collision"]
            self._robot.set_collision_behavior([torque] * 7, [torque] * 7, [force] * 6, [force] * 6)
        if options.get("load"):
            self._robot.set_load(float(options["load"]), [0.0, 0.0, 0.0], np.diag([1e-3] * 3).ravel().tolist())
        self._control: Any = None
        self._samples = np.zeros((0, 7))
        self._index = -1
        self._number = 0
        self._braking = False
        self._told = 0.0

    def run(self, ear: Ear) -> None:
        """Until the planner closes its end: then brake, and go."""
        state = self._robot.read_once()
        self._tell(state)
        while True:
            if ear.closed.is_set():
                if self._control is None:
                    return
                self._brake()
            message = ear.next(0.0 if self._control is not None else TELL_EVERY / 2)
            if message is not None:
                self._obey(message)
            if self._control is not None:
                self._cycle()
            else:
                self._tell(self._robot.read_once())

    def _obey(self, message: dict[str, Any]) -> None:
        what = message["do"]
        if what == "follow":
            self._start(message)
        elif what == "halt":
            self._brake()
        elif what == "recover":
            self._recover()

    def _start(self, message: dict[str, Any]) -> None:
        self._number = int(message["number"])
        if self._control is not None:
            self._mouth.say("ended", number=self._number, code="limit", detail="the arm is still braking")
            return
        state = self._robot.read_once()
        names = tuple(f"joint{i + 1}" for i in range(7))
        values = (np.asarray(message[k], float) for k in ("times", "positions", "velocities"))
        self._samples = evenly(Trajectory(names, *values), RATE, start=state.q_d)
        self._index, self._braking = -1, False
        try:
            self._control = self._robot.start_joint_position_control(self._kit.ControllerMode.JointImpedance)
        except (self._kit.CommandException, self._kit.ControlException) as error:
            self._end("protective_stop", str(error))

    def _cycle(self) -> None:
        """One millisecond, or as many as the robot says have passed."""
        try:
            state, period = self._control.readOnce()
            steps = max(1, round(period.to_sec() * RATE))
            last = len(self._samples) - 1
            self._index = min(self._index + steps, last) if self._index >= 0 else 0
            command = self._kit.JointPositions(self._samples[self._index].tolist())
            command.motion_finished = self._index >= last
            self._control.writeOnce(command)
        except self._kit.ControlException as error:
            self._end("protective_stop", str(error))
            return
        if time.monotonic() - self._told >= TELL_EVERY:
            self._tell(state)
        if self._index >= last:
            self._end("cancelled" if self._braking else "ok", "")

    def _brake(self) -> None:
        if self._control is None or self._braking:
            return
        i = max(0, self._index)
        speed = (self._samples[min(i + 1, len(self._samples) - 1)] - self._samples[max(0, i - 1)]) * RATE / 2
        ahead = braking(self._samples, i, RATE, brake_time(speed, self._limits))
        self._samples = np.vstack([self._samples[i : i + 1], ahead])
        self._index, self._braking = min(self._index, 0), True

    def _end(self, code: str, detail: str) -> None:
        self._control = None
        state = self._robot.read_once()
        for _ in range(50):  # a reflex shows in the readings a moment after it broke the motion
            if code != "protective_stop" or state.robot_mode.name not in ("Move", "Idle"):
                break
            state = self._robot.read_once()
        self._tell(state)
        self._mouth.say("ended", number=self._number, code=code, detail=detail)

    def _recover(self) -> None:
        detail = ""
        try:
            if self._robot.read_once().robot_mode.name in ("Reflex", "Other"):
                self._robot.automatic_error_recovery()
        except (self._kit.CommandException, self._kit.ControlException) as error:
            detail = str(error)
        self._tell(self._robot.read_once())
        self._mouth.say("recovered", detail=detail)

    def _tell(self, state: Any) -> None:
        self._told = time.monotonic()
        name = state.robot_mode.name
        why = WHY.get(name, "")
        if name == "Reflex":
            why = f"reflex {state.last_motion_errors}"
        force = float(np.linalg.norm(state.O_F_ext_hat_K[:3]))
        self._mouth.say(
            "state", q=list(state.q), dq=list(state.dq), commanded=list(state.q_d), stamp=state.time.to_sec(),
            mode=MODES.get(name, Mode.PROTECTIVE).value, why=why, force=force,
        )  # fmt: skip


class Hand:
    """Reads the hand and moves its fingers; a command runs in a thread of its own, so that it can be stopped."""

    def __init__(self, kit: Any, options: dict[str, Any], mouth: Mouth) -> None:
        self._kit, self._mouth = kit, mouth
        self._hand = kit.Gripper(options["host"])
        self._running: threading.Thread | None = None

    def run(self, ear: Ear) -> None:
        """Until the planner closes its end; a running command is stopped then."""
        self._tell()
        while not ear.closed.is_set():
            message = ear.next(HAND_EVERY)
            busy = self._running is not None and self._running.is_alive()
            if message is not None and message["do"] == "halt":
                self._halt()
            elif message is not None and message["do"] in ("grip", "home"):
                if self._running is not None:
                    self._running.join()
                self._running = threading.Thread(target=self._command, args=(message,), daemon=True)
                self._running.start()
            elif not busy:
                self._tell()
        self._halt()

    def _halt(self) -> None:
        """Only a command that runs is stopped: fingers that hold something keep holding it."""
        if self._running is not None and self._running.is_alive():
            with suppress(self._kit.CommandException, self._kit.NetworkException):
                self._hand.stop()

    def _command(self, message: dict[str, Any]) -> None:
        detail = ""
        try:
            state = self._hand.read_once()
            if message["do"] == "home" or state.max_width < 0.01:  # not homed since it was switched on
                self._hand.homing()
            if message["do"] == "grip":
                self._grip(message["width"], message["speed"], message["force"], state.width)
        except self._kit.CommandException as error:
            detail = str(error)
        except self._kit.NetworkException as error:
            self._mouth.say("lost", detail=str(error))
            return
        self._tell()
        self._mouth.say("gripped", detail=detail)

    def _grip(self, width: float, speed: float, force: float, opening: float) -> None:
        """Fully closing is a grasp with force; anything else goes to a width.

        The band of widths that count as a grasp leaves out closed fingers, so that air is not a thing.
        """
        if width > SMALLEST_THING:
            self._hand.move(width, speed)
            return
        high = max(opening, SMALLEST_THING) + 0.002
        middle, half = (SMALLEST_THING + high) / 2, (high - SMALLEST_THING) / 2
        self._hand.grasp(middle, speed, force, half, half)

    def _tell(self) -> None:
        state = self._hand.read_once()
        self._mouth.say("state", width=state.width, most=state.max_width, grasped=bool(state.is_grasped))


def main() -> None:
    """Open what the first message asks for, then obey."""
    mouth = speak_alone()
    with suppress(OSError):  # a privilege; without it the robot's own limits on lost cycles decide
        os.setpriority(os.PRIO_PROCESS, 0, URGENT)
    ear = Ear(sys.stdin.buffer)
    options = ear.next(10.0)
    if options is None:
        return
    try:
        import pylibfranka as kit
    except ImportError as error:
        mouth.say("failed", detail=f"the vendor's client is missing ({error}): pip install 'groundplan[franka]'")
        return
    try:
        part: Arm | Hand = (Arm if options["part"] == "arm" else Hand)(kit, options, mouth)
    except Exception as error:  # the kit's exceptions have no common base
        mouth.say("failed", detail=f"{type(error).__name__}: {error}")
        return
    mouth.say("opened")
    try:
        part.run(ear)
    except Exception as error:
        mouth.say("lost", detail=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
