"""Looking again where the arm was in the way: effects are measured on things that were seen after the motion.

Only perceptions that follow the robot (`skills.driver.FeelingPerception`) tell when they last saw a thing; the others
are taken at their word.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from skills.driver import Embodiment, FeelingPerception
from skills.home import GO_HOME_SKILL
from skills.predicates import at_home
from skills.runner import Broken, Runner
from skills.symbols import Literal
from skills.types import Observation

FRESH_TICKS = 30  # a sighting this long before the end of a motion still counts as one after it


def unseen(obs: Observation, literals: Sequence[Literal], since: int) -> tuple[str, ...]:
    """The things that the literals speak of and that were not seen since a control tick, or are not known at all."""
    places = {*obs.regions, *obs.stations}
    names = dict.fromkeys(n for x in literals for n in x.atom.args if n not in places)
    return tuple(n for n in names if n not in obs.objects or obs.objects[n].seen_tick < since - FRESH_TICKS)


def look_again(body: Embodiment, runner: Runner, literals: Sequence[Literal], since: int) -> Observation:
    """A fresh observation; when the arm may hide what the literals speak of, it first moves to its rest posture."""
    obs = body.observe()
    if not isinstance(body.perception, FeelingPerception) or not unseen(obs, literals, since) or at_home(obs):
        return obs
    with contextlib.suppress(Broken):  # the way home is a courtesy: what it fails at is no failure of the step
        runner.run(GO_HOME_SKILL.controller(obs, body.kinematics, ()))
    return body.observe()
