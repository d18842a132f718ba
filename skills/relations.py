"""What stands near what: next to it, left or right of it, before or behind it.

Two things are near when both stand on one surface, or directly on or in one thing, a little apart. What is carried (the
cake on a plate) is where its carrier is. Left and right are those of somebody who stands before the place
(`Region.view`); where nobody said, there are none. Geometry of outlines seen from above; the judge has its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from skills.geometry import plan_gaps, plan_radius
from skills.symbols import GroundAtom
from skills.types import Array, Form, ObjectState, Observation, Region

NEAR = 0.10  # [m] between outlines of what is next to each other
AWAY = 0.30  # [m] the same of what is still left of something
SECTOR = math.cos(math.radians(50))  # a direction is meant up to this angle
LEVEL = 0.02  # [m] between the heights on which two things stand
OUTLINE = 16  # points of a round outline
SIDES: Mapping[str, tuple[float, float]] = {  # along the view, to its left
    "left_of": (0.0, 1.0),
    "right_of": (0.0, -1.0),
    "in_front_of": (-1.0, 0.0),
    "behind": (1.0, 0.0),
}


def relations(obs: Observation, facts: Iterable[GroundAtom]) -> frozenset[GroundAtom]:
    """Every relation that holds. ``facts``: what rests on, in and at what."""
    chains = _chains(obs, facts)
    names = sorted(chains)
    roots = [obs.objects[chains[n][-1]] for n in names]
    views = {r.name: place_under(obs, r) for r in roots}
    found: set[GroundAtom] = set()
    for i, j in _close(roots):
        a, b = names[i], names[j]
        pair = _level(obs, chains[a], chains[b])
        if pair is not None:
            found.update(_between(a, b, *pair, views[roots[j].name] or views[roots[i].name]))
    return frozenset(found)


def _close(things: Sequence[ObjectState]) -> list[tuple[int, int]]:
    """Pairs of indices of what stands on one height and near enough to be looked at."""
    if len(things) < 2:
        return []
    where = np.array([t.pose_world.position for t in things])[:, :2]
    radii, bottoms = np.array([plan_radius(t) for t in things]), np.array([t.bottom_z for t in things])
    far = np.linalg.norm(where[:, None] - where, axis=2) > AWAY + radii[:, None] + radii
    found = np.argwhere(np.triu(~far & (np.abs(bottoms[:, None] - bottoms) < LEVEL), 1))
    return [(int(i), int(j)) for i, j in found]


def direction(region: Region | None, side: str) -> Array | None:
    """(2,) unit direction from a thing to what is on that side of it, in the world; None where nobody said how the
    place is looked at."""
    if region is None or region.view is None or not any(region.view):
        return None
    ahead, left = SIDES[side]
    x, y = np.asarray(region.view) / np.hypot(*region.view)
    return np.array([ahead * x - left * y, ahead * y + left * x])


def place_under(obs: Observation, thing: ObjectState) -> Region | None:
    """The widest place without walls on whose surface a thing stands."""
    x, y, _ = thing.pose_world.position
    under = [
        r
        for r in obs.regions.values()
        if r.rim is None and abs(r.surface - thing.bottom_z) < LEVEL and r.contains(x, y, LEVEL)
    ]
    return max(under, key=lambda r: (r.high[0] - r.low[0]) * (r.high[1] - r.low[1]), default=None)


def gap(a: ObjectState, b: ObjectState) -> float:
    """Horizontal distance between two outlines [m]; 0 or less when they overlap."""
    return float(min(np.min(plan_gaps(b, outline(a))), np.min(plan_gaps(a, outline(b)))))


def outline(obj: ObjectState) -> Array:
    """(N, 2) points around a thing, seen from above."""
    centre = np.asarray(obj.pose_world.position)[:2]
    if obj.shape.form is Form.SPHERE or (obj.shape.form in (Form.CYLINDER, Form.BOWL) and obj.upright):
        turns = np.arange(OUTLINE) * (2 * math.pi / OUTLINE)
        return np.asarray(centre + obj.shape.size[0] / 2 * np.column_stack([np.cos(turns), np.sin(turns)]))
    upright = obj.upright and obj.shape.form in (Form.BOX, Form.BIN)
    half = np.asarray(obj.shape.size[:2] if upright else obj.extents()[:2], float) / 2
    ring = np.array([(1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0)]) * half
    yaw = obj.pose_world.yaw if upright else 0.0
    c, s = math.cos(yaw), math.sin(yaw)
    return np.asarray(centre + ring @ np.array([[c, s], [-s, c]]))


def _chains(obs: Observation, facts: Iterable[GroundAtom]) -> dict[str, list[str]]:
    """For everything that stands somewhere: itself, what carries it, what carries that, ..."""
    below: dict[str, str] = {}
    at: set[str] = set()
    for fact in facts:
        if fact.predicate in ("on", "in") and fact.args[1] in obs.objects:
            below[fact.args[0]] = fact.args[1]
        elif fact.predicate == "at":
            at.add(fact.args[0])
    found = {}
    for name, thing in obs.objects.items():
        chain = [name]
        while chain[-1] in below and below[chain[-1]] not in chain:
            chain.append(below[chain[-1]])
        if thing.solid and (chain[-1] in at or len(chain) > 1):
            found[name] = chain
    return found


def _level(obs: Observation, a: list[str], b: list[str]) -> tuple[ObjectState, ObjectState] | None:
    """Those of two chains of carriers that stand side by side: both at the end of their chain, or on one thing."""
    if a[-1] != b[-1]:
        one, other = obs.objects[a[-1]], obs.objects[b[-1]]
        return (one, other) if abs(one.bottom_z - other.bottom_z) < LEVEL else None
    common = next(n for n in a if n in b)
    i, j = a.index(common), b.index(common)
    return (obs.objects[a[i - 1]], obs.objects[b[j - 1]]) if i and j else None


def _between(a: str, b: str, one: ObjectState, other: ObjectState, region: Region | None) -> Iterator[GroundAtom]:
    """The relations of a pair, both ways. ``one``, ``other``: what carries each where they stand side by side;
    ``region``: on which they stand in the end."""
    apart = np.subtract(one.pose_world.position, other.pose_world.position)[:2]
    far = float(np.hypot(*apart))
    if far > AWAY + plan_radius(one) + plan_radius(other):
        return
    between = gap(one, other)
    if between < NEAR:
        yield GroundAtom("beside", (a, b))
        yield GroundAtom("beside", (b, a))
    for side in SIDES if between < AWAY and far > 0 else ():
        way = direction(region, side)
        cosine = 0.0 if way is None else float(way @ apart) / far
        if cosine > SECTOR:
            yield GroundAtom(side, (a, b))
        elif cosine < -SECTOR:
            yield GroundAtom(side, (b, a))
