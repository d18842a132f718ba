"""Moving a part along its joint: whole ways for the hand, from free space to the part, along with it, and away again.

Three things can fail and are kept apart, since the remedies differ: no joint solution at the handle (IK_NONE), no
straight way to or from it (LINE_NONE or what is in the way), no continuous way along the part's path (PULL_NONE).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skills.driver import Kinematics, MotionFailure, NoMotion
from skills.mechanisms import Mechanism
from skills.motion import DISTANCES, backwards, shifted
from skills.opening import Hold, as_if_moved, handle_name, heading, holds, lean_pairs, tool_on, way
from skills.predicates import inside
from skills.types import Array, Observation, Pose, Trajectory, Vec3

APPROACH_SPEED = 0.15  # [m/s]
PULL_SPEED = 0.15  # [m/s]
RETREAT_SPEED = 0.2  # [m/s]
OPENINGS = (0.034, 0.020, 0.012)  # [m] wider than the handle before closing on it, both sides together
TRIES = 16  # ways looked at in whole
UNREACHED = 12  # postures of the hand without a joint solution after which a handle counts as out of reach
BRANCHES = 3
PUSHABLE = 0.5  # cosine between the way and the inward normal of a face that can be pushed
FACE_MARGIN = 0.030  # [m] from a handle's end to where the face behind it is pushed
PUSH_LEANS = tuple(math.radians(a) for a in (0, 30, -30, 55, -55))
PRESS_SPEED = 0.02  # [m/s]
PRESS_AHEAD = 0.006  # [m] before the face of a button: where the slow part begins
PRESS_BEYOND = 0.006  # [m] past its stop: a face may be further away than it seems
PRESS_TIP = 0.007  # [m] from the tool point to the finger tips
PRESS_TILTS = (0.0, math.radians(20), math.radians(40))
TURNS = (0.0, math.pi / 2, math.pi, -math.pi / 2)


Key = tuple[float, ...]


@dataclass(frozen=True)
class Way:
    """Where the hand goes: tool poses along with the part. ``opening``: of the fingers on the way in [m]; ``grips``: it
    takes hold of the handle, else it pushes with closed fingers; ``score`` in (0, 1]; ``position``: of the joint in the
    end; ``start``, ``end``: keys that are alike where the first and the last pose are; ``speed`` [m/s]."""

    poses: Sequence[Pose]
    opening: float
    grips: bool
    score: float
    position: float
    start: Key
    end: Key
    speed: float = PULL_SPEED


@dataclass(frozen=True, eq=False)
class Handling:
    """A way with joint trajectories. ``start``: joints (D,) where the straight approach begins."""

    way: Way
    start: Array
    inward: Trajectory
    along: Trajectory
    outward: Trajectory


@dataclass(eq=False)
class _Begun:
    """What is known of a beginning. ``reached``: by any posture; ``good``: free ones, with the straight way there run
    backwards; ``failure``: the best one of the others and how far it got."""

    reached: bool
    good: list[tuple[Array, Trajectory]]
    failure: tuple[int, MotionFailure] | None = None

    def failed(self, far: int, failure: MotionFailure) -> None:
        if self.failure is None or far > self.failure[0]:
            self.failure = (far, failure)


def pulls(joint: Mechanism, position: float, foot: Vec3) -> Iterator[Way]:
    """Ways to move the part by its handle."""
    assert joint.handle is not None
    for wide in OPENINGS:
        for hold in holds(joint, position, foot):
            score = hold.score - (0.0 if wide == OPENINGS[0] else 0.1)
            yield _pull(joint, hold, position, joint.handle.thickness + wide, max(score, 0.05))


def _pull(joint: Mechanism, hold: Hold, position: float, opening: float, score: float) -> Way:
    return Way(
        way(joint, hold, position),
        opening,
        True,
        score,
        position,
        (hold.start, hold.flip, opening),
        (hold.end, hold.flip),
    )


def pushes(joint: Mechanism, position: float, foot: Vec3) -> Iterator[Way]:
    """Ways to push the face behind the handle, beside the handle's ends, the middle of the hand's lean first."""
    handle = joint.handle
    assert handle is not None
    if float(np.asarray(handle.out) @ heading(joint, handle.centre, position)) > -PUSHABLE:
        return  # the face is not on the side from which it can be pushed: the edge of a lid
    face = np.asarray(handle.centre) - np.asarray(handle.out) * handle.standoff
    for score, lean, end in lean_pairs(joint, position, foot, PUSH_LEANS):
        for side in (1.0, -1.0):
            point = face + side * np.asarray(handle.along) * (handle.length / 2 + FACE_MARGIN)
            for turn in TURNS:
                poses = tool_on(joint, point, lean, end, turn, position)
                start, ending = (lean, side, turn), (end, side, turn)
                yield Way(poses, 0.0, False, score, position, start, ending)


def presses(joint: Mechanism) -> Iterator[Way]:
    """Ways to push a button in with closed fingers, past the point where it stops, slowly."""
    axis = np.asarray(joint.axis)
    aside = np.cross(axis, (1.0, 0.0, 0.0) if abs(axis[0]) < 0.7 else (0.0, 1.0, 0.0))
    aside = aside / np.linalg.norm(aside)
    face = np.asarray(joint.point) + axis * joint.position
    deep = np.asarray(joint.point) + axis * (joint.travel + PRESS_BEYOND)
    for tilt in PRESS_TILTS:
        for turn in np.arange(8) * math.pi / 4 if tilt else (0.0,):
            hand = _pointing(axis, aside, tilt, float(turn))
            for spin in TURNS:
                pose = hand @ Pose.of((0, 0, 0), (0.0, 0.0, math.sin(spin / 2), math.cos(spin / 2)))
                back = pose.rotation()[:, 2] * PRESS_TIP
                poses = (
                    Pose.of(face - axis * PRESS_AHEAD - back, pose.orientation),
                    Pose.of(deep - back, pose.orientation),
                )
                key = (tilt, float(turn), spin)
                yield Way(poses, 0.0, False, 1.0 - 0.3 * tilt, joint.travel, key, key, PRESS_SPEED)


def _pointing(axis: Array, aside: Array, tilt: float, turn: float) -> Pose:
    """A frame whose z axis is ``axis`` tilted by ``tilt`` [rad] in the direction ``turn`` [rad] around it."""
    other = np.cross(axis, aside)
    lean = math.cos(turn) * aside + math.sin(turn) * other
    z = math.cos(tilt) * axis + math.sin(tilt) * lean
    x = np.cross(np.cross(z, aside), z)
    x = x / np.linalg.norm(x)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2] = x, np.cross(z, x), z
    return Pose.from_matrix(m)


class Search:
    """One search for ways to move a part from where it is: what is known of the beginnings and the ends of ways is not
    asked again, beginnings not even for another set of ways. The arm and all things stay where they are meanwhile.

    ``worst``: how far the best failure of the present set got, and the failure; ``whole``: ways of it followed from end
    to end so far.
    """

    def __init__(self, obs: Observation, kinematics: Kinematics, name: str) -> None:
        self.obs, self.q, self.kinematics, self.name = obs, obs.robot.q, kinematics, name
        joint = obs.objects[name].joint
        assert joint is not None
        part = joint.parts[0] if joint.parts else name
        riding = {n for n, o in obs.objects.items() if part in obs.objects and inside(o, obs.objects[part])}
        self.handle, self.moving = frozenset({handle_name(part)}), frozenset({part, handle_name(part), *riding})
        self._starts: dict[tuple[bool, Key], _Begun] = {}
        self._solved: dict[Key, list[Array]] = {}
        self._astray: set[tuple[Key, int]] = set()
        self._new_set()

    def _new_set(self) -> None:
        nowhere = MotionFailure(NoMotion.IK_NONE, f"the handle of {self.name} is out of reach")
        self.worst: tuple[int, MotionFailure] = (0, nowhere)
        self.whole = 0
        self._ends: dict[Key, bool] = {}
        self._unreached = 0

    def each(self, ways: Iterable[Way], tries: int = TRIES) -> Iterator[Handling]:
        """The ways of a set that work in whole, the transit to them excepted."""
        self._new_set()
        for candidate in ways:
            found = self.look(candidate)
            if found is not None:
                yield found
            if self.whole >= tries or self.hopeless:
                break

    def first(self, ways: Iterable[Way], tries: int = TRIES) -> Handling | MotionFailure:
        """The first of `each`; else the failure that came closest."""
        return next(self.each(ways, tries), None) or self.worst[1]

    @property
    def hopeless(self) -> bool:
        """Nothing at all was reached in many different postures of the hand."""
        return self._unreached >= UNREACHED and self.worst[0] == 0

    def look(self, candidate: Way) -> Handling | None:
        """One way in whole; None when it does not work."""
        start, end = (candidate.grips, candidate.start), candidate.end
        if start not in self._starts:
            self._starts[start] = self._begin(candidate)
        begun = self._starts[start]
        self._unreached += not begun.reached
        if begun.failure is not None:
            self._fail(*begun.failure)
        if not begun.good:
            return None
        if end not in self._ends:
            self._ends[end] = bool(self.kinematics.solutions(candidate.poses[-1], self.q, 1))
            if not self._ends[end]:
                self._fail(3, MotionFailure(NoMotion.PULL_NONE, f"{self.name} ends up out of reach"))
        if not self._ends[end]:
            return None
        self.whole += 1
        self.kinematics.spread(candidate.opening)
        for q, inward in begun.good:
            found = self._follow(q, inward, candidate)
            if found is not None:
                return found
        return None

    def _fail(self, far: int, failure: MotionFailure) -> None:
        if far > self.worst[0]:
            self.worst = (far, failure)

    def _begin(self, candidate: Way) -> _Begun:
        """Joint solutions at the beginning that are free and have a straight way to them."""
        kin, ignore = self.kinematics, self.handle if candidate.grips else self.moving
        kin.spread(candidate.opening)
        where = candidate.poses[0]
        key = tuple(round(v, 5) for v in (*where.position, *where.orientation))
        if key not in self._solved:  # the same for fingers opened more or less
            self._solved[key] = kin.solutions(where, self.q, BRANCHES)
        begun = _Begun(bool(self._solved[key]), [])
        for i, q in enumerate(self._solved[key]):
            if (key, i) in self._astray:
                continue
            hit = kin.obstacle(q, None, ignore)
            if hit is not None:
                why = f"{hit} is in the way of the hand at {self.name}"
                begun.failed(1, MotionFailure(NoMotion.COLLISION, why, hit))
                continue
            back = straight_back(kin, q, where, self.handle, APPROACH_SPEED)
            if isinstance(back, MotionFailure):
                begun.failed(2, back)
                if back.obstacle is None:  # the arm itself cannot, however far the fingers are open
                    self._astray.add((key, i))
                continue
            hit = kin.obstacle(back.positions[-1])
            if hit is not None:
                begun.failed(2, MotionFailure(NoMotion.COLLISION, f"{hit} is in the way before {self.name}", hit))
                continue
            begun.good.append((q, back))
        return begun

    def _follow(self, q: Array, back: Trajectory, candidate: Way) -> Handling | None:
        kin, name = self.kinematics, self.name
        along = kin.through(q, candidate.poses[1:], candidate.speed, None, self.moving)
        if isinstance(along, MotionFailure):
            why = f"the arm cannot follow {name} on its way: {along.detail}"
            blocked = along.obstacle is not None
            self._fail(5 if blocked else 4, along if blocked else MotionFailure(NoMotion.PULL_NONE, why))
            return None
        outward = self._pulled(along, candidate) if candidate.grips else self._out(along, candidate, self.moving)
        if isinstance(outward, MotionFailure):
            self._fail(5 if outward.reason is NoMotion.PULL_NONE else 6, outward)
            return None
        return Handling(candidate, back.positions[-1], backwards(back), along, outward)

    def _pulled(self, along: Trajectory, candidate: Way) -> Trajectory | MotionFailure:
        """The way back from the handle with the part where it has come to, if the arm stands in its way neither half
        way nor in the end."""
        kin, joint = self.kinematics, self.obs.objects[self.name].joint
        assert joint is not None
        try:
            for share, q in ((0.5, along.positions[len(along.positions) // 2]), (1.0, along.positions[-1])):
                position = joint.position + share * (candidate.position - joint.position)
                kin.sync(replace(self.obs, objects=as_if_moved(self.obs.objects, self.name, position)))
                kin.spread(0.0)
                hit = kin.obstacle(q, None, self.handle)
                if hit is not None:
                    return MotionFailure(NoMotion.PULL_NONE, f"{hit} would be pulled against the arm")
            kin.spread(candidate.opening)
            return self._out(along, candidate, self.handle)
        finally:
            kin.sync(self.obs)
            kin.spread(candidate.opening)

    def _out(self, along: Trajectory, candidate: Way, ignore: frozenset[str]) -> Trajectory | MotionFailure:
        return straight_back(self.kinematics, along.positions[-1], candidate.poses[-1], ignore)


def straight_back(
    kin: Kinematics,
    q: Sequence[float] | Array,
    tool: Pose,
    ignore: frozenset[str],
    speed: float = RETREAT_SPEED,
) -> Trajectory | MotionFailure:
    """Straight back out of the hand's direction, as far as it goes."""
    out = -tool.rotation()[:, 2]
    failure = MotionFailure(NoMotion.LINE_NONE, NoMotion.LINE_NONE.value)
    for distance in DISTANCES:
        line = kin.line(q, shifted(tool, (float(out[0]), float(out[1]), float(out[2])), distance), speed, None, ignore)
        if not isinstance(line, MotionFailure):
            return line
        failure = line
    return failure
