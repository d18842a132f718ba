"""What a robot can and cannot do in a scene, before any task is tried: reach, lift, take hold, open; what to change.

Nothing moves: geometry, joint solutions and the skills' own affordances, at the start of an otherwise empty scene.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from envs.footprint import Footprint, footprint
from envs.reach import SIDE, TOP, PlaceReach, reach_of
from envs.scenes import Scene, load_scene
from envs.stage import fit_problem, kind_problem, world_spec
from sim.kinematics import ArmKinematics
from sim.lexicon import lexicon
from sim.mobile_kinematics import kinematics_of
from sim.objects import Body, make_body
from sim.robots import RobotConfig, load_robot
from sim.units import PlacedUnit, states_at_start
from sim.world import Fixture
from skills.base import Stand, station_at
from skills.driver import mobile
from skills.go_to import choose_stands
from skills.grasps import grasp_candidates, graspable_width
from skills.library import SkillLibrary, default_library
from skills.mechanisms import Motion
from skills.standing import as_if_at
from skills.types import Array, Mode, ObjectState, Observation, Pose, Region, RobotState

ENOUGH = 0.95  # share of a place's points that should be reached
PROMISING = 0.1  # an affordance above this counts as "can"


@dataclass(frozen=True)
class Verdict:
    """One thing and whether it can be taken, or one part and whether it can be moved. ``how``: what was asked."""

    name: str
    how: str
    can: bool
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """The scene seen from above: its furniture, ``pieces`` of it with moving parts (corners (N, 2) of their outlines),
    its places, where the robot stands (pose_world of foot or base)."""

    fixtures: tuple[Fixture, ...]
    pieces: tuple[Array, ...]
    regions: tuple[Region, ...]
    foot: Pose


@dataclass(frozen=True)
class RobotCheck:
    """The findings. ``problem``: why the robot does not fit in the scene at all, then the rest is empty; ``plan``: for
    a map; ``asked``: the things that count, all others are only told; ``advice``: what to change, most important
    first."""

    robot: str
    scene: str
    facts: dict[str, Any]
    problem: str = ""
    plan: Plan | None = None
    places: tuple[PlaceReach, ...] = ()
    things: tuple[Verdict, ...] = ()
    asked: tuple[str, ...] = ()
    parts: tuple[Verdict, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """It fits, reaches nearly all of every place, takes every thing that was asked for and moves every part."""
        reached = all(p.any_way >= ENOUGH for p in self.places)
        takes = all(v.can for v in self.things if v.name in self.asked)
        return not self.problem and reached and takes and all(v.can for v in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        places = [
            {
                "place": p.name,
                "points": len(p.points),
                "from_above": round(p.share(TOP), 3),
                "from_the_side": None if p.walled else round(p.share(SIDE), 3),
                "either": round(p.any_way, 3),
                "in_the_way": p.blocked,
            }
            for p in self.places
        ]
        plain = {k: v for k, v in asdict(self).items() if k not in ("places", "plan")}
        return plain | {"places": places, "ok": self.ok}


def check_robot(
    robot: str, scene_name: str, objects: Sequence[str] | None = None, library: SkillLibrary | None = None
) -> RobotCheck:
    """Check a robot (name or file) in a scene (name or file). ``objects``: names to be taken hold of; None: what the
    scene lists counts, and every known noun is looked at besides. Raises RobotConfigError and FileError for files that
    cannot be used."""
    scene = load_scene(scene_name).model_copy(update={"robot": robot})
    config = load_robot(robot)
    facts = _facts(config)
    problem = kind_problem(scene)
    if problem:
        return RobotCheck(config.spec.name, scene.name, facts, problem, advice=(problem.rpartition("; ")[2],))
    pieces = [f.piece(scene.surface) for f in scene.articulated]
    units = tuple(PlacedUnit(p.unit, _placed(p.pose_world)) for p in pieces)
    spec = world_spec(scene, (), None, units)
    kinematics = kinematics_of(spec)
    try:
        problem = fit_problem(scene, spec, kinematics)
        if problem:
            return RobotCheck(config.spec.name, scene.name, facts, problem, advice=(problem.rpartition("; ")[2],))
        seen = _first_look(scene, kinematics, spec.base, units)
        places = reach_of(scene, kinematics, seen, [standing_on(u) for u in units])
        things = _things(scene, config, objects)
        parts = _parts(scene, kinematics, seen, library or default_library())
        advice = tuple(_advice(scene, config, kinematics, places, things, parts))
        outlines = tuple(standing_on(u).corners for u in units)
        asked = tuple(scene.objects if objects is None else objects)
        plan = Plan(spec.fixtures, outlines, tuple(scene.regions.values()), spec.base)
        name = config.spec.name
        return RobotCheck(name, scene.name, facts, "", plan, places, things, asked, parts, advice)
    finally:
        kinematics.close()


def standing_on(placed: PlacedUnit) -> Footprint:
    """The outline of a piece of furniture with moving parts."""
    x, y, _ = placed.pose_world.position
    return footprint(placed.unit.body.shape, x, y, placed.pose_world.yaw)


def suits(robot: str) -> str:
    """The shipped scene that a robot is meant for: by whether it drives."""
    return "kitchen" if load_robot(robot).spec.base is not None else "tabletop"


def _placed(pose: Pose | None) -> Pose:
    assert pose is not None
    return pose


def _facts(config: RobotConfig) -> dict[str, Any]:
    spec = config.spec
    return {
        "joints": len(spec.joint_names),
        "drives": spec.base is not None,
        "opens_mm": round(spec.gripper_range[1] * 1000, 1),
        "takes_mm": round(graspable_width(spec) * 1000, 1),
        "payload_kg": spec.payload,
        "force_n": spec.gripper_force[1],
    }


def _first_look(scene: Scene, kinematics: ArmKinematics, base: Pose, units: Sequence[PlacedUnit]) -> Observation:
    """The robot at rest where the scene puts it, nothing but furniture around."""
    spec = kinematics.spec
    stand = (base.position[0], base.position[1], base.yaw) if spec.base is not None else None
    joints = (0.0,) * len(spec.home)
    robot = RobotState(0, 0.0, spec.home, joints, spec.gripper_range[1], False, Mode.IDLE, base=stand)
    things = {n: s for u in units for n, s in states_at_start(u).items()}
    at = station_at(stand, scene.regions, scene.stations) if stand is not None else None
    tool = kinematics.forward(spec.home)
    return Observation(robot, tool, things, scene.regions, robot_at=at, stations=scene.stations)


def _things(scene: Scene, config: RobotConfig, objects: Sequence[str] | None) -> tuple[Verdict, ...]:
    """Can the gripper take each, standing upright in the open?"""
    names = dict.fromkeys([*scene.objects, *lexicon()] if objects is None else objects)
    out = []
    for name in names:
        body = make_body(name)
        if objects is None and not body.movable:
            continue  # spills and the like
        grasps = grasp_candidates(_upright(body), config.spec)
        styles = ", ".join(dict.fromkeys(g.style for g in grasps.grasps))
        out.append(Verdict(name, styles or "take", bool(grasps.grasps), grasps.reason))
    return tuple(out)


def _upright(body: Body) -> ObjectState:
    return replace(body.state(Pose((0.0, 0.0, body.shape.size[2] / 2))), movable=True)


def _parts(scene: Scene, kinematics: ArmKinematics, seen: Observation, library: SkillLibrary) -> tuple[Verdict, ...]:
    """Can the robot open or press each part of the furniture, from a stand at its place?"""
    out = []
    driving = mobile(kinematics)
    at: dict[str | None, list[Stand]] = {None: []}
    for name, thing in seen.objects.items():
        joint = thing.joint
        if joint is None or joint.motion is Motion.LAMP or (name == joint.whole and len(joint.parts) > 1):
            continue
        skill = "press" if joint.motion is Motion.BUTTON else "open"
        if skill not in library:
            continue
        obs = seen
        if driving is not None:
            place = _place_of(scene, thing)
            if place not in at:
                at[place] = choose_stands(seen, driving, str(place))
            stands = at[place]
            if not stands:
                out.append(Verdict(name, skill, False, f"no room to stand at {place or 'it'}"))
                continue
            obs = as_if_at(seen, stands[0], kinematics.spec.home)
        kinematics.sync(obs)
        if joint.opens and joint.open:
            out.append(Verdict(name, skill, True, "open already"))
            continue
        found = library[skill].affordance(obs, kinematics, (name,))
        out.append(Verdict(name, skill, found.value > PROMISING, found.reason if found.value <= PROMISING else ""))
    kinematics.sync(seen)
    return tuple(out)


def _place_of(scene: Scene, thing: ObjectState) -> str | None:
    """The station at which a thing stands: the one whose rectangle is nearest."""
    at = (thing.pose_world.position[0], thing.pose_world.position[1], 0.0)
    return station_at(at, scene.regions, scene.stations)


def _advice(
    scene: Scene,
    config: RobotConfig,
    kinematics: ArmKinematics,
    places: Iterable[PlaceReach],
    things: Sequence[Verdict],
    parts: Sequence[Verdict],
) -> Iterable[str]:
    foot = np.asarray(kinematics.mount.position[:2])
    for place in places:
        missed = [p for p in place.points if not p.ways]
        if place.any_way >= ENOUGH or not missed or scene.within[place.name]:
            continue
        for blocker, count in sorted(place.blocked.items(), key=lambda b: -b[1])[:1]:
            yield f"{place.name}: {blocker} is in the way at {count} of {len(place.points)} points; move it"
        missed = [p for p in missed if not p.blocked]
        if not missed:
            continue
        if config.spec.base is not None:
            most = f"{len(missed)} of {len(place.points)} points"
            yield f"{place.name}: {most} are reached from no stand; mount the arm higher or lower (base_mount:)"
            continue
        reached = [math.dist(p.point[:2], foot) for p in place.points if p.ways]
        away = float(np.mean([math.dist(p.point[:2], foot) for p in missed]))
        if not reached:
            where = "foot: in the robot file, or base: in the scene"
            yield f"{place.name}: nothing is reached, {away:.2f} m from the foot; move the robot ({where})"
        elif away > float(np.mean(reached)):
            yield f"{place.name}: the far points are out of reach; move the foot nearer (foot: in the robot file)"
        else:
            yield f"{place.name}: the near points are too near; move the foot back (foot: in the robot file)"
    wide = [v.name for v in things if not v.can and "thick" in v.why]
    heavy = [v.name for v in things if not v.can and "payload" in v.why]
    if wide:
        yield f"{len(wide)} thing(s) are too thick for the fingers: a gripper with a longer stroke, or leave them out"
    if heavy:
        yield f"{len(heavy)} thing(s) are too heavy: a stronger arm, or payload: if the file understates it"
    for part in (p for p in parts if not p.can):
        yield f"{part.name}: move it, or choose another robot"
