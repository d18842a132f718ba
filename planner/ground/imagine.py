"""The observation a step would lead to, if it worked: nominal poses, for affordances of later steps.

Driven by effects alone (``in``, ``on``, ``at``, ``holding``), so that skills of other packages are imagined
too; an effect that says nothing about a pose changes none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from skills.opening import as_if_moved
from skills.spot import Spot
from skills.spots import container_slots, region_spots, support_spots
from skills.standing import as_if_at, in_front_of
from skills.symbols import GroundAtom, GroundOperator
from skills.turning import stood
from skills.types import ObjectState, Observation, Pose

IN_FRONT = 0.25  # [m] a base's radius, nominally
WIDE = 0.96  # share of its travel to which a thing is opened, nominally
UPRIGHT = (0.0, 0.0, 0.0, 1.0)


def imagine(obs: Observation, op: GroundOperator) -> Observation:
    """``obs`` with the nominal outcome of ``op``; what rests on or in a moved thing moves along."""
    for a in op.add:
        if a.predicate == "robot_at" and a.args[0] in obs.regions and obs.robot.base is not None:
            obs = _standing(obs, a.args[0])
        if a.predicate == "known" and a.args[0] in obs.unseen and a.args[0] not in obs.objects:
            obs = _found(obs, a.args[0])
    objects = dict(obs.objects)
    for a in op.add:
        thing = objects.get(a.args[0]) if a.args else None
        if thing is None:
            continue
        if a.predicate in ("open", "closed") and thing.joint is not None:
            share = WIDE if a.predicate == "open" else 0.0
            objects = as_if_moved(objects, thing.name, share * thing.joint.travel)
            continue
        if a.predicate == "upright":
            up = stood(thing)
            low = (float(up.extents()[2]) - float(thing.extents()[2])) / 2
            objects[thing.name] = replace(up, pose_world=up.pose_world.moved(dz=low))
            continue
        spot = next(_spots(replace(obs, objects=objects), a, thing), None)
        if spot is not None:
            z = spot.heights[-1] + float(thing.extents()[2]) / 2
            objects[thing.name] = replace(thing, pose_world=Pose((spot.x, spot.y, z), thing.pose_world.orientation))
        elif a.predicate == "holding":
            objects[thing.name] = replace(thing, pose_world=Pose(obs.pose_world_tool.position, UPRIGHT))
            if obs.robot.base is not None:  # what is in the hand drives along
                wide = thing.shape.wall if thing.shape.hollow else min(thing.shape.size[:2])
                obs = replace(obs, robot=replace(obs.robot, holding=True, gripper_width=wide))
                if thing.shape.hollow:  # by its rim, hanging ahead of the hand
                    objects[thing.name] = replace(thing, pose_world=_by_the_rim(obs.pose_world_tool, thing))
        if obs.robot.base is not None and spot is not None:
            obs = replace(obs, robot=replace(obs.robot, holding=False))
    return replace(obs, objects=objects)


def _by_the_rim(tool: Pose, thing: ObjectState) -> Pose:
    """Where a hollow thing's centre is when the tool holds the middle of its wall: along the closing direction."""
    aside = tool.rotation()[:, 1] * (thing.shape.size[0] - thing.shape.wall) / 2
    x, y, z = (float(v) for v in tool.position + aside)
    return Pose((x, y, z - 0.3 * thing.shape.size[2]), UPRIGHT)


def _standing(obs: Observation, place: str) -> Observation:
    """The robot in front of a place, its arm and what it holds carried along; skills choose the true stand later."""
    assert obs.robot.base is not None
    there = as_if_at(obs, in_front_of(obs.regions[place], obs.robot.base, IN_FRONT), obs.robot.q)
    return replace(there, robot_at=place, visited=obs.visited | {place})


def _found(obs: Observation, name: str) -> Observation:
    """A thing that was looked for, lying free at a place, and the robot at that place: anywhere is as good as any."""
    thing = obs.unseen[name]
    places = [p for p in obs.stations if obs.regions[p].rim is None] or list(obs.regions)
    place = obs.robot_at if obs.robot_at in places else places[0] if places else None
    if place is None:
        return obs
    if obs.robot.base is not None and place in obs.stations:
        obs = _standing(obs, place)
    spot = next(iter(region_spots(obs, thing, obs.regions[place], limit=1)), None)
    x, y = (spot.x, spot.y) if spot is not None else obs.regions[place].centre
    pose = Pose((x, y, obs.regions[place].surface + thing.shape.size[2] / 2))
    rest = {n: o for n, o in obs.unseen.items() if n != name}
    return replace(obs, objects={**obs.objects, name: replace(thing, pose_world=pose)}, unseen=rest)


def _spots(obs: Observation, a: GroundAtom, thing: ObjectState) -> Iterator[Spot]:
    if a.predicate == "in" and a.args[1] in obs.objects:
        yield from container_slots(obs, thing, obs.objects[a.args[1]])
    elif a.predicate == "on" and a.args[1] in obs.objects:
        yield from support_spots(thing, obs.objects[a.args[1]])
    elif a.predicate == "at" and a.args[1] in obs.regions:
        yield from region_spots(obs, thing, obs.regions[a.args[1]], limit=1)
