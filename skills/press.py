"""press(button), press_again(button): push it in with closed fingers until it stops; it latches, or comes out again."""

from __future__ import annotations

from collections.abc import Iterable

from skills.approach import from_a_stand
from skills.driver import Kinematics
from skills.failure import Failure, FailureKind
from skills.handling import Way, presses
from skills.mechanisms import Mechanism, Motion
from skills.open_ import carry_out, handling_affordance, with_transit
from skills.operators import PRESS, PRESS_AGAIN
from skills.skill import Controller, Skill
from skills.standing import Point
from skills.symbols import Literal, Operator, lit
from skills.types import Observation

ATTEMPTS = 2
FINGER_FORCE = 10.0  # [N] that keeps the fingers closed


def _skill(operator: Operator, wanted: Literal) -> Skill:
    def controller(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
        """Failures: UNREACHABLE, COLLISION, EFFECT (it did not go in)."""
        (name,) = args
        goal = Literal(lit(wanted.atom.predicate, name).atom, wanted.positive)
        failure: Failure | None = None
        for attempt in range(ATTEMPTS):
            thing = obs.objects.get(name)
            if thing is None or thing.joint is None or (attempt and thing.joint.pressed == wanted.positive):
                break
            kinematics.sync(obs)
            found = with_transit(obs, kinematics, name, _ways(thing.joint, kinematics), "press")
            if isinstance(found, Failure):
                return found if failure is None else failure
            failure, obs = yield from carry_out(obs, kinematics, name, *found, FINGER_FORCE, goal, True)
            after = obs.objects.get(name)
            changed = after is not None and after.joint is not None and after.joint.pressed == wanted.positive
            if changed or (failure is not None and failure.kind is not FailureKind.EFFECT):
                return failure
        return failure

    return Skill(operator, *from_a_stand(button_points, handling_affordance(_ways), controller))


def button_points(obs: Observation, args: tuple[str, ...]) -> list[Point]:
    """Where the finger tips have to get: the button's face."""
    thing = obs.objects.get(args[0])
    return [thing.joint.point] if thing is not None and thing.joint is not None else []


def _ways(joint: Mechanism, kinematics: Kinematics) -> Iterable[tuple[float, Iterable[Way]]]:
    return ((1.0, presses(joint)),) if joint.motion is Motion.BUTTON else ()


PRESS_SKILL = _skill(PRESS, lit("pressed", "button"))
PRESS_AGAIN_SKILL = _skill(PRESS_AGAIN, ~lit("pressed", "button"))
