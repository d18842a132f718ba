"""A new driver's package: files that work as they are, against a stand-in for the robot, until the robot is there."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from planner.cli.exits import UsageError

_PROJECT = """\
[build-system]
requires = ["setuptools>=70"]
build-backend = "setuptools.build_meta"

[project]
name = "groundplan-{package_dashed}"
version = "0.1.0"
description = "Groundplan driver for {name}"
requires-python = ">=3.10"
dependencies = ["groundplan"]

[project.entry-points."groundplan.drivers"]
{package} = "{package}.driver:{kind}"

[tool.setuptools]
packages = ["{package}"]

[tool.pytest.ini_options]
pythonpath = ["."]
"""

_README = """\
# groundplan-{package_dashed}

Groundplan driver for {name}. It works as it is, against `{package}/controller.py`, a stand-in that only pretends: put
your robot's own calls there, true limits into `{package}/driver.py`, and set `simulated=False`.

```bash
pip install -e .
python -m pytest
groundplan driver check {package} --config lab.yaml
groundplan run --driver {package} --config lab.yaml --dry-run "put the red block in the blue bowl"
```
"""

_LAB = """\
robot:
  driver: {package}
  options: {{host: 127.0.0.1}}
  # consent: move {name}        # the exact words, once it is real; left out, they are asked for
  speed: 0.3
  # model: panda                # whose geometry it has: groundplan list robots
  # objects: table.yaml         # what lies where
"""

_CONTROLLER = '''\
"""The calls that only your robot knows. A STAND-IN: joints that follow set-points in memory. Replace each body."""

from __future__ import annotations

import threading
import time

PERIOD = 0.01  # [s]


class Controller:
    """A link to the robot at ``host``. SI units; raise OSError when it does not answer."""

    def __init__(self, host: str, q: tuple[float, ...], width: float) -> None:
        if host != "127.0.0.1":
            raise OSError(f"the stand-in lives at 127.0.0.1, not at {{host}}")
        self._q, self._goal, self._dq = list(q), list(q), [0.0] * len(q)
        self._width = self._wanted = width
        self._stamp = time.monotonic()
        self._open = True
        threading.Thread(target=self._run, daemon=True).start()

    def read(self) -> tuple[float, list[float], list[float], float]:
        """The robot's clock [s]; joint positions, velocities, finger width, as measured."""
        return self._stamp, list(self._q), list(self._dq), self._width

    def send(self, q: list[float]) -> None:
        """One set-point for the joints."""
        self._goal = list(q)

    def grip(self, width: float) -> None:
        """Where the fingers shall go."""
        self._wanted = width

    def hold(self) -> None:
        """Stand still at once."""
        self._goal, self._wanted = list(self._q), self._width

    def close(self) -> None:
        """Let go of the link."""
        self._open = False

    def _run(self) -> None:
        last = time.monotonic()
        while self._open:
            time.sleep(PERIOD)
            now = time.monotonic()
            step, last = min(0.05, now - last), now
            moved = [(g - v) * min(1.0, 25 * step) for g, v in zip(self._goal, self._q, strict=True)]
            self._dq = [m / step for m in moved]
            self._q = [v + m for v, m in zip(self._q, moved, strict=True)]
            self._width += max(-0.05 * step, min(0.05 * step, self._wanted - self._width))
            self._stamp = now
'''

_DRIVER = '''\
"""Groundplan driver for {name}."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from {package}.controller import Controller
from skills.driver import DriverError, GripperResult, MotionCode, MotionResult
from skills.drivers.linked import LinkedDriver, LinkMotion, Reading
from skills.types import RobotSpec

SPEC = RobotSpec(  # true limits: the guard and the planner rely on them
    name="{name}",
    joint_names=("joint1", "joint2", "joint3", "joint4", "joint5", "joint6"),
    lower=(-3.0,) * 6,
    upper=(3.0,) * 6,
    max_velocity=(1.5,) * 6,
    max_acceleration=(4.0,) * 6,
    home=(0.0, -0.6, 1.2, 0.0, 0.8, 0.0),
    gripper_range=(0.0, 0.08),
    gripper_force=(5.0, 40.0),
    gripper_speed=0.05,
    simulated=True,  # the stand-in is; a real robot is not
)
PERIOD = 0.02  # [s] between set-points
NEAR, LATE = 0.01, 1.0  # [rad] at the goal; [s] after the last point to get there


@dataclass(frozen=True)
class {kind}Config:
    """``host`` of the controller."""

    host: str = "127.0.0.1"


class {kind}(LinkedDriver):
    """Streams set-points; `LinkedDriver` brings modes, waiting, stops and the lost link."""

    Config = {kind}Config

    def __init__(self, config: {kind}Config | None = None) -> None:
        super().__init__(SPEC)
        self.config = config or {kind}Config()
        self._robot: Controller | None = None
        self._voice = threading.Lock()  # held for one call only
        self._stamp, self._arrived = -1.0, 0.0

    def _open(self) -> None:
        try:
            self._robot = Controller(self.config.host, SPEC.home, SPEC.gripper_range[1])
        except OSError as error:
            raise DriverError(f"{name} at {{self.config.host}} does not answer: {{error}}") from error

    def _shut(self) -> None:
        robot, self._robot = self._robot, None
        if robot is not None:
            robot.close()

    def _newest(self) -> Reading | None:
        if self._robot is None:
            return None
        stamp, q, dq, width = self._robot.read()
        if stamp != self._stamp:  # by its clock this is a new reading; an old one must look old
            self._stamp, self._arrived = stamp, time.monotonic()
        return Reading(self._arrived, stamp, tuple(q), tuple(dq), width, holding=None)

    def _begin(self, motion: LinkMotion) -> None:
        threading.Thread(target=self._play, args=(motion,), daemon=True).start()

    def _play(self, motion: LinkMotion) -> None:
        path, began = motion.trajectory, time.monotonic()
        while True:
            t = time.monotonic() - began
            with self._voice:
                if motion.over or self._robot is None:  # stopped, cancelled or lost: nothing more is sent
                    return
                self._robot.send(list(path.sample(float(path.times[0]) + t)[0]))
                q = self._robot.read()[1]
            off = max(abs(a - b) for a, b in zip(q, path.positions[-1], strict=True))
            if t > path.duration and off < NEAR:
                motion.finish(MotionResult(MotionCode.OK))
            elif t > path.duration + LATE:
                motion.finish(MotionResult(MotionCode.GOAL_TOLERANCE, f"{{off:.3f}} rad away from its goal"))
            time.sleep(PERIOD)

    def _halt(self) -> None:
        with self._voice:
            if self._robot is not None:
                self._robot.hold()

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        robot, last = self._robot, -1.0
        if robot is None:
            raise DriverError("{name} is not connected")
        robot.grip(width)
        until = time.monotonic() + 4.0
        while time.monotonic() < until and not self._stopped:
            time.sleep(0.15)
            now = robot.read()[3]
            if abs(now - last) < 0.0005:
                break
            last = now
        reached = abs(last - width) < 0.002
        return GripperResult(last, stalled=not reached and not self._stopped, reached=reached)
'''

_TEST = '''\
"""Every promise of the contract, one test each; on a real robot, set ``consent`` and watch it."""

from __future__ import annotations

from skills.contract_pytest import DriverContract

from {package}.driver import {kind}


class Test{kind}(DriverContract):
    driver = {kind}
    options = {{"host": "127.0.0.1"}}
'''


def write_skeleton(name: str, folder: Path) -> list[Path]:
    """A package for a robot called ``name`` in ``folder`` (made, or empty). Raises UsageError for a name that gives no
    package name, and for a folder that holds something."""
    package = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not package.isidentifier() or keyword.iskeyword(package):
        raise UsageError(f"{name!r} gives no package name; use letters and digits, such as my-arm")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; choose another place with --out")
    kind = "".join(part.capitalize() for part in package.split("_"))
    words = {"name": name, "package": package, "package_dashed": package.replace("_", "-"), "kind": kind}
    files = {
        "pyproject.toml": _PROJECT,
        "README.md": _README,
        "lab.yaml": _LAB,
        f"{package}/__init__.py": '"""Groundplan driver for {name}."""\n',
        f"{package}/controller.py": _CONTROLLER,
        f"{package}/driver.py": _DRIVER,
        "tests/test_driver.py": _TEST,
    }
    written = []
    for place, text in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(**words), encoding="utf-8")
        written.append(path)
    return written
