"""A robot that is not ours, made ready for tasks: its driver, geometry that fits it, boxes it must keep to, and what
lies around it as a file or somebody's eyes say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from envs.calibration import Calibration, read_calibration
from envs.stage import world_spec
from envs.task import Task
from envs.typed_scene import read_typed_scene
from planner.robot_settings import RobotSettings
from planner.settings import SettingsError
from skills.base import Whereabouts
from skills.command_log import CommandLog
from skills.driver import Avoiding, DriverError, Embodiment, Kinematics, Perception, RobotDriver
from skills.driver_config import make_driver
from skills.driver_spec import spec_faults
from skills.guard import Approve, Guard, GuardLimits, consent_phrase
from skills.patience import PatientDriver
from skills.perception import PerceptionSetup, make_perception
from skills.resolve import ResolveError, resolve
from skills.types import Region, RobotSpec

GROUP = "groundplan.drivers"


@runtime_checkable
class Surroundings(Protocol):
    """What a driver's class may bring beyond the contract: its own geometry and eyes."""

    def embody(self, regions: Mapping[str, Region]) -> Embodiment:
        """This driver with its kinematics and perception; ``regions``: the named places of the scene."""


@dataclass(frozen=True)
class Care:
    """How a robot is watched over in a run. ``consent``: a person said that it may move; ``phrase``: asks a person to
    type the phrase, when nobody consented yet; ``approve``: asks whether it may go on after a protective stop; ``log``:
    the file that all commands go to; ``locked``: why nothing may move at all."""

    consent: bool = False
    phrase: Callable[[str], str] | None = None
    approve: Approve | None = None
    log: Path | None = None
    locked: str = ""

    def consented(self, spec: RobotSpec, settings: RobotSettings) -> str | None:
        """What a person typed or wrote, None when nobody did. A simulated robot needs none."""
        phrase = consent_phrase(spec)
        if spec.simulated or self.locked or settings.consent == phrase:
            return settings.consent
        if self.consent:
            return phrase
        return None if self.phrase is None else self.phrase(phrase)


def open_robot(task: Task, seed: int, settings: RobotSettings, name: str) -> Embodiment:
    """The robot called ``name`` among what the settings say lies around it; not connected, not guarded.

    Raises ResolveError for an unknown driver, ConfigError for its options, SettingsError when geometry or eyes are
    missing, FileError for what cannot be read.
    """
    made = make_driver(resolve(name, GROUP, RobotDriver), settings.options)
    scene = task.scene_object
    if isinstance(made, Surroundings):
        body = made.embody(scene.regions)
        return body if isinstance(body.driver, Guard) else replace(body, driver=_sound(body.driver, name))
    driver = _sound(made, name)
    calibration = Calibration() if settings.calibration is None else read_calibration(settings.calibration)
    perception = _eyes(task, seed, settings, calibration)
    if perception is None:
        raise ResolveError(
            f"driver {name!r} moves a robot but sees nothing: say what lies where with robot.objects: FILE, name "
            "eyes with robot.perception, give its class the method embody(regions) -> skills.driver.Embodiment, or "
            "test the robot alone with: groundplan driver check"
        )
    kinematics = _geometry(task, settings, calibration, driver.describe())
    return Embodiment(driver, kinematics, perception, scene.regions, Whereabouts(scene.stations))


def _sound(driver: RobotDriver, name: str) -> RobotDriver:
    """A driver whose calls all end, and whose description makes sense; raises DriverError."""
    patient = PatientDriver(driver, name)
    faults = spec_faults(patient.describe())
    if faults:
        raise DriverError(f"{name}: describe() cannot be right: {'; '.join(faults)}")
    return patient


def guarded(body: Embodiment, settings: RobotSettings, care: Care) -> Embodiment:
    """The body with a guard above its driver and the laboratory's limits in its geometry."""
    zones = settings.zones()
    kinematics, spec = body.kinematics, body.driver.describe()
    if zones.keep_out and isinstance(kinematics, Avoiding):
        kinematics.avoid(zones.keep_out)
    if settings.payload is not None:
        kinematics.spec = replace(kinematics.spec, payload=settings.payload)
    if isinstance(body.driver, Guard):
        return body
    guard = Guard(
        body.driver,
        kinematics,
        GuardLimits(pace=settings.speed, zones=zones),
        care.consented(spec, settings),
        approve=care.approve if settings.attended else None,
        journal=None if care.log is None else CommandLog(care.log, spec),
        locked=care.locked,
    )
    return replace(body, driver=guard)


def _geometry(task: Task, settings: RobotSettings, calibration: Calibration, spec: RobotSpec) -> Kinematics:
    """Kinematics of the named model, or the scene's, under the narrower limits of model and driver."""
    from sim.mobile_kinematics import kinematics_of

    scene = task.scene_object
    world = replace(world_spec(scene, ()), robot=settings.model or scene.robot)
    if calibration.base is not None:
        world = replace(world, base=calibration.base.pose)
    kinematics: Any = kinematics_of(world)
    model: RobotSpec = kinematics.spec
    differs = _mismatch(spec, model, world.robot, settings.model is not None)
    if differs:
        kinematics.close()
        raise SettingsError(differs)

    def narrow(key: str, pick: Callable[..., float]) -> tuple[float, ...]:
        return tuple(map(pick, getattr(model, key), getattr(spec, key)))

    kinematics.spec = replace(
        model,
        joint_names=spec.joint_names,
        lower=narrow("lower", max),
        upper=narrow("upper", min),
        home=tuple(map(_between, model.home, narrow("lower", max), narrow("upper", min))),
        max_velocity=narrow("max_velocity", min),
        max_acceleration=narrow("max_acceleration", min),
        gripper_range=spec.gripper_range,
        gripper_force=spec.gripper_force,
        gripper_speed=spec.gripper_speed,
        payload=min(model.payload, spec.payload),
    )
    return cast(Kinematics, kinematics)


def _mismatch(spec: RobotSpec, model: RobotSpec, name: str, chosen: bool) -> str:
    """Why the geometry called ``name`` cannot be that of the robot, "": it can. ``chosen``: a person named it."""
    theirs, ours = spec.joint_names, model.joint_names
    if (model.base is None) != (spec.base is None):
        drives, stands = (
            (spec.name, f"the model {name!r}") if model.base is None else (f"the model {name!r}", spec.name)
        )
        return (
            f"{drives} drives and {stands} stands still: name a model like the robot with robot.model, and a scene "
            "that it fits in (see: groundplan list robots)"
        )
    if len(ours) != len(theirs):
        return (
            f"{spec.name} has {len(theirs)} joints, the model {name!r} has {len(ours)}: name the robot's own with "
            "robot.model (see: groundplan list robots)"
        )
    if theirs != ours and sorted(theirs) == sorted(ours):
        return (
            f"{spec.name} gives the joints of {name!r} in another order: {', '.join(theirs)}; from foot to hand they "
            f"are {', '.join(ours)}: let describe() and read_state() have them in this order"
        )
    if theirs != ours and not chosen:
        return (
            f"{spec.name} calls its joints {', '.join(theirs)}; those of the scene's {name!r} are {', '.join(ours)}: "
            f"if it is the same arm, say so with robot.model: {name}"
        )
    for i, joint in enumerate(theirs):
        low, high = max(model.lower[i], spec.lower[i]), min(model.upper[i], spec.upper[i])
        if not low < high:
            return (
                f"joint {joint} of {spec.name} moves in {spec.lower[i]:.2f}..{spec.upper[i]:.2f}, that of the model "
                f"{name!r} in {model.lower[i]:.2f}..{model.upper[i]:.2f}: they have nothing in common; is its zero "
                "elsewhere, or its direction the other one?"
            )
    return ""


def _eyes(task: Task, seed: int, settings: RobotSettings, calibration: Calibration) -> Perception | None:
    from sim.camera_perception import models_of
    from sim.objects import make_body
    from skills.typed_perception import TypedPerception

    scene = task.scene_object
    if settings.objects is not None:
        return TypedPerception(read_typed_scene(settings.objects, scene), scene.regions)
    if settings.perception is None:
        return None
    bodies = [make_body(o.name, o.kind) for o in task.objects]
    cameras = {n: (c.mount, c.pose) for n, c in calibration.cameras.items()}
    setup = PerceptionSetup(models_of(bodies), scene.regions, seed, None, {"cameras": cameras})
    return make_perception(settings.perception, setup)


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
