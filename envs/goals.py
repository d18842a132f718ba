"""Goals: one of several alternatives must hold in full.

An alternative is a conjunction of conditions; a condition is a literal or "at least n of these literals".
The data form is the task file's: ``{any: [[literal, ...], [{at_least: {n: 2, of: [...]}}]]}``. A goal says
what must hold and never how to find out: whoever asks brings the facts, be it a symbolic state, the
planner's predicates or the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from skills.symbols import Literal, SymbolError, parse_literal

MAX_ALTERNATIVES = 200
MAX_CONDITIONS = 200


class GoalError(ValueError):
    """A goal that cannot be read or can never hold. ``path``: keys and indices from the goal's root."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


class Facts(Protocol):
    """Anything that can say whether a literal holds, such as `skills.state.State`."""

    def holds(self, literal: Literal) -> bool:
        """Whether the literal is true."""


Judgement = Facts | Callable[[Literal], bool]


def _asker(facts: Judgement) -> Callable[[Literal], bool]:
    holds = getattr(facts, "holds", None)
    if callable(holds):
        return holds  # type: ignore[no-any-return]
    if callable(facts):
        return facts
    raise TypeError(f"need an object with holds(literal) or a callable, got {type(facts).__name__}")


@dataclass(frozen=True)
class AtLeast:
    """At least ``n`` of the literals ``of`` must hold."""

    n: int
    of: tuple[Literal, ...]

    def __post_init__(self) -> None:
        if isinstance(self.n, bool) or not isinstance(self.n, int) or not 1 <= self.n <= len(self.of):
            raise GoalError(
                f"at_least: n must be a whole number from 1 to {len(self.of)} (as many as 'of' has), got {self.n!r}"
            )
        twice = sorted({str(x) for x in self.of if self.of.count(x) > 1})
        if twice:
            raise GoalError(f"at_least: listed twice, would count twice: {', '.join(twice)}")

    def __str__(self) -> str:
        return f"at least {self.n} of [{', '.join(map(str, self.of))}]"


Condition = Literal | AtLeast
Alternative = tuple[Condition, ...]


def literals_of(condition: Condition) -> tuple[Literal, ...]:
    """The literals that a condition speaks of."""
    return condition.of if isinstance(condition, AtLeast) else (condition,)


@dataclass(frozen=True)
class Goal:
    """``alternatives``: one of them must hold in full.

    Raises GoalError when there is none, when one is empty (it would always hold), too long, or
    demands a literal together with its negation.
    """

    alternatives: tuple[Alternative, ...]

    def __post_init__(self) -> None:
        if not self.alternatives:
            raise GoalError("a goal needs at least one alternative under 'any'")
        if len(self.alternatives) > MAX_ALTERNATIVES:
            raise GoalError(f"{len(self.alternatives)} alternatives; at most {MAX_ALTERNATIVES}: use at_least")
        for i, alternative in enumerate(self.alternatives):
            if not alternative:
                raise GoalError(f"alternative {i + 1} is empty and would always hold", ("any", i))
            if len(alternative) > MAX_CONDITIONS:
                raise GoalError(
                    f"alternative {i + 1} has {len(alternative)} conditions; at most {MAX_CONDITIONS}", ("any", i)
                )
            plain = {c for c in alternative if isinstance(c, Literal)}
            clash = sorted(str(c) for c in plain if c.positive and ~c in plain)
            if clash:
                raise GoalError(f"alternative {i + 1} contradicts itself: {clash[0]} and not {clash[0]}", ("any", i))

    @staticmethod
    def of(literals: Iterable[Condition]) -> Goal:
        """One alternative: all of these."""
        return Goal((tuple(literals),))

    def holds(self, facts: Judgement) -> bool:
        """Whether one alternative holds in full. ``facts``: has ``holds(literal)``, or is such a function."""
        ask = _asker(facts)
        return any(all(_missing(c, ask) == 0 for c in alternative) for alternative in self.alternatives)

    def unmet(self, facts: Judgement) -> tuple[Literal, ...]:
        """The literals still false in the closest alternative (fewest missing; the first on a tie).

        Of an unmet "at least" all false members are named, since any of them would help. Empty when
        the goal holds.
        """
        ask = _asker(facts)
        closest = min(self.alternatives, key=lambda alternative: sum(_missing(c, ask) for c in alternative))
        false = [x for c in closest if _missing(c, ask) for x in literals_of(c) if not ask(x)]
        return tuple(dict.fromkeys(false))

    def literals(self) -> tuple[Literal, ...]:
        """Every literal of the goal once, in order."""
        return tuple(dict.fromkeys(x for a in self.alternatives for c in a for x in literals_of(c)))

    def names(self) -> tuple[str, ...]:
        """Every object and place that a literal names, once, in order."""
        return tuple(dict.fromkeys(name for x in self.literals() for name in x.atom.args))

    def map(self, change: Callable[[Literal], Literal]) -> Goal:
        """The same goal with every literal replaced by ``change(literal)``."""

        def one(c: Condition) -> Condition:
            return AtLeast(c.n, tuple(map(change, c.of))) if isinstance(c, AtLeast) else change(c)

        return Goal(tuple(tuple(map(one, a)) for a in self.alternatives))

    def to_json(self) -> dict[str, Any]:
        """Plain data, the same form as in a task file; `parse_goal` reads it back."""

        def plain(c: Condition) -> Any:
            return {"at_least": {"n": c.n, "of": [str(x) for x in c.of]}} if isinstance(c, AtLeast) else str(c)

        return {"any": [[plain(c) for c in a] for a in self.alternatives]}

    @staticmethod
    def from_json(data: Any) -> Goal:
        """The inverse of `to_json`; raises GoalError."""
        return parse_goal(data)

    def __iter__(self) -> Iterator[Alternative]:
        return iter(self.alternatives)

    def __str__(self) -> str:
        sides = [" and ".join(map(str, a)) for a in self.alternatives]
        return sides[0] if len(sides) == 1 else " or ".join(f"({s})" for s in sides)


def _missing(condition: Condition, ask: Callable[[Literal], bool]) -> int:
    """How many literals must still come true."""
    if isinstance(condition, AtLeast):
        return max(0, condition.n - sum(ask(x) for x in condition.of))
    return 0 if ask(condition) else 1


def parse_goal(data: Any) -> Goal:
    """Read ``{any: [[...], ...]}``; raises GoalError with the path of what is wrong."""
    if not isinstance(data, Mapping):
        raise GoalError(f"a goal is a mapping with the key 'any', got {_name(data)}")
    extra = [str(k) for k in data if k != "any"]
    if extra or "any" not in data:
        what = f"unknown key {extra[0]!r}" if extra else "the key 'any' is missing"
        raise GoalError(f"{what}; a goal has one key, 'any': a list of alternatives", (extra[0],) if extra else ())
    return Goal(parse_alternatives(data["any"], ("any",)))


def parse_alternatives(data: Any, path: tuple[str | int, ...] = ()) -> tuple[Alternative, ...]:
    """Read a list of conjunctions; raises GoalError."""
    if not _is_list(data):
        raise GoalError(f"'any' is a list of alternatives, each a list of literals; got {_name(data)}", path)
    return tuple(_alternative(a, (*path, i)) for i, a in enumerate(data))


def _alternative(data: Any, path: tuple[str | int, ...]) -> Alternative:
    if not _is_list(data):
        hint = f"; write [{data!r}]" if isinstance(data, str) else ""
        raise GoalError(f"an alternative is a list of literals that must all hold, got {_name(data)}{hint}", path)
    return tuple(_condition(c, (*path, i)) for i, c in enumerate(data))


def _condition(data: Any, path: tuple[str | int, ...]) -> Condition:
    if not isinstance(data, Mapping):
        return parse_at(data, path)
    if set(data) != {"at_least"} or not isinstance(data["at_least"], Mapping):
        raise GoalError(f"a condition is a literal or {{at_least: {{n: ..., of: [...]}}}}, got {_name(data)}", path)
    inner, path = data["at_least"], (*path, "at_least")
    wrong = sorted(map(str, set(inner) ^ {"n", "of"}))
    if wrong:
        raise GoalError(f"at_least has the keys 'n' and 'of', nothing else; check {', '.join(wrong)}", path)
    if not _is_list(inner["of"]):
        raise GoalError(f"'of' is a list of literals, got {_name(inner['of'])}", (*path, "of"))
    members = tuple(parse_at(x, (*path, "of", i)) for i, x in enumerate(inner["of"]))
    try:
        return AtLeast(inner["n"], members)
    except GoalError as err:
        raise GoalError(str(err), path) from None


def parse_at(data: Any, path: tuple[str | int, ...] = ()) -> Literal:
    """Read one literal; raises GoalError with ``path``."""
    if not isinstance(data, str):
        raise GoalError(f'expected a literal such as "in(a, b)", got {_name(data)}', path)
    try:
        return parse_literal(data)
    except SymbolError as err:
        split = data.count("(") != data.count(")")  # an unquoted literal in [a, b] is cut at its comma
        raise GoalError(f"{err}{' (put literals in quotes)' if split else ''}", path) from None


def _is_list(data: Any) -> bool:
    return isinstance(data, Sequence) and not isinstance(data, str | bytes)


def _name(data: Any) -> str:
    if data is None:
        return "nothing"
    text = repr(data)
    return f"{type(data).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
