"""Whole plans: the model writes step after step under the grammar of what applies, as it was trained to.

Greedy, with the few best first steps tried apart, so that there is more than one proposal. The goal of a whole plan is
what its steps bring about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.lm.api import LanguageModel
from planner.plan import Proposal, Request
from planner.propose import form
from planner.propose.asking import setting_of
from planner.propose.steps import usual
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import Literal

LONGEST = 16  # steps
MENU = 40  # steps put to the model at once
DONE = " done." + form.END
AIMS = ("in", "on", "at", "holding", "open", "closed", "robot_at", "visited")


@dataclass(frozen=True)
class _Line:
    """A plan being written."""

    state: State
    steps: tuple[GroundSkill, ...] = ()
    scores: tuple[float, ...] = ()
    total: float = 0.0
    open: bool = True

    @property
    def tail(self) -> str:
        return form.plan_tail() + "".join(f" {s.operator.say}," for s in self.steps)


def whole_plans(lm: LanguageModel, request: Request, k: int, known: Sequence[form.Known] = ()) -> list[Proposal]:
    """The ``k`` best plans, each with the goal that its steps reach; empty when nothing can be done."""
    shared = form.shared_part(setting_of(request, known))
    lines = [_Line(request.state)]
    for _ in range(LONGEST):
        going = [x for x in lines if x.open]
        if not going:
            break
        menus = [_menu(request, x) for x in going]
        asked = [
            [f" {s.operator.say}," for s in m] + ([DONE] if x.steps else []) for x, m in zip(going, menus, strict=True)
        ]
        live = [(x, m, a) for x, m, a in zip(going, menus, asked, strict=True) if a]
        if not live:
            break
        rows = lm.score_many(shared, [(x.tail, a) for x, _, a in live])
        grown = [x for x in lines if not x.open]
        for (x, menu, _), row in zip(live, rows, strict=True):
            best = sorted(range(len(row)), key=lambda i: -row[i].logprob)[: k if len(live) == 1 and not x.steps else 1]
            for i in best:
                grown.append(_grown(x, menu, i, row[i].logprob, row[i].per_token))
        lines = sorted(grown, key=lambda x: -x.total)[:k]
    out = [Proposal(_goal(request.state, x), x.steps, x.total, x.scores, "whole") for x in lines if x.steps]
    return [p for p in sorted(out, key=lambda p: -p.goal_score) if p.goal]


def _menu(request: Request, line: _Line) -> list[GroundSkill]:
    return usual(request).applicable(line.state)[: MENU * 4]


def _grown(line: _Line, menu: list[GroundSkill], i: int, logprob: float, per_token: float) -> _Line:
    total = line.total + logprob
    if i == len(menu):
        return replace(line, open=False, total=total)
    state = line.state.apply(menu[i].operator)
    return _Line(state, (*line.steps, menu[i]), (*line.scores, per_token), total, len(line.steps) + 1 < LONGEST)


def _goal(start: State, line: _Line) -> tuple[Literal, ...]:
    """What the steps have made true and not undone."""
    added = [a for s in line.steps for a in s.operator.add if a.predicate in AIMS]
    kept = [a for a in dict.fromkeys(added) if a in line.state.atoms and a not in start.atoms]
    return tuple(Literal(a) for a in kept)
