"""Where a run takes place: a robot in its surroundings, made from a task, a seed and the name of a driver.

The simulator is the default. The twin is the same robot in another process, behind a socket. The fake robot works on
the same tasks without physics. Any other driver: `planner.laboratory`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from envs.eyes import AUTO, ORACLE
from envs.task import Task
from planner.events import Event, StepStarted
from planner.laboratory import GROUP, Care, Surroundings, guarded, open_robot
from planner.settings import Settings, SettingsError
from skills.base import Whereabouts
from skills.driver import Embodiment
from skills.driver_config import read_config
from skills.guard import Guard
from skills.standing import in_front_of

if TYPE_CHECKING:
    from envs.goals import Goal
    from envs.judge import Verdict
    from envs.stage import Stage
    from sim.faults import Fault

__all__ = ["FAKE", "GROUP", "SIMULATOR", "TWIN", "Care", "Surroundings", "Workplace", "open_workplace"]

SIMULATOR = "pybullet"
FAKE = "fake"
TWIN = "twin"
FAKE_ROOM = 0.3  # [m] from a place's edge to the fake robot's base


class Judging(Protocol):
    """Who knows the ground truth; no planner asks."""

    def verdict(self, goal: Goal | None = None) -> Verdict:
        """Whether the goal, or the task's own, was reached."""


@dataclass(eq=False)
class Workplace:
    """A connected body and what is known about it. ``stage``: the simulated world with its judge, else None; ``judge``:
    who knows the ground truth, if anybody does; ``release``: what else has to be let go at the end;
    ``measure``: the twin's own account of how its limits were kept."""

    body: Embodiment
    driver: str
    stage: Stage | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    judge: Judging | None = None
    release: Callable[[], None] = lambda: None
    measure: Callable[[], Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        if self.judge is None and self.stage is not None:
            self.judge = self.stage.judge

    @property
    def robot(self) -> str:
        """The robot's name for a person."""
        spec = self.body.driver.describe()
        return spec.name if not spec.simulated else f"{spec.name} (simulated)"

    @property
    def rate(self) -> float:
        """Control ticks per second."""
        return self.body.driver.describe().rate

    def settled(self, settings: Settings) -> Settings:
        """The settings as they go into the record: with the perception that a stage took, never "auto"."""
        if self.stage is None:
            return settings
        return replace(settings, stage=replace(settings.stage, perception=self.stage.settings.perception))

    @property
    def perception(self) -> str:
        """Where knowledge of the things comes from."""
        note = self.stage.note if self.stage is not None else ""
        return f"{self.body.perception.name} perception" + (f" ({note})" if note else "")

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
            with suppress(Exception):
                self.release()


def open_workplace(
    task: Task,
    seed: int,
    settings: Settings,
    driver: str = "",
    consent: bool = False,
    film: bool = False,
    care: Care | None = None,
) -> Workplace:
    """Make the task's start and connect the robot; moves nothing.

    ``driver``: its name, empty: the one in the settings. ``consent``: a person watches, a robot that is not simulated
    may move. ``film``: note what a video needs. ``care``: how the robot is watched over. Raises ResolveError for an
    unknown driver or one that lacks surroundings, DriverError when the robot does not answer, StageError when the task
    does not fit the world.
    """
    care = care or Care(consent=consent)
    driver = driver or settings.robot.driver
    if driver == SIMULATOR:
        return _simulated(task, seed, settings, film, care)
    if settings.faults and driver != TWIN:
        raise SettingsError(f"faults happen in simulations only; leave them out or use --driver {SIMULATOR} or {TWIN}")
    if driver == FAKE:
        return _fake(task, seed, settings, care)
    place = (
        _twin(task, seed, settings)
        if driver == TWIN
        else Workplace(open_robot(task, seed, settings.robot, driver), driver)
    )
    try:
        place.body = guarded(place.body, settings.robot, care)
        place.body.driver.connect()
    except BaseException:
        place.close()
        raise
    return place


def _simulated(task: Task, seed: int, settings: Settings, film: bool, care: Care) -> Workplace:
    from envs.stage import build_stage

    stage = build_stage(task, seed, replace(settings.stage, record=film), _faults(settings))
    return Workplace(guarded(stage.body, settings.robot, care), SIMULATOR, stage)


def _faults(settings: Settings) -> list[Fault]:
    from sim.faults import parse_fault

    try:
        return [parse_fault({"kind": f} if isinstance(f, str) else f) for f in settings.faults]
    except (ValueError, TypeError) as error:
        raise SettingsError(f"faults: {error}") from error


def eyes_of_twin(settings: Settings) -> str:
    """The perception in the twin's process: its link carries poses, no search, so that "auto" is the oracle."""
    return ORACLE if settings.stage.perception == AUTO else settings.stage.perception


def _twin(task: Task, seed: int, settings: Settings) -> Workplace:
    """A simulated robot in a process of its own, behind a socket."""
    from envs.stage import world_spec
    from envs.twin import TwinJudge, start_twin
    from sim.faults import AROUND, When
    from sim.mobile_kinematics import kinematics_of
    from sim.twin import TwinConfig, TwinEyes

    config = read_config(TwinConfig, settings.robot.options, TWIN)
    if config.port:
        raise SettingsError(
            "robot.options.port: a run starts a twin of its own, with the task's things; leave port out"
        )
    faults = _faults(settings)
    for fault in faults:
        if fault.kind not in AROUND or fault.when is When.SKILL:
            raise SettingsError(
                f"faults: {fault.kind.value} when {fault.when.value}: around the twin happen "
                f"{', '.join(k.value for k in AROUND)} at a tick or while carrying; trouble of the robot or its "
                "link: robot.options.faults"
            )
    scene = task.scene_object
    process, robot = start_twin(task, seed, config, eyes_of_twin(settings), faults)
    eyes, kinematics = TwinEyes(robot), kinematics_of(world_spec(scene, ()))
    body = Embodiment(robot, kinematics, eyes, scene.regions, Whereabouts(scene.stations))

    def release() -> None:
        process.close()
        kinematics.close()

    return Workplace(body, TWIN, judge=TwinJudge(robot), release=release, measure=lambda: robot.ask("measure"))


def _fake(task: Task, seed: int, settings: Settings, care: Care) -> Workplace:
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
        return Workplace(_unguarded(fake_embodiment(things, regions), settings, care), FAKE)
    stand = (*scene.base.position[:2], scene.base.yaw)
    if task.start.robot.at is not None:
        stand = in_front_of(scene.regions[task.start.robot.at], stand, FAKE_ROOM)
    body = fake_mobile_embodiment(things, regions, scene.stations, stand)
    return Workplace(_unguarded(body, settings, care), FAKE)


def _unguarded(body: Embodiment, settings: Settings, care: Care) -> Embodiment:
    """A body that brought a guard of its own, with the run's guard instead."""
    driver = body.driver
    return guarded(replace(body, driver=driver.driver if isinstance(driver, Guard) else driver), settings.robot, care)
