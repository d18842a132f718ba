"""Skills of a robot that drives: what cannot be reached from where it stands is reached from a better stand nearby.

`from_a_stand` wraps the affordance and the controller of a skill that was written for an arm alone. The symbolic
precondition ``in_reach`` puts the robot at the right place; where exactly it stands there is chosen here, for this very
grasp or placement, before it moves. On a robot that stands still the wrapped skill is the skill itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence

import numpy as np

from skills.affordance import POOR
from skills.base import Stand
from skills.driver import Kinematics, MobileKinematics, MotionFailure, mobile
from skills.failure import Failure, FailureKind
from skills.go_to import FOLDED, drive, fold, folded, what_is_held
from skills.skill import Affordance, Command, Controller, Outcome
from skills.standing import Point, as_if_at, stands_for
from skills.types import Array, Observation

Points = Callable[[Observation, tuple[str, ...]], Sequence[Point]]
Judge = Callable[[Observation, Kinematics, tuple[str, ...]], Affordance]
Act = Callable[[Observation, Kinematics, tuple[str, ...]], Controller]
POINTS = 4  # points of a skill around which stands are looked for
TRIES = 10  # stands from which the whole reach is checked
MOVES = 2  # further stands driven to when the arm finds no whole way from the first
SAME, SAME_TURN = 0.02, 0.05  # [m], [rad] between stands that are one: the thing they are seen from has stirred
UNDONE = (FailureKind.UNREACHABLE, FailureKind.COLLISION)


def from_a_stand(points: Points, affordance: Judge, controller: Act) -> tuple[Judge, Act]:
    """(affordance, controller) that also look for a better stand. ``points``: where the tool has to get, best first."""

    def judge(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
        here = affordance(obs, kinematics, args)
        driving = mobile(kinematics)
        if driving is None or obs.robot_at is None or here.value > POOR:
            return here
        found = _stands(obs, driving, args, points, affordance, 1, (), folded(obs, driving))
        best = max((a for _, a in found), key=lambda a: a.value, default=here)
        kinematics.sync(obs)
        return best if best.value > here.value else here

    def act(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
        driving = mobile(kinematics)
        if driving is None or obs.robot_at is None:
            return (yield from controller(obs, kinematics, args))
        place, failure = obs.robot_at, None
        tried: list[Stand] = []
        if affordance(obs, kinematics, args).value > POOR:
            failure, moved, obs = yield from _watched(controller, obs, kinematics, args)
            if failure is None or moved or failure.kind not in UNDONE:
                return failure
        for _ in range(MOVES + 1):
            if obs.robot_at != place:
                break
            q = folded(obs, driving)
            found = _stands(obs, driving, args, points, affordance, 1, tried, q)
            if found and found[0][1].value > POOR:
                failed, obs = yield from fold(obs, driving)
                if failed is not None:
                    return failed
                if float(np.max(np.abs(q - obs.robot.q))) > FOLDED:  # that posture it could not get into
                    now = np.asarray(obs.robot.q, float)
                    found = _stands(obs, driving, args, points, affordance, 1, tried, now)
            kinematics.sync(obs)
            if not found or found[0][1].value <= POOR:
                break
            tried.append(found[0][0])
            failed, obs = yield from drive(obs, driving, [found[0][0]], f"move closer for {' '.join(args)}")
            if failed is not None:
                return failed
            failure, moved, obs = yield from _watched(controller, obs, kinematics, args)
            if failure is None or moved or failure.kind not in UNDONE:
                return failure
        if failure is None:
            failure, _, obs = yield from _watched(controller, obs, kinematics, args)  # says itself why not
        return failure

    return judge, act


def _watched(
    controller: Act, obs: Observation, kinematics: Kinematics, args: tuple[str, ...]
) -> Generator[Command, Outcome, tuple[Failure | None, bool, Observation]]:
    """Run a controller to its end; returns (failure, whether it moved anything, the last observation)."""
    inner = controller(obs, kinematics, args)
    moved = False
    try:
        command = next(inner)
        while True:
            outcome = yield command
            moved, obs = True, outcome.observation
            command = inner.send(outcome)
    except StopIteration as end:
        failure: Failure | None = end.value
        return failure, moved, obs
    finally:
        inner.close()


def _same(a: Stand, b: Stand) -> bool:
    turn = (a[2] - b[2] + math.pi) % (2 * math.pi) - math.pi
    return math.dist(a[:2], b[:2]) < SAME and abs(turn) < SAME_TURN


def _stands(
    obs: Observation,
    kinematics: MobileKinematics,
    args: tuple[str, ...],
    points: Points,
    affordance: Judge,
    wanted: int,
    tried: Sequence[Stand],
    q: Array,
) -> list[tuple[Stand, Affordance]]:
    """Stands that a free way leads to, and how well it could be done from each, the whole reach checked; ends after
    ``wanted`` good ones. ``q``: of the arm while it drives."""
    assert obs.robot_at is not None
    assert obs.robot.base is not None
    kinematics.sync(obs)
    held = what_is_held(obs)
    good: list[tuple[Stand, Affordance]] = []
    poor: list[tuple[Stand, Affordance]] = []
    for count, stand in enumerate(stands_for(obs, kinematics, obs.robot_at, points(obs, args)[:POINTS], q, held)):
        if count == TRIES or len(good) == wanted:
            break
        if any(_same(stand, other) for other in tried):
            continue
        there = affordance(as_if_at(obs, stand, q), kinematics, args)
        kinematics.sync(obs)
        if there.value <= POOR:
            poor.append((stand, there))
        elif not isinstance(kinematics.route(obs.robot.base, stand, q, held), MotionFailure):
            good.append((stand, there))
    return good + sorted(poor, key=lambda x: -x[1].value)
