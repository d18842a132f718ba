"""Moving a part along its joint: whole ways for the hand, from free space to the part, along with it, and away again.

Three things can fail and are kept apart, since the remedies differ: no joint solution at the handle (IK_NONE), no
straight way to or from it (LINE_NONE or what is in the way), no continuous way along the part's path (PULL_NONE).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from skills.driver import Kinematics, MotionFailure, NoMotion
from skills.mechanisms import Mechanism
from skills.motion import DISTANCES, backwards, shifted
from skills.opening import Hold, handle_name, holds, lean_pairs, tool_on, way
from skills.predicates import inside
from skills.types import Array, Observation, Pose, Trajectory, Vec3

APPROACH_SPEED = 0.15  # [m/s]
PULL_SPEED = 0.15  # [m/s]
RETREAT_SPEED = 0.2  # [m/s]
OPENINGS = (0.034, 0.020, 0.012)  # [m] wider than the handle before closing on it, both sides together
TRIES = 16  # ways looked at in whole
UNREACHED = 12  # postures of the hand without a joint solution after which a handle counts as out of reach
BRANCHES = 3
FACE_MARGIN = 0.030  # [m] from a handle's end to where the face behind it is pushed
PUSH_LEANS = tuple(math.radians(a) for a in (0, 30, -30, 55, -55))
TURNS = (0.0, math.pi / 2, math.pi, -math.pi / 2)


Key = tuple[float, ...]


@dataclass(frozen=True)
class Way:
    """Where the hand goes: tool poses along with the part. ``opening``: of the fingers on the way in [m]; ``grips``: it
    takes hold of the handle, else it pushes with closed fingers; ``score`` in (0, 1]; ``position``: of the joint in the
    end; ``start``, ``end``: keys that are alike where the first and the last pose are."""

    poses: tuple[Pose, ...]
    opening: float
    grips: bool
    score: float
    position: float
    start: Key
    end: Key


@dataclass(frozen=True, eq=False)
class Handling:
    """A way with joint trajectories. ``start``: joints (D,) where the straight approach begins."""

    way: Way
    start: Array
    inward: Trajectory
    along: Trajectory
    outward: Trajectory


def pulls(joint: Mechanism, position: float, foot: Vec3) -> Iterator[Way]:
    """Ways to move the part by its handle."""
    assert joint.handle is not None
    for wide in OPENINGS:
        for hold in holds(joint, position, foot):
            score = hold.score - (0.0 if wide == OPENINGS[0] else 0.1)
            yield _pull(joint, hold, position, joint.handle.thickness + wide, max(score, 0.05))


def _pull(joint: Mechanism, hold: Hold, position: float, opening: float, score: float) -> Way:
    poses = tuple(way(joint, hold, position))
    return Way(poses, opening, True, score, position, (hold.start, hold.flip, opening), (hold.end, hold.flip))


def pushes(joint: Mechanism, position: float, foot: Vec3) -> Iterator[Way]:
    """Ways to push the face behind the handle, beside the handle's ends, the middle of the hand's lean first."""
    handle = joint.handle
    assert handle is not None
    face = np.asarray(handle.centre) - np.asarray(handle.out) * handle.standoff
    for score, lean, end in lean_pairs(joint, position, foot, PUSH_LEANS):
        for side in (1.0, -1.0):
            point = face + side * np.asarray(handle.along) * (handle.length / 2 + FACE_MARGIN)
            for turn in TURNS:
                poses = tool_on(joint, point, lean, end, turn, position)
                start, ending = (lean, side, turn), (end, side, turn)
                yield Way(tuple(poses), 0.0, False, score, position, start, ending)


def find_handling(
    obs: Observation, kinematics: Kinematics, name: str, ways: Iterable[Way], tries: int = TRIES
) -> Handling | MotionFailure:
    """The first way that works in whole, the transit to it excepted; else the failure that came closest."""
    joint = obs.objects[name].joint
    assert joint is not None
    part = joint.parts[0]
    riding = {n for n, o in obs.objects.items() if part in obs.objects and inside(o, obs.objects[part])}
    moving = frozenset({part, handle_name(part), *riding})
    search = _Search(obs, kinematics, name, frozenset({handle_name(part)}), moving)
    for candidate in ways:
        found = search.look(candidate)
        if found is not None:
            return found
        if search.whole >= tries or search.hopeless:
            break
    return search.worst[1]


class _Search:
    """One search: what is known of the beginnings and the ends of ways is not asked again.

    ``worst``: how far the best failure got, and the failure; ``whole``: ways followed from end to end so far.
    """

    def __init__(
        self, obs: Observation, kinematics: Kinematics, name: str, handle: frozenset[str], moving: frozenset[str]
    ) -> None:
        self.q, self.kinematics, self.name = obs.robot.q, kinematics, name
        self.handle, self.moving = handle, moving
        self.worst: tuple[int, MotionFailure] = (
            0, MotionFailure(NoMotion.IK_NONE, f"the handle of {name} is out of reach"),
        )  # fmt: skip
        self.whole = 0
        self._starts: dict[Key, list[tuple[Array, Trajectory]]] = {}
        self._ends: dict[Key, bool] = {}
        self._unreached = 0

    @property
    def hopeless(self) -> bool:
        """Nothing at all was reached in many different postures of the hand."""
        return self._unreached >= UNREACHED and self.worst[0] == 0

    def look(self, candidate: Way) -> Handling | None:
        """One way in whole; None when it does not work."""
        start, end = candidate.start, candidate.end
        if start not in self._starts:
            self._starts[start] = self._begin(candidate)
        if not self._starts[start]:
            return None
        if end not in self._ends:
            self._ends[end] = bool(self.kinematics.solutions(candidate.poses[-1], self.q, 1))
            if not self._ends[end]:
                self._fail(3, MotionFailure(NoMotion.PULL_NONE, f"{self.name} ends up out of reach"))
        if not self._ends[end]:
            return None
        self.whole += 1
        self.kinematics.spread(candidate.opening)
        for q, inward in self._starts[start]:
            found = self._follow(q, inward, candidate)
            if found is not None:
                return found
        return None

    def _fail(self, far: int, failure: MotionFailure) -> None:
        if far > self.worst[0]:
            self.worst = (far, failure)

    def _begin(self, candidate: Way) -> list[tuple[Array, Trajectory]]:
        """Joint solutions at the beginning that are free and have a straight way to them, with that way run
        backwards."""
        kin, ignore = self.kinematics, self.handle if candidate.grips else self.moving
        kin.spread(candidate.opening)
        good = []
        solutions = kin.solutions(candidate.poses[0], self.q, BRANCHES)
        self._unreached += not solutions
        for q in solutions:
            hit = kin.obstacle(q, None, ignore)
            if hit is not None:
                why = f"{hit} is in the way of the hand at {self.name}"
                self._fail(1, MotionFailure(NoMotion.COLLISION, why, hit))
                continue
            back = _straight(kin, q, candidate.poses[0], APPROACH_SPEED, ignore)
            if isinstance(back, MotionFailure):
                self._fail(2, back)
                continue
            good.append((q, back))
        return good

    def _follow(self, q: Array, back: Trajectory, candidate: Way) -> Handling | None:
        kin, name = self.kinematics, self.name
        along = kin.through(q, candidate.poses[1:], PULL_SPEED, None, self.moving)
        if isinstance(along, MotionFailure):
            why = f"the arm cannot follow {name} on its way: {along.detail}"
            blocked = along.obstacle is not None
            self._fail(5 if blocked else 4, along if blocked else MotionFailure(NoMotion.PULL_NONE, why))
            return None
        outward = _straight(kin, along.positions[-1], candidate.poses[-1], RETREAT_SPEED, self.moving)
        if isinstance(outward, MotionFailure):
            self._fail(6, outward)
            return None
        return Handling(candidate, back.positions[-1], backwards(back), along, outward)


def _straight(
    kin: Kinematics, q: Array, tool: Pose, speed: float, ignore: frozenset[str]
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
