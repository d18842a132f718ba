"""open(thing): take the handle, pull the part along its joint, let go, back off. Drawers, doors, lids alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterable

import numpy as np

from skills.affordance import POOR
from skills.approach import from_a_stand
from skills.driver import Kinematics, MotionFailure, NoMotion
from skills.failure import Blame, Failure, FailureKind
from skills.handling import Handling, Search, Way, pulls, straight_back
from skills.mechanisms import Mechanism, Motion
from skills.motion import as_failure, check_motion
from skills.opening import carry
from skills.operators import OPEN
from skills.predicates import EMPTY_WIDTH, holds
from skills.skill import Affordance, Command, Controller, Follow, Grip, Outcome, Settle, Skill
from skills.standing import Point
from skills.symbols import Literal, lit
from skills.types import ObjectState, Observation, Pose, Trajectory

SHARES = (0.96, 0.85, 0.70, 0.58)  # of the travel: the widest that works
FORCES = (30.0, 45.0)  # [N] on the handle: two pads then pull with about 36 and 54 N
ATTEMPTS = 2
TRANSITS = 3  # ways of one set that the arm tries to get to
SETTLE_TICKS = 60
ASTRAY = 0.03  # [rad] a joint off where the planned way back begins: another is looked for
QUICK = 8  # ways looked at in whole by the affordance


def open_part(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: UNREACHABLE (IK_NONE, LINE_NONE, PULL_NONE in the detail), COLLISION, EFFECT (the
    handle slipped out of the fingers, or the part is stuck)."""
    (name,) = args
    failure: Failure | None = None
    for attempt in range(ATTEMPTS):
        thing = obs.objects.get(name)
        if thing is None or thing.joint is None or (attempt and thing.joint.open):
            break
        kinematics.sync(obs)
        found = find_opening(obs, kinematics, thing)
        if isinstance(found, Failure):
            return found if failure is None else failure
        failure, obs = yield from carry_out(obs, kinematics, name, *found, FORCES[attempt], lit("open", name))
        if failure is None or failure.kind is not FailureKind.EFFECT:
            return failure
    return failure


def find_opening(obs: Observation, kinematics: Kinematics, thing: ObjectState) -> tuple[Handling, Trajectory] | Failure:
    """The widest opening whose whole way works, with the transit to its beginning. Moves nothing."""
    assert thing.joint is not None
    return with_transit(obs, kinematics, thing.name, _ways(thing.joint, kinematics), "open")


def _ways(joint: Mechanism, kinematics: Kinematics) -> Iterable[tuple[float, Iterable[Way]]]:
    """How good it is to open so far, and the ways to do it; none when it is as open already or has no handle."""
    for share in SHARES:
        position = share * joint.travel
        if joint.handle is not None and position > joint.position + 0.01:
            yield 1.0 - 0.5 * (SHARES[0] - share), pulls(joint, position, kinematics.mount.position)


def with_transit(
    obs: Observation, kinematics: Kinematics, name: str, sets: Iterable[tuple[float, Iterable[Way]]], doing: str
) -> tuple[Handling, Trajectory] | Failure:
    """The first handling that the arm can also get to, set after set; else the failure of the first set."""
    first: MotionFailure | None = None
    search = Search(obs, kinematics, name)
    for _, ways in sets:
        none: MotionFailure | None = None
        for found in itertools.islice(search.each(ways), TRANSITS):
            transit = kinematics.transit(obs.robot.q, found.start)
            if not isinstance(transit, MotionFailure):
                return found, transit
            none = transit
        none = none or search.worst[1]
        first = first or none
        if none.reason is NoMotion.IK_NONE:
            break  # a shorter way begins at the same handle
    return as_failure(first, f"{doing} {name}")


def carry_out(
    obs: Observation,
    kinematics: Kinematics,
    name: str,
    found: Handling,
    transit: Trajectory,
    force: float,
    wanted: Literal,
    by_contact: bool = False,
) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    """Go there, take hold (or push), follow the part, let go, back off: from where the arm has come to, which is not
    where it was meant to come to when the push ends ``by_contact`` or something stopped the part early."""
    opening, grips = found.way.opening, found.way.grips
    if abs(obs.robot.gripper_width - opening) > 0.002:
        got = yield Grip(opening, force, "open the fingers" if grips else "close the fingers")
        obs = got.observation
    for trajectory, why in ((transit, f"go to {name}"), (found.inward, f"come to {name}")):
        got = yield Follow(trajectory, why)
        failed = check_motion(got.motion, why)
        if failed is not None:
            return failed, got.observation
    slipped = None
    if grips:
        got = yield Grip(0.0, force, f"take the handle of {name}")
        slipped = _slipped(got.observation, name, wanted)
    if slipped is None:
        got = yield Follow(found.along, f"move {name}", until_contact=by_contact)
        stuck = check_motion(got.motion, f"move {name}")
        slipped = _slipped(got.observation, name, wanted) if grips else None
        if stuck is not None and slipped is None and not holds(wanted, got.observation):
            slipped = Failure(FailureKind.EFFECT, f"{name} does not move: {stuck.detail}", None, (wanted,), Blame.SKILL)
    if slipped is not None and holds(wanted, got.observation):
        slipped = None  # far enough, if not as far as meant
    if grips:
        got = yield Grip(opening, force, "let go of the handle")
    out = _way_out(got.observation, kinematics, name, found)
    if isinstance(out, MotionFailure):
        return as_failure(out, f"leave {name}"), got.observation
    if slipped is None or by_contact:
        got = yield Follow(out, f"leave {name}")
        failed = check_motion(got.motion, f"leave {name}")
        if failed is not None:
            return failed, got.observation
    got = yield Settle(SETTLE_TICKS)
    return slipped, got.observation


def _way_out(obs: Observation, kinematics: Kinematics, name: str, found: Handling) -> Trajectory | MotionFailure:
    """The planned way back when the arm stands at its beginning, else one from here."""
    if float(np.max(np.abs(np.asarray(obs.robot.q) - found.outward.positions[0]))) < ASTRAY:
        return found.outward
    kinematics.sync(obs)
    kinematics.spread(found.way.opening)
    return straight_back(kinematics, obs.robot.q, obs.pose_world_tool, Search(obs, kinematics, name).moving)


def _slipped(obs: Observation, name: str, wanted: Literal) -> Failure | None:
    if obs.robot.gripper_width > EMPTY_WIDTH:
        return None
    why = f"the handle of {name} slipped out of the fingers"
    return Failure(FailureKind.EFFECT, why, None, (wanted,), Blame.SKILL)


def handling_affordance(
    sets: Callable[[Mechanism, Kinematics], Iterable[tuple[float, Iterable[Way]]]],
) -> Callable[[Observation, Kinematics, tuple[str, ...]], Affordance]:
    """reachable (a joint solution at the handle), way (the arm follows the part), free, comfort. ``sets``: how good
    each set of ways is, and the ways."""

    def affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
        (name,) = args
        thing = obs.objects.get(name)
        if thing is None or thing.joint is None:
            known = ", ".join(sorted(n for n, o in obs.objects.items() if o.joint is not None)) or "none"
            return Affordance(0.0, {"known": 0.0}, f"{name!r} has nothing that opens; what has: {known}")
        kinematics.sync(obs)
        worst: MotionFailure | None = None
        search = Search(obs, kinematics, name)
        for good, ways in sets(thing.joint, kinematics):
            found = search.first(ways, QUICK)
            if isinstance(found, Handling):
                factors = {"reachable": 1.0, "way": good, "comfort": found.way.score}
                value = good * found.way.score
                return Affordance(value, factors, "" if value > 0.75 else f"{name} can be moved only awkwardly")
            worst = worst or found
            if found.reason is NoMotion.IK_NONE:
                break
        if worst is None:
            return Affordance(POOR, {"way": POOR}, f"{name} is there already")
        if worst.reason is NoMotion.IK_NONE:
            return Affordance(0.0, {"reachable": 0.0}, worst.detail)
        return Affordance(POOR, {"reachable": 1.0, "free": POOR}, worst.detail or worst.reason.value)

    return affordance


def handle_points(share: float) -> Callable[[Observation, tuple[str, ...]], list[Point]]:
    """Where the hand has to get when the part goes to a share of its travel: the middle of the handle's way, then both
    ends of an arc."""

    def points(obs: Observation, args: tuple[str, ...]) -> list[Point]:
        thing = obs.objects.get(args[0])
        joint = thing.joint if thing is not None else None
        if joint is None or joint.handle is None:
            return []
        middle, end = (
            _handle_at(joint, joint.position + s * (share * joint.travel - joint.position)) for s in (0.5, 1)
        )
        return [middle, joint.handle.centre, end] if joint.motion is Motion.HINGE else [joint.handle.centre]

    return points


def _handle_at(joint: Mechanism, position: float) -> Point:
    assert joint.handle is not None
    return carry(joint, Pose(joint.handle.centre), position).position


OPEN_SKILL = Skill(OPEN, *from_a_stand(handle_points(SHARES[0]), handling_affordance(_ways), open_part))
