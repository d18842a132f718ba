"""Things at rest stand on something: heights that nearly touch are made to touch.

The furniture's heights are known (a map), the heights of things are measured to some millimetres, from far off to a
centimetre or two. What hangs or sinks by less than `NEAR` and the error to be expected of it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from skills.geometry import covers, resting_gap
from skills.types import ObjectState, Region

NEAR = 0.010  # [m]
INSIDE_NEAR = 0.008  # [m] the same over the floor of a bowl


def rest_on_supports(
    states: Mapping[str, ObjectState],
    regions: Mapping[str, Region],
    held: str | None = None,
    errors: Mapping[str, float] | None = None,
) -> dict[str, ObjectState]:
    """The same things with their heights set on what carries them, lowest first; ``held`` stays as it is. ``errors``:
    of heights that are known less well than usual, how much worse they may be [m], by name."""
    done: dict[str, ObjectState] = {}
    for name in sorted(states, key=lambda n: (states[n].bottom_z, n)):
        thing = states[name]
        if name != held:
            gap = _gap(thing, done, regions, held, NEAR + (errors or {}).get(name, 0.0))
            if gap is not None:
                thing = replace(thing, pose_world=thing.pose_world.moved(dz=-gap))
        done[name] = thing
    return {name: done[name] for name in states}


def _gap(
    thing: ObjectState, below: Mapping[str, ObjectState], regions: Mapping[str, Region], held: str | None, near: float
) -> float | None:
    """Height of a thing's underside over what most likely carries it [m]; None when nothing is as near as ``near``."""
    x, y, _ = thing.pose_world.position
    bottom = thing.bottom_z
    gaps = [bottom - r.surface for r in regions.values() if r.contains(x, y, 0.15)]
    found = [g for g in gaps if abs(g) < near]
    for name, other in below.items():
        if name == held or abs(other.pose_world.position[0] - x) + abs(other.pose_world.position[1] - y) > 0.4:
            continue
        if other.container and other.upright:
            gap = bottom - other.bottom_z - other.shape.wall
            if abs(gap) < INSIDE_NEAR + near - NEAR and covers(other, x, y) and thing.top_z > other.bottom_z + 0.01:
                found.append(gap)
                continue
        if abs(bottom - other.top_z) < near and covers(other, x, y):
            gap = resting_gap(thing, other)
            if abs(gap) < near:
                found.append(gap)
    return min(found, key=abs) if found else None
