"""The model says the steps to a goal, whole step by whole step, under what applies in the predicted state.

A step can be said when its preconditions hold in the state reached so far and when it has to do with the goal: it
brings about something that the goal, or a step towards it, still needs (regression over the operators). Where only one
step can be said the model is not asked: the choice is forced and its log-probability among the sayable is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.lm.api import LanguageModel
from planner.plan import Request
from planner.propose import prompt
from planner.propose.spelling import tokens_of
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import ANY, GroundAtom, GroundOperator, Literal

Said = tuple[tuple[GroundSkill, ...], tuple[float, ...]]
MENU = 12  # most steps put to the model at once


def say_steps(
    lm: LanguageModel,
    request: Request,
    goals: Sequence[tuple[str, tuple[Literal, ...]]],
    per_literal: int,
    asked: Sequence[bool],
) -> list[Said]:
    """The model's plan for each goal (words, literals): greedy, every goal advanced in the same pass.

    ``asked``: whether the model is asked for this goal at all; else only forced steps are said. A plan ends when the
    model says so, when the goal holds in the predicted state, or at its length bound.
    """
    walks = [_Walk(request, *goal, per_literal, ask) for goal, ask in zip(goals, asked, strict=True)]
    shared = prompt.head() + prompt.scene_lines(request)
    while True:
        menus = [(w, menu) for w in walks if (menu := w.choices()) is not None]
        if not menus:
            break
        texts = [[f" {g.operator.say}," for g in menu] + [" done.\n"] for _, menu in menus]
        scores = lm.score_many(shared, [(w.tail, t) for (w, _), t in zip(menus, texts, strict=True)])
        for (w, menu), row in zip(menus, scores, strict=True):
            best = max(range(len(row)), key=lambda i: (row[i].per_token, -i))
            if best == len(menu):
                w.open = False
            else:
                w.take(menu[best], row[best].per_token)
    return [(tuple(w.steps), tuple(w.scores)) for w in walks]


def usual(request: Request) -> SkillLibrary:
    """The skills whose steps are said unasked, the plain ones, and the dear ones whose verb the request has."""
    said = frozenset(t.text for t in tokens_of(request.instruction))
    library = request.library
    return library.subset(n for n, s in library.items() if not s.operator.dear or s.operator.verbs & said)


class _Walk:
    """One plan being said, with the symbolic state it leads to."""

    def __init__(
        self, request: Request, goal_text: str, goal: tuple[Literal, ...], per_literal: int, ask: bool
    ) -> None:
        self.library, self.goal, self.state, self.ask = request.library, goal, request.state, ask
        self.tail = prompt.plan_tail(request, goal_text)
        self.steps: list[GroundSkill] = []
        self.scores: list[float] = []
        self.limit = per_literal * len(goal) + 2
        self.seen: set[State] = {self.state}
        self.open = bool(goal) and bool(self.state.unmet(goal))
        self.ground = [(g, g.operator) for g in usual(request).ground(self.state)]

    def choices(self) -> list[GroundSkill] | None:
        """Take every forced step; then what is left to choose from, None when the plan is at its end."""
        while self.open:
            menu = self._menu()
            if len(menu) == 1:
                self.take(menu[0], 0.0)
            elif not menu or not self.ask:
                self.open = False
            else:
                return menu
        return None

    def _menu(self) -> list[GroundSkill]:
        """Steps sayable now; one that leads back to a state already seen is no progress."""
        useful = relevant([op for _, op in self.ground], self.state, self.goal)
        atoms = self.state.atoms
        fits = [
            g
            for g, op in self.ground
            if op in useful
            and all((p.atom in atoms) == p.positive for p in op.preconditions)
            and self.state.apply(op) not in self.seen
        ]
        wanted = {x.atom for x in self.goal if x.positive}
        fits.sort(key=lambda g: not set(g.operator.add) & wanted)
        return fits[:MENU]

    def take(self, step: GroundSkill, score: float) -> None:
        """Append a step and move the predicted state on."""
        self.steps.append(step)
        self.scores.append(score)
        self.state = self.state.apply(step.operator)
        self.seen.add(self.state)
        self.tail += f" {step.operator.say},"
        self.open = bool(self.state.unmet(self.goal)) and len(self.steps) < self.limit


def relevant(operators: Iterable[GroundOperator], state: State, goal: Sequence[Literal]) -> set[GroundOperator]:
    """The operators that bring about an unmet goal literal, or an unmet precondition of one of these, and so on.

    ``clear``, ``hand_empty`` and ``in_reach`` are facts that follow from others: they are brought about by taking away
    what lies there, by laying down what is held, and by going where the thing is.
    """
    ops = list(operators)
    todo = list(state.unmet(goal))
    seen = set(todo)
    useful: set[GroundOperator] = set()
    while todo:
        x = todo.pop()
        for op in ops:
            if op in useful or not _brings(op, x, state):
                continue
            useful.add(op)
            for p in state.unmet(op.preconditions):
                if p not in seen:
                    seen.add(p)
                    todo.append(p)
    return useful


def _brings(op: GroundOperator, x: Literal, state: State) -> bool:
    a = x.atom
    if not x.positive:
        return any(_fits(d, a) for d in op.delete)
    if a in op.add:
        return True
    if a.predicate == "at":
        return any(b.predicate == "at" and b.args[0] == a.args[0] and a.args[1] in _wider(b, state) for b in op.add)
    if a.predicate == "on":
        return GroundAtom("in", a.args) in op.add
    if a.predicate == "clear":
        above = [b for b in state.base if b.predicate in ("on", "in") and b.args[1] == a.args[0]]
        return any(_fits(d, b) for d in op.delete for b in above)
    if a.predicate == "in_reach" and a.args[0] in state.unseen:
        return GroundAtom("known", a.args) in op.add
    if a.predicate == "in_reach":
        return any(GroundAtom("robot_at", (p,)) in op.add for p in state.stations_of(a.args[0]))
    if a.predicate == "in_reach":
        return any(b.predicate == "robot_at" and b.args[0] in state.stations_of(a.args[0]) for b in op.add)
    if a.predicate == "hand_empty":
        held = [b for b in state.base if b.predicate == "holding"]
        return any(_fits(d, b) for d in op.delete for b in held)
    return False


def _wider(a: GroundAtom, state: State) -> frozenset[str]:
    return state.within.get(a.args[1], frozenset())


def _fits(pattern: GroundAtom, fact: GroundAtom) -> bool:
    return pattern.predicate == fact.predicate and all(
        p in (ANY, f) for p, f in zip(pattern.args, fact.args, strict=True)
    )
