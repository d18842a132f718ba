"""close(thing): push the part shut with closed fingers; where that cannot be done, bring it back by its handle."""

from __future__ import annotations

from collections.abc import Iterable

from skills.approach import from_a_stand
from skills.driver import Kinematics
from skills.failure import Failure, FailureKind
from skills.handling import Handling, Way, pulls, pushes
from skills.mechanisms import Mechanism, Motion
from skills.open_ import ATTEMPTS, FORCES, carry_out, handle_points, handling_affordance, with_transit
from skills.operators import CLOSE
from skills.skill import Controller, Skill
from skills.symbols import lit
from skills.types import ObjectState, Observation, Trajectory

BY_HANDLE = 0.95  # how good it is to need the handle


def close_part(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures as of `skills.open_.open_part`."""
    (name,) = args
    failure: Failure | None = None
    for attempt in range(ATTEMPTS):
        thing = obs.objects.get(name)
        if thing is None or thing.joint is None or (attempt and thing.joint.closed):
            break
        kinematics.sync(obs)
        found = find_closing(obs, kinematics, thing)
        if isinstance(found, Failure):
            return found if failure is None else failure
        failure, obs = yield from carry_out(obs, kinematics, name, *found, FORCES[attempt], lit("closed", name))
        if failure is None or failure.kind is not FailureKind.EFFECT:
            return failure
    return failure


def find_closing(obs: Observation, kinematics: Kinematics, thing: ObjectState) -> tuple[Handling, Trajectory] | Failure:
    """A way to shut it, with the transit to its beginning. Moves nothing."""
    assert thing.joint is not None
    return with_transit(obs, kinematics, thing.name, _ways(thing.joint, kinematics), "close")


def _ways(joint: Mechanism, kinematics: Kinematics) -> Iterable[tuple[float, Iterable[Way]]]:
    """How good it is to push or to use the handle, and the ways to do it."""
    if joint.handle is None or joint.closed:
        return ()
    foot = kinematics.mount.position
    by_handle = (BY_HANDLE, pulls(joint, 0.0, foot))
    pushed = (1.0, pushes(joint, 0.0, foot))
    return (pushed, by_handle) if joint.motion is Motion.SLIDE else (by_handle, pushed)


CLOSE_SKILL = Skill(CLOSE, *from_a_stand(handle_points(0.0), handling_affordance(_ways), close_part))
