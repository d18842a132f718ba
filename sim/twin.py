"""The driver ``twin``: a simulated robot in another process, behind a socket, as real ones are.

Readings arrive in a stream; commands are requests with numbers, sent again until they are answered and done once
however often they arrive. The driver only connects, it never listens. Without a port it starts a bare twin of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.robots import load_robot
from sim.twin_faults import LinkFaults
from sim.twin_link import ANSWER, TwinLink
from sim.twin_process import TwinProcess
from skills.driver import DriverError, GripperResult, Motion, MotionCode, MotionResult, RobotDriver
from skills.driver_config import read_config
from skills.types import Mode, ObjectState, RobotSpec, RobotState, Trajectory

HERE = "127.0.0.1"
LONG = 30.0  # [s] for the fingers, and for looking
NO_MOTION = (Mode.STOPPED, Mode.PROTECTIVE, Mode.EMERGENCY)


@dataclass(frozen=True)
class TwinConfig:
    """``host``, ``port``, ``token``: of a running twin; port 0 starts a bare one. ``robot``: its name in
    `configs/robots`. ``timeout``: without a new reading for so long the link is lost [s]. ``pace``, ``faults``,
    ``seed``, ``start`` (joints [rad], empty: at home): of a twin that is started."""

    host: str = HERE
    port: int = 0
    token: str = ""
    robot: str = "panda"
    timeout: float = 0.4
    pace: float = 1.0
    faults: LinkFaults = field(default_factory=LinkFaults)
    seed: int = 0
    start: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.port < 65536:
            raise ValueError(f"port: 0 to 65535, not {self.port}")
        if not 0.05 <= self.timeout <= 10:
            raise ValueError(f"timeout: 0.05 to 10 seconds, not {self.timeout}")
        if not 0.05 <= self.pace <= 100:
            raise ValueError(f"pace: 0.05 to 100 times real time, not {self.pace}")


class TwinDriver(RobotDriver):
    """One twin; see `sim.twin_link` for what is behind it."""

    Config = TwinConfig

    def __init__(self, config: TwinConfig | None = None) -> None:
        self.config = config if config is not None else TwinConfig()
        self._spec = load_robot(self.config.robot).spec
        self._process: TwinProcess | None = None
        self._link: TwinLink | None = None
        self._stopped = False

    def describe(self) -> RobotSpec:
        return self._spec

    def connect(self) -> None:
        if self._link is not None:
            return
        port, token = self.config.port, self.config.token
        if port == 0:
            if self.config.host != HERE:
                raise DriverError(f"no port for the twin at {self.config.host}: name it, or leave out the host")
            if self._process is None or not self._process.alive:
                self._process = TwinProcess(plain_setup(self.config))
            port, token = self._process.port, self._process.token
        self._stopped = False
        self._link = TwinLink(self.config.host, port, token, self.config.timeout)

    def close(self) -> None:
        if self._link is not None:
            if not self._link.lost:
                self.stop()
                self._link.settle(0.3)  # hear that the stop was obeyed, if that comes soon
            self._link.close()
            self._link = None
        if self._process is not None:
            self._process.close()
            self._process = None

    def _need(self) -> TwinLink:
        if self._link is None:
            raise DriverError("the twin is not connected: call connect() first")
        return self._link

    def ask(self, what: str, seconds: float = ANSWER, **values: Any) -> dict[str, Any]:
        """A request and its answer; raises DriverError when the twin refuses, LinkLost when there is no link."""
        return self._need().ask(what, seconds, **values)

    @property
    def commands(self) -> int:
        """Requests sent since `connect`, for tests."""
        return 0 if self._link is None else self._link.commands

    def read_state(self) -> RobotState:
        state = self._need().newest()
        if self._stopped and state.mode in (Mode.IDLE, Mode.MOVING):  # said, though not yet heard of
            return replace(state, mode=Mode.STOPPED)
        return state

    def follow(self, trajectory: Trajectory) -> Motion:
        return self._start(trajectory, base=False)

    def drive(self, path: Trajectory) -> Motion:
        if self._spec.base is None:
            raise DriverError(f"{self._spec.name} has no base that drives")
        return self._start(path, base=True)

    def _start(self, path: Trajectory, base: bool) -> Motion:
        self._ready()
        motion = self._need().motion()
        try:
            self.ask(
                "follow", names=list(path.joint_names), times=path.times.tolist(), base=base,
                positions=path.positions.tolist(), velocities=path.velocities.tolist(),
            )  # fmt: skip
        except (DriverError, ValueError) as error:
            motion.finish(MotionResult(MotionCode.LOST_LINK, str(error)))
            if isinstance(error, ValueError):
                raise DriverError(f"a trajectory that cannot be sent: {error}") from error
            raise
        return motion

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        self._ready()
        try:
            said = self.ask("gripper", LONG, width=float(width), speed=float(speed), force=float(force))
        except ValueError as error:
            raise DriverError(f"a gripper command that cannot be sent: {error}") from error
        return GripperResult(float(said["width"]), bool(said["stalled"]), bool(said["reached"]))

    def _ready(self) -> None:
        mode = self.read_state().mode
        if mode in NO_MOTION:
            raise DriverError(f"the twin is {mode.value}: call recover() first")

    def wait(self, ticks: int = 1) -> None:
        link = self._need()
        link.wait_for_tick(link.newest().tick + ticks)

    def stop(self) -> None:
        self._stopped = True
        if self._link is not None:
            self._link.tell("stop")

    def recover(self) -> None:
        self.ask("recover")
        self._stopped = False

    def enter(self, mode: Mode) -> None:
        """For tests: what a limit switch (PROTECTIVE) or a person's button (EMERGENCY) does; IDLE releases it."""
        self.ask("enter", mode=mode.value)

    def sever(self) -> None:
        """For tests: what a pulled cable does."""
        if self._link is not None:
            self._link.severed = True

    @property
    def pid(self) -> int:
        """Process id of a twin of this driver's own, 0 without one; for tests."""
        return 0 if self._process is None else self._process.pid

    def kill(self) -> None:
        """For tests: the twin's process dies, if it is this driver's own."""
        if self._process is not None:
            self._process.kill()


class TwinEyes:
    """What the twin sees: asked anew at every look, so it costs the time that the link and the eyes take."""

    name = "twin"

    def __init__(self, driver: TwinDriver) -> None:
        self._driver = driver

    def objects(self) -> Mapping[str, ObjectState]:
        """Everything, by name; raises DriverError."""
        rows = self._driver.ask("objects", LONG)["objects"]
        return {row["name"]: read_config(ObjectState, row, "twin") for row in rows}


def plain_setup(config: TwinConfig) -> dict[str, Any]:
    """What a twin's process is told, without its token."""
    return {"pace": config.pace, "seed": config.seed, "robot": config.robot, "start": list(config.start),
            "faults": plain_faults(config.faults)}  # fmt: skip


def plain_faults(faults: LinkFaults) -> dict[str, Any]:
    """As data for the twin's process."""
    events = [{"kind": e.kind.value, "at": e.at, "ticks": e.ticks} for e in faults.events]
    return {**vars(faults), "events": events}
