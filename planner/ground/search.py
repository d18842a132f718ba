"""Search over operators: steps from a symbolic state to a goal (repair of plans, and the oracle planner).

Weighted A* over symbolic states. The heuristic adds up, for every unmet literal, the cheapest way to achieve it:
one step plus the cost of that step's own unmet preconditions, recursively (the additive heuristic of Bonet and
Geffner, 2001, computed backwards from the goal). It is not admissible, so plans may be longer than the shortest;
budgets count expanded states, never seconds.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from envs.goals import AtLeast, Goal
from planner.ground.possible import contradiction
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import ANY, GroundAtom, GroundOperator, Literal

UNREACHABLE = 1e6


@dataclass(frozen=True)
class Found:
    """The steps found and how many states it took."""

    steps: tuple[GroundSkill, ...]
    expanded: int


def search(
    library: SkillLibrary,
    start: State,
    goal: Goal,
    *,
    forbidden: frozenset[str] = frozenset(),
    never: Sequence[Literal] = (),
    max_expanded: int = 3000,
    weight: float = 2.0,
    prefer: Callable[[GroundSkill], float] | None = None,
    asked: frozenset[str] = frozenset(),
) -> Found | None:
    """Steps after which ``goal`` holds, or None within the budget.

    ``forbidden``: ground skills by their text that may not be used (no affordance). ``never``: literals that may hold
    in no state on the way. ``prefer``: extra cost of a step (lower is better), used to follow the model where it can.
    ``asked``: dear skills (by name) that were asked for by their verb; the others are tried only where no way is found
    without them.
    """
    plain = [[c for c in a if isinstance(c, Literal)] for a in goal.alternatives]
    banned = set(never)
    if all(contradiction(p, start) or banned & set(p) for p in plain):
        return None
    ground = [g for g in library.ground(start) if str(g) not in forbidden]
    usual = [g for g in ground if not g.skill.operator.dear or g.skill.name in asked]
    found = _search(usual, start, goal, never, max_expanded, weight, prefer)
    if found is None:
        dear = _helpful([g for g in ground if g.skill.operator.dear and g.skill.name not in asked], ground, start, goal)
        found = _search([*usual, *dear], start, goal, never, max_expanded, weight, prefer) if dear else None
    return found


def _helpful(some: Sequence[GroundSkill], ground: Sequence[GroundSkill], start: State, goal: Goal) -> list[GroundSkill]:
    """Those of some steps that bring about what the goal, or a step towards it, lacks at the start."""
    estimate = _Estimate(ground, start)
    todo = [x for x in goal.literals() if not start.holds(x)]
    seen, useful = set(todo), set[str]()
    while todo:
        x = todo.pop()
        lacking = [y for group in estimate.derived(x, start) for y in group]
        for op in estimate.achievers(x, start):
            useful.add(str(op))
            lacking += op.preconditions
        for y in lacking:
            if y not in seen and not start.holds(y):
                seen.add(y)
                todo.append(y)
    return [g for g in some if str(g) in useful]


def _search(
    ground: Sequence[GroundSkill],
    start: State,
    goal: Goal,
    never: Sequence[Literal],
    max_expanded: int,
    weight: float,
    prefer: Callable[[GroundSkill], float] | None,
) -> Found | None:
    """Weighted A* with these ground skills."""
    estimate = _Estimate(ground, start)
    cost_of = prefer or (lambda _g: 0.0)
    order = itertools.count()
    h = _goal_cost(goal, start, estimate)
    queue: list[tuple[float, float, int, State, tuple[GroundSkill, ...]]] = [(weight * h, h, next(order), start, ())]
    best: dict[State, float] = {start: 0.0}
    spent: dict[State, float] = {start: 0.0}
    expanded = 0
    while queue and expanded < max_expanded:
        _, _, _, state, path = heapq.heappop(queue)
        if goal.holds(state):
            return Found(path, expanded)
        expanded += 1
        g_cost = spent[state]
        for ground_skill in estimate.applicable(state, goal):
            after = state.apply(ground_skill.operator)
            if any(after.holds(x) for x in never):
                continue
            cost = g_cost + ground_skill.skill.operator.cost + cost_of(ground_skill)
            if cost >= best.get(after, float("inf")):
                continue
            best[after] = spent[after] = cost
            h = _goal_cost(goal, after, estimate)
            if h < UNREACHABLE:
                heapq.heappush(queue, (cost + weight * h, h, next(order), after, (*path, ground_skill)))
    return None


def _goal_cost(goal: Goal, state: State, estimate: _Estimate) -> float:
    """The cheapest alternative; of "at least n" the n cheapest members."""
    memo: dict[Literal, float] = {}
    best = UNREACHABLE
    for alternative in goal.alternatives:
        total = 0.0
        for condition in alternative:
            if isinstance(condition, AtLeast):
                costs = sorted(estimate.cost(x, state, memo) for x in condition.of)
                total += sum(costs[: condition.n])
            else:
                total += estimate.cost(condition, state, memo)
        best = min(best, total)
    return best


class _Estimate:
    """Backward costs of literals, and the steps worth trying; indexes the ground skills once a search."""

    def __init__(self, ground: Sequence[GroundSkill], start: State) -> None:
        self.ops: list[tuple[GroundSkill, GroundOperator]] = [(g, g.operator) for g in ground]
        self.adders: dict[GroundAtom, list[GroundOperator]] = {}
        self.deleters: dict[tuple[str, str], list[GroundOperator]] = {}
        for _, op in self.ops:
            for a in op.add:
                self.adders.setdefault(a, []).append(op)
            for d in op.delete:
                self.deleters.setdefault((d.predicate, d.args[0] if d.args else ""), []).append(op)
        self.within = start.within

    def applicable(self, state: State, goal: Goal) -> list[GroundSkill]:
        """Steps whose preconditions hold; placing nowhere in particular is left to what a goal or a blocker needs."""
        atoms = state.atoms
        out = []
        for g, op in self.ops:
            if all((p.atom in atoms) == p.positive for p in op.preconditions):
                out.append(g)
        return out

    def cost(self, x: Literal, state: State, memo: dict[Literal, float]) -> float:
        """Estimated steps until ``x`` holds; UNREACHABLE when nothing brings it about."""
        if state.holds(x):
            return 0.0
        if x in memo:
            return memo[x]
        memo[x] = UNREACHABLE  # cuts cycles
        best = UNREACHABLE
        for op in self.achievers(x, state):
            total = op.cost
            for p in op.preconditions:
                total += self.cost(p, state, memo)
                if total >= best:
                    break
            best = min(best, total)
        for group in self.derived(x, state):
            total = sum(self.cost(y, state, memo) for y in group)
            best = min(best, total)
        memo[x] = best
        return best

    def achievers(self, x: Literal, state: State) -> Iterable[GroundOperator]:
        """Steps that bring ``x`` about by themselves."""
        a = x.atom
        if x.positive:
            yield from self.adders.get(a, ())
            if a.predicate == "at":
                for inner, outer in self.within.items():
                    if a.args[1] in outer:
                        yield from self.adders.get(GroundAtom("at", (a.args[0], inner)), ())
            elif a.predicate == "on":  # what lies in a container rests on it
                yield from self.adders.get(GroundAtom("in", a.args), ())
        else:
            first = a.args[0] if a.args else ""
            for op in self.deleters.get((a.predicate, first), ()):
                if any(d.predicate == a.predicate and _fits(d, a) for d in op.delete):
                    yield op

    def derived(self, x: Literal, state: State) -> Iterable[list[Literal]]:
        """Ways to make a derived fact true, each a list of literals that must hold instead."""
        a = x.atom
        if x.positive and a.predicate == "clear":
            yield [Literal(b, False) for b in state.base if b.predicate in ("on", "in") and b.args[1] == a.args[0]]
        elif x.positive and a.predicate == "hand_empty":
            yield [Literal(b, False) for b in state.base if b.predicate == "holding"]
        elif x.positive and a.predicate == "in_reach" and a.args[0] in state.unseen:
            yield [Literal(GroundAtom("known", a.args))]
        elif x.positive and a.predicate == "in_reach" and GroundAtom("holding", a.args) in state.base:
            yield [Literal(GroundAtom("holding", a.args), False)]  # put down, it is where the robot stands
        elif x.positive and a.predicate == "in_reach":
            for place in state.stations_of(a.args[0]):
                yield [Literal(GroundAtom("robot_at", (place,)))]
        elif x.positive and a.predicate == "accessible":
            yield [Literal(GroundAtom("open", (c,))) for c in state.shut_around(a.args[0])]
        elif a.predicate == "lit":
            wired = [b.args[0] for b in state.base if b.predicate == "switches" and b.args[1] == a.args[0]]
            pressed = [Literal(GroundAtom("pressed", (b,)), x.positive) for b in wired]
            yield from ([p] for p in pressed) if x.positive else (pressed,)
        elif x.positive and a.predicate == "closed":
            yield [Literal(GroundAtom("open", a.args), False)]
        elif x.positive and a.predicate == "at":
            # carried along: in or on something that is at the place already
            for b in state.atoms:
                if b.predicate == "at" and b.args[1] == a.args[1] and b.args[0] != a.args[0]:
                    yield [Literal(GroundAtom("in", (a.args[0], b.args[0])))]
        elif not x.positive and a.predicate == "at":
            for b in state.base:
                if b.predicate in ("on", "in") and b.args[0] == a.args[0]:
                    yield [Literal(b, False)]


def _fits(pattern: GroundAtom, fact: GroundAtom) -> bool:
    return all(p in (ANY, a) for p, a in zip(pattern.args, fact.args, strict=True))


def goal_of(literals: Iterable[Literal]) -> Goal:
    """A plain conjunction."""
    return Goal.of(tuple(literals))
