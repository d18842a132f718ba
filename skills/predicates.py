"""From what is seen to what is true: symbolic facts by pure geometry over one observation.

``at(obj, place)``: rests on the place's surface with its centre in the rectangle (and, by `State`, whatever it
carries); ``on(a, b)``: rests directly on b; ``in(a, b)``: lies in the hollow of b. What is held rests on nothing.
"""

from __future__ import annotations

import math

import numpy as np

from skills.geometry import covers, distance_to, inside_opening, resting_gap, width_along
from skills.jointed import joint_facts, joint_types
from skills.loose import POURED_SHARE
from skills.niches import contains
from skills.regions import as_bin
from skills.relations import relations
from skills.state import State, Thing
from skills.symbols import GroundAtom, Literal
from skills.types import Form, ObjectState, Observation

CONTACT_GAP = 0.008  # [m] faces this close touch: twice a good pose estimate's error
IN_DEPTH = 0.005  # [m] what lies in a container reaches at least this far below its rim
CENTRE_SLACK = 0.002  # [m] a centre this far beyond an edge still counts as over it
SUPPORT_WIDTH = 0.028  # [m] the least width of a top face on which something can be put
LEVEL = math.radians(10)  # a face tilted less is level
CONTAINER_TILT = math.radians(40)  # a bowl tilted more holds nothing
GRASP_REACH = 0.012  # [m] what is held is at most this far from the point between the pads
GRASP_WIDTH = 0.010  # [m] agreement of finger opening and thickness when the robot cannot tell whether it holds
EMPTY_WIDTH = 0.002  # [m] fingers closed further than this hold nothing
HOME_TOLERANCE = 0.05  # [rad or m] each joint from the rest posture
UNSEEN = "something unseen"  # the robot feels a grasp but no known thing is between the pads


def held_object(obs: Observation) -> str | None:
    """The name of what the gripper holds; `UNSEEN` when it feels something that is not among the objects."""
    robot = obs.robot
    if robot.holding is False or robot.gripper_width < EMPTY_WIDTH:
        return None
    tool = np.asarray(obs.pose_world_tool.position)
    closing = obs.pose_world_tool.rotation()[:, 1]
    near = []
    for name, thing in obs.objects.items():
        if not thing.movable or math.dist(thing.pose_world.position, tool) > math.hypot(*thing.shape.size) / 2 + 0.02:
            continue  # most things, told cheaply: this runs many times in a motion
        away = distance_to(thing, tool)
        if away < GRASP_REACH:
            near.append((max(away, 0.0), _width_error(thing, closing, robot.gripper_width), name))
    if robot.holding is None:
        near = [n for n in near if n[1] < GRASP_WIDTH]
    if near:
        return min(near)[2]
    return UNSEEN if robot.holding else None


def _width_error(thing: ObjectState, closing: np.ndarray, width: float) -> float:
    expected = thing.shape.wall if thing.shape.hollow else width_along(thing, closing)
    return abs(expected - width)


def inside(a: ObjectState, b: ObjectState) -> bool:
    """Whether ``a`` lies in the hollow of ``b``: centre within the opening, lowest part below the rim."""
    if not b.container or b.pose_world.tilt > CONTAINER_TILT:
        return False
    if b.niche is not None:
        return bool(contains(b, np.array([a.pose_world.position]))[0])
    if a.grains is not None:
        return share_inside(a, b) >= POURED_SHARE
    if a.container and math.prod(a.shape.size[:2]) > math.prod(b.shape.size[:2]):
        return False  # the mug is in the basket, the basket is not in the mug: the wider one is around the other
    seen = b.pose_world.inverse()
    centre = seen.apply(a.pose_world.position)
    if not inside_opening(b, centre[None, :])[0]:
        return False
    axis = b.pose_world.rotation()[:, 2]
    lowest = float(centre[2]) - width_along(a, axis) / 2
    half = b.shape.size[2] / 2
    return -half - CONTACT_GAP < lowest < half - IN_DEPTH


def share_inside(stuff: ObjectState, container: ObjectState) -> float:
    """Share of the grains of loose stuff that are within the hollow of a container, below its rim."""
    assert stuff.grains is not None
    if not stuff.grains.positions:
        return 0.0
    local = container.pose_world.inverse().apply(np.asarray(stuff.grains.positions))
    half = container.shape.size[2] / 2
    within = inside_opening(container, local) & (local[:, 2] < half) & (local[:, 2] > -half - CONTACT_GAP)
    return float(np.mean(within))


def is_support(thing: ObjectState) -> bool:
    """A flat, level top face, wide enough to put something on: a box on any face, an upright cylinder."""
    form = thing.shape.form
    rotation = thing.pose_world.rotation()
    if form is Form.CYLINDER:
        return thing.pose_world.tilt < LEVEL and thing.shape.size[0] >= SUPPORT_WIDTH
    if form is Form.BOX:
        up = int(np.argmax(np.abs(rotation[2])))
        others = [s for i, s in enumerate(thing.shape.size) if i != up]
        return bool(abs(rotation[2, up]) > math.cos(LEVEL)) and min(others) >= SUPPORT_WIDTH
    return False


def types_of(thing: ObjectState) -> frozenset[str]:
    """Every symbolic type of a thing: thing, movable, container, support, vessel, wiper ..."""
    if thing.grains is not None:
        return frozenset({"thing", "stuff"})
    if thing.patch is not None:
        return frozenset({"thing", "spill"})
    types = {"thing"}
    if thing.wipes and thing.movable:
        types.add("wiper")
    if thing.movable and thing.shape.form is Form.BOWL:
        types.add("vessel")
    if thing.movable:
        types.add("movable")
    if thing.container:
        types.add("container")
    if is_support(thing):
        types.add("support")
    if thing.joint is not None:
        types |= joint_types(thing.joint)
    return frozenset(types)


def supports(obs: Observation, name: str, held: str | None = None) -> tuple[list[str], list[str], list[str]]:
    """What carries a thing that is not held: (containers it lies in, things it rests on, regions it stands in)."""
    thing = obs.objects[name]
    x, y, _ = thing.pose_world.position
    others = [(n, o) for n, o in obs.objects.items() if n not in (name, held) and o.solid]
    if thing.grains is not None:  # also of what is held: it goes where its vessel goes
        return [n for n, o in obs.objects.items() if o.solid and inside(thing, o)], [], []
    containers = [n for n, o in others if inside(thing, o)]
    gaps = {n: resting_gap(thing, o) for n, o in others if n not in containers and abs(o.top_z - thing.bottom_z) < 0.2}
    touching = {n: abs(g) for n, g in gaps.items() if abs(g) < CONTACT_GAP}
    under = [n for n in touching if covers(obs.objects[n], x, y, CENTRE_SLACK)]
    regions: list[str] = []
    if not containers:
        best = min((touching[n] for n in under), default=math.inf)
        for region in obs.regions.values():
            walled = as_bin(region)
            if walled is not None:
                if inside(thing, walled):
                    regions.append(region.name)
                continue
            gap = abs(thing.bottom_z - region.surface)
            # a thin thing between: whichever face is nearer carries it
            if gap < CONTACT_GAP and gap <= best and region.contains(x, y):
                regions.append(region.name)
    if regions:
        return containers, [], regions  # what leans on a neighbour but stands on the surface is not on the neighbour
    if under:
        return containers, under, []
    return containers, list(touching) if not containers and len(touching) > 1 else [], []  # a bridge rests on all


def symbolic_state(obs: Observation) -> State:
    """The symbolic state that holds now: base facts, types and the nesting of places."""
    held = held_object(obs)
    base: set[GroundAtom] = set()
    if held is not None:
        base.add(GroundAtom("holding", (held,)))
    for name, thing in obs.objects.items():
        if thing.patch is not None and thing.patch.clean:
            base.add(GroundAtom("clean", (name,)))
        if thing.upright and thing.solid:
            base.add(GroundAtom("upright", (name,)))
        if name == held:
            continue
        containers, under, regions = supports(obs, name, held)
        base.update(GroundAtom("in", (name, c)) for c in containers)
        base.update(GroundAtom("on", (name, u)) for u in under)
        base.update(GroundAtom("at", (name, r)) for r in regions)
    if obs.robot_at is not None:
        base.add(GroundAtom("robot_at", (obs.robot_at,)))
    base.update(GroundAtom("visited", (p,)) for p in obs.visited)
    twins = joint_facts(obs, base)
    if at_home(obs):
        base.add(GroundAtom("home"))
    unseen = frozenset(n for n in obs.unseen if n not in obs.objects)
    near = relations(obs, base)
    return State(frozenset(base), _things(obs), _nesting(obs), twins, unseen, near)


def at_home(obs: Observation) -> bool:
    """Whether the arm is in the rest posture that the observation names under ``extra["home"]``."""
    home = obs.extra.get("home")
    return home is not None and all(abs(a - b) < HOME_TOLERANCE for a, b in zip(obs.robot.q, home, strict=True))


def holds(literal: Literal, obs: Observation) -> bool:
    """Whether a literal is true now (closed world: what is not seen is not so)."""
    return symbolic_state(obs).holds(literal)


def _things(obs: Observation) -> dict[str, Thing]:
    things = {n: Thing(n, types_of(o)) for n, o in (*obs.unseen.items(), *obs.objects.items())}
    for name, region in obs.regions.items():
        known = things[name].types if name in things else frozenset()
        more = {"place"} | ({"station"} if name in obs.stations else set()) | ({"person"} if region.person else set())
        things[name] = Thing(name, known | more)
    return things


def _nesting(obs: Observation) -> dict[str, frozenset[str]]:
    return {
        name: frozenset(n for n, other in obs.regions.items() if n != name and region.within(other))
        for name, region in obs.regions.items()
    }
