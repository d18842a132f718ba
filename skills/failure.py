"""Failures are values: what went wrong, at which step, which literals were unmet, who is to blame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from skills.symbols import Literal


class FailureKind(str, Enum):
    """Every kind appears in reports under its own name."""

    UNPARSABLE = "UNPARSABLE"
    UNKNOWN_SKILL = "UNKNOWN_SKILL"
    UNKNOWN_OBJECT = "UNKNOWN_OBJECT"
    WRONG_TYPE = "WRONG_TYPE"
    PRECONDITION = "PRECONDITION"
    UNREACHABLE = "UNREACHABLE"
    COLLISION = "COLLISION"
    TIMEOUT = "TIMEOUT"
    INVARIANT = "INVARIANT"
    EFFECT = "EFFECT"
    GOAL = "GOAL"
    DRIVER = "DRIVER"


class Blame(str, Enum):
    """The part that is the first cause."""

    LM = "LM"
    AFFORDANCE = "AFFORDANCE"
    SKILL = "SKILL"
    PERCEPTION = "PERCEPTION"
    DRIVER = "DRIVER"
    TASK = "TASK"


NEEDS_LITERALS = frozenset({FailureKind.PRECONDITION, FailureKind.INVARIANT, FailureKind.EFFECT, FailureKind.GOAL})


DEFAULT_BLAME: dict[FailureKind, Blame] = {
    FailureKind.UNPARSABLE: Blame.LM,
    FailureKind.UNKNOWN_SKILL: Blame.LM,
    FailureKind.UNKNOWN_OBJECT: Blame.LM,
    FailureKind.WRONG_TYPE: Blame.LM,
    FailureKind.PRECONDITION: Blame.LM,
    FailureKind.UNREACHABLE: Blame.AFFORDANCE,
    FailureKind.COLLISION: Blame.AFFORDANCE,
    FailureKind.TIMEOUT: Blame.SKILL,
    FailureKind.INVARIANT: Blame.SKILL,
    FailureKind.EFFECT: Blame.SKILL,
    FailureKind.GOAL: Blame.LM,
    FailureKind.DRIVER: Blame.DRIVER,
}  # the usual first cause of each kind, when whoever reports it knows no better


@dataclass(frozen=True)
class Failure:
    """One failure. ``step`` counts from 0 in the plan; ``detail`` is one line for a person.

    Raises ValueError when a kind that is about literals names none: such a failure explains nothing.
    """

    kind: FailureKind
    detail: str
    step: int | None = None
    unmet: tuple[Literal, ...] = ()
    blame: Blame | None = None

    def __post_init__(self) -> None:
        if self.kind in NEEDS_LITERALS and not self.unmet:
            raise ValueError(f"{self.kind.name} must say which literals were unmet")
        if not self.detail:
            raise ValueError(f"{self.kind.name} needs a detail line")

    def __str__(self) -> str:
        where = "" if self.step is None else f" at step {self.step + 1}"
        unmet = "" if not self.unmet else f" [unmet: {', '.join(map(str, self.unmet))}]"
        return f"{self.kind.name}{where}: {self.detail}{unmet}"
