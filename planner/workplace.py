"""Where a run takes place: a robot in its surroundings, made from a task, a seed and the name of a driver.

The simulator is the default. The fake robot works on the same tasks without physics; any other driver says
itself what surrounds it (`Surroundings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from envs.task import Task
from planner.events import Event, StepStarted
from planner.settings import Settings, SettingsError
from skills.driver import Embodiment, RobotDriver
from skills.guard import Guard, consent_phrase
from skills.resolve import ResolveError, resolve
from skills.standing import in_front_of
from skills.types import Region

if TYPE_CHECKING:
    from envs.stage import Stage

GROUP = "groundplan.drivers"
SIMULATOR = "pybullet"
FAKE = "fake"
FAKE_ROOM = 0.3  # [m] from a place's edge to the fake robot's base


@runtime_checkable
class Surroundings(Protocol):
    """What a driver's class needs beyond the contract so that tasks can run on it."""

    def embody(self, regions: Mapping[str, Region]) -> Embodiment:
        """This driver with its kinematics and perception; ``regions``: the named places of the scene."""


@dataclass(eq=False)
class Workplace:
    """A connected body and what is known about it. ``stage``: the simulated world with its judge, else None."""

    body: Embodiment
    driver: str
    stage: Stage | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def robot(self) -> str:
        """The robot's name for a person."""
        spec = self.body.driver.describe()
        return spec.name if not spec.simulated else f"{spec.name} (simulated)"

    @property
    def rate(self) -> float:
        """Control ticks per second."""
        return self.body.driver.describe().rate

    @property
    def perception(self) -> str:
        """Where knowledge of the things comes from."""
        return f"{self.body.perception.name} perception"

    def __call__(self, event: Event) -> None:
        """Listens to a run: some faults begin with a skill."""
        if isinstance(event, StepStarted) and self.stage is not None and self.stage.injector is not None:
            self.stage.injector.skill_starts()

    def __enter__(self) -> Workplace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the robot and let go of everything; harmless the second time."""
        with suppress(Exception):
            self.body.driver.stop()
        if self.stage is not None:
            self.stage.close()
        else:
            with suppress(Exception):
                self.body.driver.close()


def open_workplace(
    task: Task, seed: int, settings: Settings, driver: str = SIMULATOR, consent: bool = False, film: bool = False
) -> Workplace:
    """Make the task's start and connect the robot; moves nothing.

    ``consent``: a person watches, a robot that is not simulated may move. ``film``: note what a video needs.
    Raises ResolveError for an unknown driver or one that lacks surroundings, DriverError when the robot does not
    answer, StageError when the task does not fit the world.
    """
    if driver == SIMULATOR:
        return _simulated(task, seed, settings, film)
    if settings.faults:
        raise SettingsError(f"faults happen in the simulator only; leave them out or use --driver {SIMULATOR}")
    if driver == FAKE:
        return _fake(task, seed)
    made = resolve(driver, GROUP, RobotDriver)
    robot: Any = made() if isinstance(made, type) else made
    if not isinstance(robot, Surroundings):
        raise ResolveError(
            f"driver {driver!r} moves a robot but sees nothing: give its class the method "
            "embody(regions) -> skills.driver.Embodiment, or test the robot alone with: groundplan driver check"
        )
    body = robot.embody(task.scene_object.regions)
    phrase = consent_phrase(body.driver.describe()) if consent else None
    body = replace(body, driver=Guard(body.driver, body.kinematics, consent=phrase))
    body.driver.connect()
    return Workplace(body, driver)


def _simulated(task: Task, seed: int, settings: Settings, film: bool) -> Workplace:
    from envs.stage import build_stage
    from sim.faults import parse_fault

    try:
        faults = [parse_fault({"kind": f} if isinstance(f, str) else f) for f in settings.faults]
    except (ValueError, TypeError) as error:
        raise SettingsError(f"faults: {error}") from error
    stage = build_stage(task, seed, replace(settings.stage, record=film), faults)
    body = stage.body
    if not isinstance(body.driver, Guard):
        body = replace(body, driver=Guard(body.driver, body.kinematics))
    return Workplace(body, SIMULATOR, stage)


def _fake(task: Task, seed: int) -> Workplace:
    from envs.placement import place
    from envs.resting import PlacementError
    from envs.stage import StageError
    from sim.units import states_at_start
    from skills.drivers.fake import fake_embodiment
    from skills.drivers.fake_mobile import fake_mobile_embodiment

    scene = task.scene_object
    try:
        layout = place(task, scene, np.random.default_rng([seed, 0]))
    except PlacementError as error:
        raise StageError(f"task {task.id!r}: {error}") from None
    if layout.holding is not None:
        raise StageError(f"task {task.id!r}: the fake robot cannot start with something in its hand")
    things = [p.body.state(p.pose_world, 0) for p in layout.placed]
    things += [s for u in layout.units for s in states_at_start(u).values()]
    regions = list(scene.regions.values())
    if not scene.mobile:
        return Workplace(fake_embodiment(things, regions), FAKE)
    stand = (*scene.base.position[:2], scene.base.yaw)
    if task.start.robot.at is not None:
        stand = in_front_of(scene.regions[task.start.robot.at], stand, FAKE_ROOM)
    return Workplace(fake_mobile_embodiment(things, regions, scene.stations, stand), FAKE)
