"""How parts on joints move, and how a hand takes hold of them: pure geometry over `skills.mechanisms`.

A hand holds a bar handle across its thickness; it may lean about the bar, and lean differently at the end of the way
than at its start, since a round bar turns between flat pads. That freedom is what lets an arm follow the arc of a door.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from skills.mechanisms import Handle, Mechanism, Motion
from skills.types import Array, ObjectState, Pose, Vec3

LEANS = tuple(math.radians(a) for a in (0, 20, -20, 40, -40, 60, -60, 80, -80))  # of the hand about the bar
LEAN_COST = 0.12  # preference lost per radian of leaning at the worst point
STEP = 0.02  # [m] between poses along a way
FINGER_TIP = 0.009  # [m] from the tool point to the finger tips, and a little: what is pushed shut has some tolerance


@dataclass(frozen=True)
class Hold:
    """One way to take a handle: the hand's lean about the bar at the start and at the end of the way [rad], and which
    finger is on which side (``flip``). ``score`` in (0, 1]."""

    start: float
    end: float
    flip: bool
    score: float


def handle_name(part: str) -> str:
    """What a part's handle is called among obstacles."""
    return f"{part} handle"


def carry(joint: Mechanism, pose_world: Pose, position: float) -> Pose:
    """A pose on the moving part, after the joint has gone from where it is to ``position``."""
    return displacement(joint, position) @ pose_world


def displacement(joint: Mechanism, position: float) -> Pose:
    """The rigid motion of the part from now to ``position`` [m] or [rad], seen from the world."""
    by, axis = position - joint.position, np.asarray(joint.axis)
    if joint.motion is not Motion.HINGE:
        return Pose.of(axis * by)
    turn = Pose.of((0.0, 0.0, 0.0), (*(axis * math.sin(by / 2)), math.cos(by / 2)))
    point = np.asarray(joint.point)
    return Pose.of(point - turn.apply(point), turn.orientation)


def heading(joint: Mechanism, point: Vec3, position: float) -> Array:
    """(3,) unit direction in which a point of the part sets off towards ``position``."""
    axis = np.asarray(joint.axis) * (1.0 if position > joint.position else -1.0)
    if joint.motion is not Motion.HINGE:
        return axis
    tangent = np.cross(axis, np.asarray(point) - np.asarray(joint.point))
    return np.asarray(tangent / np.linalg.norm(tangent))


def tool_at(handle: Handle, lean: float, flip: bool) -> Pose:
    """pose_world_tool of a hand around the bar: z towards the face, turned by ``lean`` about the bar."""
    along, inward = np.asarray(handle.along), -np.asarray(handle.out)
    z = math.cos(lean) * inward + math.sin(lean) * np.cross(along, inward)
    y = np.cross(z, along) * (-1.0 if flip else 1.0)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2], m[:3, 3] = np.cross(y, z), y, z, handle.centre
    return Pose.from_matrix(m)


def holds(joint: Mechanism, position: float, foot: Vec3) -> Iterator[Hold]:
    """Ways to take the handle for moving the part to ``position``, the most comfortable for an arm at ``foot``
    first."""
    if joint.handle is not None:
        for score, start, end in lean_pairs(joint, position, foot, LEANS):
            for flip in (False, True):
                yield Hold(start, end, flip, score)


def lean_pairs(
    joint: Mechanism, position: float, foot: Vec3, leans: Sequence[float]
) -> list[tuple[float, float, float]]:
    """(score, lean at the start, lean at the end), best first. What slides is held the same way throughout.

    A hand is at ease when it points down or away from the arm's foot, and least so when it points back at it or up.
    """
    assert joint.handle is not None
    by = position - joint.position
    ahead = np.asarray(joint.handle.centre) - np.asarray(foot)
    ahead = np.array([ahead[0], ahead[1], 0.0]) / max(1e-6, float(np.hypot(ahead[0], ahead[1])))
    turned = displacement(joint, position).rotation()
    hands = {a: tool_at(joint.handle, a, False).rotation()[:, 2] for a in leans}
    pairs = itertools.product(leans, leans) if joint.motion is Motion.HINGE else ((a, a) for a in leans)
    found = []
    for start, end in pairs:
        unease = max(_unease(hands[start], ahead), _unease(turned @ hands[end], ahead))
        lean = LEAN_COST * max(abs(start), abs(end)) + LEAN_COST * abs(start - end) / max(1.0, abs(by))
        found.append((max(0.05, 1.0 - lean - 0.5 * unease), start, end))
    return sorted(found, key=lambda f: -f[0])


def _unease(pointing: Array, ahead: Array) -> float:
    """0: down or ahead, 1: up or straight back."""
    return float(max(0.0, pointing[2], -pointing @ ahead) ** 2)


class Poses(Sequence[Pose]):
    """Poses along a way, each worked out when it is first asked for: of most ways only both ends are."""

    def __init__(self, count: int, make: Callable[[float], Pose]) -> None:
        """``make``: the pose at a share of the way, 0 to 1."""
        self._made: list[Pose | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Pose: ...
    @overload
    def __getitem__(self, index: slice) -> list[Pose]: ...
    def __getitem__(self, index: int | slice) -> Pose | list[Pose]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        i = range(len(self))[index]
        made = self._made[i]
        if made is None:
            made = self._made[i] = self._make(i / (len(self) - 1))
        return made


def _count(joint: Mechanism, position: float) -> int:
    """How many poses a way to ``position`` has."""
    length = abs(position - joint.position) * (_radius(joint) if joint.motion is Motion.HINGE else 1.0)
    return max(2, math.ceil(length / STEP)) + 1


def way(joint: Mechanism, hold: Hold, position: float) -> Poses:
    """pose_world_tool along the way from now to ``position``, the first one at the handle where it is."""
    handle = joint.handle
    assert handle is not None

    def at(share: float) -> Pose:
        by = share * (position - joint.position)
        moved = carry(joint, tool_at(handle, hold.start, hold.flip), joint.position + by)
        return _turned(moved, _carried_axis(joint, by), share * (hold.end - hold.start))

    return Poses(_count(joint, position), at)


def tool_on(joint: Mechanism, point: Array, start: float, end: float, turn: float, position: float) -> Poses:
    """pose_world_tool along the way of closed fingers that push the face at ``point`` (3,) world, their tips on it.

    ``start``, ``end``: lean about the bar's direction [rad]; ``turn``: of the hand about its own direction.
    """
    handle = joint.handle
    assert handle is not None
    spin = Pose.of((0.0, 0.0, 0.0), (0.0, 0.0, math.sin(turn / 2), math.cos(turn / 2)))

    def at(share: float) -> Pose:
        hand = tool_at(handle, start + share * (end - start), False)
        by = share * (position - joint.position)
        there = carry(joint, Pose.of(point, (hand @ spin).orientation), joint.position + by)
        return there @ Pose((0.0, 0.0, -FINGER_TIP))

    return Poses(_count(joint, position), at)


def _radius(joint: Mechanism) -> float:
    """From the hinge to the handle [m]."""
    assert joint.handle is not None
    arm = np.asarray(joint.handle.centre) - np.asarray(joint.point)
    return float(np.linalg.norm(np.cross(arm, joint.axis)))


def _carried_axis(joint: Mechanism, by: float) -> Array:
    assert joint.handle is not None
    if joint.motion is not Motion.HINGE:
        return np.asarray(joint.handle.along)
    turn = Pose.of((0.0, 0.0, 0.0), (*(np.asarray(joint.axis) * math.sin(by / 2)), math.cos(by / 2)))
    return np.asarray(turn.apply(joint.handle.along))


def _turned(pose: Pose, axis: Array, angle: float) -> Pose:
    """The pose turned about an axis through its own origin."""
    turn = Pose.of((0.0, 0.0, 0.0), (*(axis * math.sin(angle / 2)), math.cos(angle / 2)))
    return Pose.of(pose.position, (turn @ Pose.of((0.0, 0.0, 0.0), pose.orientation)).orientation)


def as_if_moved(objects: Mapping[str, ObjectState], name: str, position: float) -> dict[str, ObjectState]:
    """All things as they would be with the joint of ``name`` at ``position``; what lies in the part comes along."""
    from skills.predicates import inside

    out = dict(objects)
    joint = objects[name].joint
    assert joint is not None
    shift = displacement(joint, position)
    part = joint.parts[0] if joint.parts else name
    handle = joint.handle
    if handle is not None:
        turn = shift.rotation()
        centre, along, out_of = shift.apply(handle.centre), turn @ np.array(handle.along), turn @ np.array(handle.out)
        handle = replace(handle, centre=_vec(centre), along=_vec(along), out=_vec(out_of))
    riding = [n for n, o in objects.items() if part in objects and inside(o, objects[part])]
    for other in dict.fromkeys((part, *riding)):
        if other in out and (other != joint.whole):
            out[other] = replace(out[other], pose_world=shift @ out[other].pose_world)
    for other in (name, *joint.parts):
        own = out[other].joint if other in out else None
        if own is not None:
            out[other] = replace(out[other], joint=replace(own, position=position, handle=handle))
    return out


def _vec(v: Array) -> Vec3:
    x, y, z = (float(a) for a in v)
    return x, y, z
