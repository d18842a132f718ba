"""The stage: a task becomes a world at rest, a robot in it, and a judge that watches.

Used by the command line, by evaluations and by the Gymnasium environments, so that all of them see the same start
for the same task and seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from envs.eyes import AUTO, eyes_in, eyes_note, make_eyes, name_problem
from envs.facts import PhysicalFacts
from envs.furniture import KINDS
from envs.judge import Judge
from envs.placement import Layout, place
from envs.resting import PlacementError
from envs.scenes import Scene
from envs.station import stationed
from envs.strict import choices_text
from envs.task import GRIPPER, Task
from sim.arm import ROBOT
from sim.faults import Fault, FaultInjector
from sim.faulty import FaultyDriver, FaultyPerception
from sim.grains import PlacedGrains
from sim.mobile_kinematics import kinematics_of
from sim.recorder import Recorder
from sim.robots import load_robot, robot_names
from sim.units import PlacedUnit
from sim.world import FLOOR, Placed, World, WorldSpec
from skills.base import Whereabouts
from skills.driver import Embodiment, Perception, RobotDriver
from skills.resolve import ResolveError
from skills.symbols import lit
from skills.types import Form, Pose

if TYPE_CHECKING:
    from sim.camera import CameraSpec
    from sim.kinematics import ArmKinematics

SLIPPED = 0.03  # [m] a thing that leaves its start place further while settling did not stand
FELL = math.radians(20)
RESTARTS = 6  # fresh draws when something does not stand
SETTLE_STEPS = 720  # physics steps for the start to come to rest
FAULT_STREAM = 77_001  # keeps the draws of faults apart from those of the start


class StageError(ValueError):
    """A task that cannot be staged; the message names what and why."""


@dataclass(frozen=True)
class StageSettings:
    """``perception``: where the robot's knowledge of things comes from (stated with every number): auto (what the scene
    says), oracle, camera, an installed entry point of ``groundplan.perception``, or module:Callable. ``record``: note
    poses while it runs, for pictures and video. ``robot``: another robot than the scene's, by its shipped name or the
    path of its file."""

    perception: str = AUTO
    record: bool = False
    robot: str | None = None

    def __post_init__(self) -> None:
        problem = name_problem(self.perception)
        if problem:
            raise StageError(problem)


@dataclass(eq=False)
class Stage:
    """A task, ready to run. Close it, or use it as a context.

    ``settings``: with the perception that it got, never "auto"; ``body``: all that a planner may touch (its driver is
    connected); ``judge``: ground truth, not for planners; ``start``: where everything stood when the judge began, by
    name; ``recorder``: None unless wanted; ``injector``: of the faults, None without any; ``note``: why the perception
    is not the one that the scene says.
    """

    task: Task
    scene: Scene
    seed: int
    settings: StageSettings
    world: World
    body: Embodiment
    judge: Judge
    layout: Layout
    start: dict[str, Pose] = field(default_factory=dict)
    recorder: Recorder | None = None
    injector: FaultInjector | None = None
    note: str = ""

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the robot and free everything; harmless the second time."""
        self.judge.close()
        if self.recorder is not None:
            self.recorder.stop()
        if self.injector is not None and self.world.client.open:
            self.injector.close()
        self.body.driver.close()
        kinematics: Any = self.body.kinematics
        kinematics.close()
        self.world.close()

    def picture(self, width: int | None = None, height: int | None = None) -> NDArray[np.uint8]:
        """(H, W, 3) what the scene's camera sees now."""
        from sim.camera import take

        return take(self.world, self.scene_camera(width, height)).rgb

    def scene_camera(self, width: int | None = None, height: int | None = None) -> CameraSpec:
        """The scene's own camera, in its own resolution unless told otherwise."""
        from sim.camera import CameraSpec

        c = self.scene.camera
        return CameraSpec(
            eye=c.eye, target=c.target, fov=c.fov, width=width or c.width, height=height or c.height, far=c.far
        )

    def film_camera(self, width: int, height: int) -> CameraSpec:
        """The view for pictures and video of a run: from across the table, or, of a whole room, the scene's own."""
        from sim.camera import facing_camera

        return self.scene_camera(width, height) if self.scene.mobile else facing_camera(self.world.spec, width, height)


def world_spec(
    scene: Scene,
    placed: Sequence[Placed],
    holding: str | None = None,
    units: Sequence[PlacedUnit] = (),
    grains: Sequence[PlacedGrains] = (),
) -> WorldSpec:
    """The physical world of a scene with these things in it."""
    fixtures, decor = (tuple(f.fixture() for f in group) for group in (scene.fixtures, scene.decor))
    built = {f.name for f in fixtures} | {ROBOT, FLOOR}
    for name in (*(p.body.name for p in placed), *(n for u in units for n in u.unit.names), *(g.name for g in grains)):
        if name in built:
            raise StageError(f"{name!r} is something else in scene {scene.name!r}; give the thing another name")
    base, things = foot_pose(scene), tuple(placed)
    more = {"units": tuple(units), "grains": tuple(grains)}
    return WorldSpec(scene.robot, base, fixtures, things, scene.regions, holding, scene.floor, decor, **more)


def foot_pose(scene: Scene) -> Pose:
    """Where the scene's robot is bolted down, or where on the floor its base stands."""
    config = load_robot(scene.robot)
    return scene.base_pose if config.spec.base is not None else scene.base_pose @ Pose(config.foot)


def scene_for(task: Task, robot: str | None) -> Scene:
    """The task's scene, with another robot if one is named; raises StageError for one of the wrong kind."""
    scene = task.scene_object
    if robot is not None:
        scene = scene.model_copy(update={"robot": robot})
    problem = kind_problem(scene)
    if problem:
        raise StageError(f"task {task.id!r}: {problem}")
    return scene


def settled(task: Task, settings: StageSettings) -> StageSettings:
    """The settings as a stage of ``task`` takes them: with the perception by its own name, never "auto". Raises
    StageError or RobotConfigError for a robot that the task's scene cannot have."""
    return replace(settings, perception=eyes_in(scene_for(task, settings.robot), settings.perception))


def kind_problem(scene: Scene) -> str:
    """Why the scene's robot is of the wrong kind for it, "" when it is not."""
    if scene.mobile == (load_robot(scene.robot).spec.base is not None):
        return ""
    kind = [n for n in robot_names() if (load_robot(n).spec.base is not None) == scene.mobile]
    does = "stands still, and the places of" if scene.mobile else "drives, and nothing in"
    needs = "are far apart" if scene.mobile else "needs a robot that drives"
    return f"robot {scene.robot!r} {does} scene {scene.name!r} {needs}; choose one of {', '.join(kind)}"


def build_stage(
    task: Task, seed: int = 0, settings: StageSettings | None = None, faults: Sequence[Fault] = ()
) -> Stage:
    """Draw the start, build the world, let it settle, connect the robot, seat the judge.

    ``faults``: what is to go wrong on purpose, drawn by the same seed. Equal arguments give equal worlds to the last
    bit. Raises StageError when things do not fit, do not stand or cannot be held, when a fault names what is not
    there, and when the robot has no room to stand where the task puts it.
    """
    settings = settings or StageSettings()
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise StageError(f"a seed is a whole number from 0 on, got {seed!r}")
    scene = scene_for(task, settings.robot)
    note = eyes_note(scene, settings.perception)
    settings = replace(settings, perception=eyes_in(scene, settings.perception))
    trouble: list[str] = []
    for attempt in range(RESTARTS):
        rng = np.random.default_rng([int(seed), attempt])
        try:
            layout = place(task, scene, rng)
        except PlacementError as err:
            raise StageError(f"task {task.id!r}: {err}") from None
        spec = world_spec(scene, layout.placed, layout.holding, layout.units, layout.grains)
        kinematics = kinematics_of(spec)
        world = None
        try:
            spec = stationed(task, scene, spec, kinematics)
            problem = fit_problem(scene, spec, kinematics)
            if problem:
                raise StageError(f"task {task.id!r}: {problem}")
            world = World(spec)
            world.settle(SETTLE_STEPS)
            trouble = unstable(task, scene, layout, world)
            if not trouble:
                return replace(_furnish(task, scene, int(seed), settings, world, kinematics, layout, faults), note=note)
        except BaseException as err:
            kinematics.close()
            if world is not None:
                world.close()
            if isinstance(err, PlacementError):
                raise StageError(f"task {task.id!r}: {err}") from None
            raise
        kinematics.close()
        world.close()
    raise StageError(f"task {task.id!r}: the start does not stand after {RESTARTS} draws: {'; '.join(trouble)}")


def fit_problem(scene: Scene, spec: WorldSpec, kinematics: ArmKinematics) -> str:
    """Why the robot, at rest where it begins, does not fit: it touches furniture or itself. "" when it does."""
    touched = kinematics.resting_hit(spec.base)
    if touched is None:
        return ""
    what = "itself" if touched == ROBOT else touched
    remedy = "mend its home posture" if touched == ROBOT else "move the base or the furniture, or choose another robot"
    return (
        f"robot {scene.robot!r} does not fit in scene {scene.name!r}: at rest it touches {what}; {remedy} "
        f"({', '.join(robot_names())})"
    )


def _furnish(
    task: Task,
    scene: Scene,
    seed: int,
    settings: StageSettings,
    world: World,
    kinematics: ArmKinematics,
    layout: Layout,
    faults: Sequence[Fault],
) -> Stage:
    from sim.driver import PyBulletDriver

    world.tick = 0  # time begins when everything rests
    start = {name: world.pose(name) for name in world.bodies}
    judge = Judge(world, task, scene)  # before the first fault
    driver: RobotDriver = PyBulletDriver(world)
    try:
        perception: Perception = make_eyes(scene, settings.perception, seed, world)
    except (ResolveError, ValueError) as error:
        raise StageError(f"task {task.id!r}: {error}") from None
    injector = None
    if faults:
        try:
            injector = FaultInjector(world, faults, np.random.default_rng([seed, FAULT_STREAM]))
        except KeyError as err:
            raise StageError(f"task {task.id!r}: {err.args[0]}") from None
        noise = np.random.default_rng([seed, FAULT_STREAM, 1])
        driver, perception = FaultyDriver(driver, injector), FaultyPerception(perception, injector, noise)
    driver.connect()
    body = Embodiment(driver, kinematics, perception, scene.regions, Whereabouts(scene.stations))
    recorder = Recorder(world) if settings.record else None
    return Stage(task, scene, seed, settings, world, body, judge, layout, start, recorder, injector)


def unstable(task: Task, scene: Scene, layout: Layout, world: World) -> list[str]:
    """What did not stay where the task wants it, as lines for a person."""
    facts = PhysicalFacts(world, scene.regions)
    truth = facts.truth
    trouble = []
    loose = [o for o in task.objects if o.kind not in KINDS]
    for thing, placed in zip(loose, layout.placed, strict=True):
        name, pose = thing.name, truth.poses[thing.name]
        if thing.at == GRIPPER:
            if truth.held() != name:
                trouble.append(f"the gripper cannot hold {name!r}")
            continue
        if thing.at in world.bodies:
            if not facts.holds(lit("on", name, str(thing.at))):
                trouble.append(f"{name!r} does not stay on or in {thing.at!r}")
            continue
        rolled = math.dist(pose.position[:2], placed.pose_world.position[:2]) > SLIPPED
        fell = placed.body.shape.form is not Form.SPHERE and abs(pose.tilt - placed.pose_world.tilt) > FELL
        if thing.contents is not None and not facts.holds(lit("in", thing.contents, name)):
            trouble.append(f"{thing.contents!r} does not stay in {name!r}")
        if rolled or fell:
            trouble.append(f"{name!r} {'falls over' if fell else 'slides away'}")
    if not trouble and not truth.still(speed=0.02, spin=0.3):
        moving = [n for n, v in truth.velocities.items() if math.hypot(*v) > 0.02]
        trouble.append(f"still moving: {choices_text(moving)}")
    return trouble
