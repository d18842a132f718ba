"""The observation a step would lead to, if it worked: nominal poses, for affordances of later steps.

Driven by effects alone (``in``, ``on``, ``at``, ``holding``), so that skills of other packages are imagined
too; an effect that says nothing about a pose changes none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from skills.spots import Spot, container_slots, region_spots, support_spots
from skills.symbols import GroundAtom, GroundOperator
from skills.types import ObjectState, Observation, Pose

UPRIGHT = (0.0, 0.0, 0.0, 1.0)


def imagine(obs: Observation, op: GroundOperator) -> Observation:
    """``obs`` with the nominal outcome of ``op``; what rests on or in a moved thing moves along."""
    objects = dict(obs.objects)
    for a in op.add:
        thing = objects.get(a.args[0]) if a.args else None
        if thing is None:
            continue
        spot = next(_spots(replace(obs, objects=objects), a, thing), None)
        if spot is not None:
            z = spot.heights[-1] + float(thing.extents()[2]) / 2
            objects[thing.name] = replace(thing, pose_world=Pose((spot.x, spot.y, z), thing.pose_world.orientation))
        elif a.predicate == "holding":
            objects[thing.name] = replace(thing, pose_world=Pose(obs.pose_world_tool.position, UPRIGHT))
    return replace(obs, objects=objects)


def _spots(obs: Observation, a: GroundAtom, thing: ObjectState) -> Iterator[Spot]:
    if a.predicate == "in" and a.args[1] in obs.objects:
        yield from container_slots(obs, thing, obs.objects[a.args[1]])
    elif a.predicate == "on" and a.args[1] in obs.objects:
        yield from support_spots(thing, obs.objects[a.args[1]])
    elif a.predicate == "at" and a.args[1] in obs.regions:
        yield from region_spots(obs, thing, obs.regions[a.args[1]], limit=1)
