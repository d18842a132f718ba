"""A plan tried out in simulation, from what a robot sees now, before that robot moves.

The world is built from an observation: every thing with the shape and at the pose that perception reports, the arm as
its joints read. What is tried there says whether the way is free and the grasps hold in simulation; it cannot know what
perception does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from envs.scenes import Scene
from envs.stage import world_spec
from sim.driver import PyBulletDriver
from sim.kinematics import ArmKinematics
from sim.mobile_kinematics import kinematics_of
from sim.objects import Body, make_body
from sim.perception import OraclePerception
from sim.world import Placed, World
from skills.base import Whereabouts
from skills.driver import Embodiment
from skills.executor import StepReport, execute
from skills.guard import Guard, GuardLimits
from skills.predicates import held_object
from skills.skill import GroundSkill
from skills.types import ObjectState, Observation, Pose

SETTLE_STEPS = 240  # physics steps for things to come to rest where they were seen


@dataclass(frozen=True)
class Rehearsal:
    """What came of it. ``steps``: those that were tried, the last one failed unless ``ok``; ``skipped``: why nothing
    was tried at all, empty when it was."""

    steps: tuple[StepReport, ...] = ()
    skipped: str = ""

    @property
    def ok(self) -> bool:
        """Every step's effects came true."""
        return not self.skipped and all(r.ok for r in self.steps)


def rehearse(
    scene: Scene, seen: Observation, steps: Sequence[GroundSkill], base: Pose | None = None, robot: str | None = None,
    limits: GuardLimits | None = None,
) -> Rehearsal:  # fmt: skip
    """Try ``steps`` from the state ``seen``. ``base``, ``robot``: where the arm's foot stands and which model it is,
    when they are not the scene's; ``limits``: of the guard, as in the run to come."""
    held = held_object(seen)
    if held is not None:
        return Rehearsal(skipped=f"the hand holds {held}; a rehearsal begins with empty hands")
    jointed = [t.name for t in seen.objects.values() if t.joint is not None]
    if jointed:
        return Rehearsal(skipped=f"furniture with moving parts is not rehearsed: {', '.join(jointed)}")
    placed = [Placed(_body(t), t.pose_world) for t in seen.objects.values()]
    spec = replace(world_spec(scene, placed), base=base or scene.base_pose, robot=robot or scene.robot)
    if seen.robot.base is not None:
        x, y, yaw = seen.robot.base
        spec = replace(spec, base=Pose.from_yaw((x, y, spec.base.position[2]), yaw))
    kinematics = kinematics_of(spec)
    try:
        with World(spec) as world:
            world.arm.reset(seen.robot.q, seen.robot.gripper_width)
            world.settle(SETTLE_STEPS)
            return Rehearsal(_tried(world, scene, kinematics, steps, limits or GuardLimits()))
    finally:
        kinematics.close()


def _tried(
    world: World, scene: Scene, kinematics: ArmKinematics, steps: Sequence[GroundSkill], limits: GuardLimits
) -> tuple[StepReport, ...]:
    kinematics.avoid(limits.zones.keep_out)
    driver = Guard(PyBulletDriver(world), kinematics, limits)
    driver.connect()
    body = Embodiment(driver, kinematics, OraclePerception(world), scene.regions, Whereabouts(scene.stations))
    reports: list[StepReport] = []
    for i, step in enumerate(steps):
        reports.append(execute(step, body, step_index=i))
        if not reports[-1].ok:
            break
    driver.close()
    return tuple(reports)


def _body(thing: ObjectState) -> Body:
    looks = make_body(thing.name, None)
    return Body(
        thing.name,
        thing.kind,
        thing.shape,
        thing.mass,
        looks.rgba,
        looks.friction,
        thing.movable,
        thing.soft,
        thing.colour,
    )
