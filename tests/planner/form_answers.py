"""A language model that answers the form's questions as told, for tests of what is made of the answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.lm.api import ScriptedLM
from planner.propose import form

UNLIKELY = -8.0


@dataclass
class Answering:
    """``meant``: thing -> "yes" or "either" (all others: no); ``goes``: thing -> words such as "in the blue bowl";
    ``sure``: log-odds of these answers."""

    meant: Mapping[str, str] = field(default_factory=dict)
    goes: Mapping[str, str] = field(default_factory=dict)
    count: str = "all"
    decision: str = "act"
    deeds: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    plan: str = ""
    sure: float = 6.0

    def model(self) -> ScriptedLM:
        """As a language model that carries the form's version."""
        lm = ScriptedLM(self.score)
        lm.form = form.VERSION
        return lm

    def score(self, prefix: str, option: str) -> float:
        """0 for the right answer, less for the others."""
        line, said = prefix.splitlines()[-1], option.strip()
        if found := re.fullmatch(r"Meant: (.*)\?", line):
            right = self.meant.get(found[1], "no")
        elif found := re.fullmatch(r"Where: (.*) goes", line):
            right = self.goes.get(found[1], "in the hand")
        elif found := re.fullmatch(r"Do: (.*)\?", line):
            right = "yes" if found[1] in self.deeds else "no"
        elif line.startswith("Order:"):
            done = [t for t in self.order if f" {t}," in line]
            left = [t for t in self.order if t not in done]
            right = left[0] if left else "any"
        elif line.startswith("Plan:"):
            right = said if self.plan.startswith((line.removeprefix("Plan:") + option).strip()) else ""
        else:
            right = {"How many:": self.count, "Decision:": self.decision}.get(line, "")
        return 0.0 if said == right else -self.sure
