"""Affordances along a plan: each step judged in the state it would meet, each state judged once."""

from __future__ import annotations

from collections.abc import Sequence

from planner.ground.imagine import imagine
from skills.calibration import Calibration
from skills.driver import Kinematics
from skills.skill import Affordance, GroundSkill
from skills.types import Observation


class AffordanceCache:
    """Affordances from one observation on. Two plans that begin alike share the work."""

    def __init__(
        self, observation: Observation, kinematics: Kinematics, calibration: Calibration | None = None
    ) -> None:
        """``calibration``: corrects what the skills say of themselves; None: taken as said."""
        self.kinematics, self.calibration = kinematics, calibration
        self._seen: dict[tuple[str, ...], Observation] = {(): observation}
        self._known: dict[tuple[str, ...], Affordance] = {}

    def along(self, steps: Sequence[GroundSkill]) -> list[Affordance]:
        """One affordance for each step; after a hard no the rest is not computed (value 0, "not reached")."""
        out: list[Affordance] = []
        path: tuple[str, ...] = ()
        for step in steps:
            if out and out[-1].value == 0.0:
                out.append(Affordance(0.0, {}, "not reached"))
                continue
            obs = self._seen[path]
            path = (*path, str(step))
            if path not in self._known:
                said = step.skill.affordance(obs, self.kinematics, step.args)
                self._known[path] = said if self.calibration is None else self.calibration.apply(step.skill.name, said)
                self._seen[path] = imagine(obs, step.operator)
            out.append(self._known[path])
        return out
