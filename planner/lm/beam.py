"""Beam search over whole actions, for any language model that scores options. No torch here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from planner.lm.api import LanguageModel, OptionScore

NextOptions = Callable[[tuple[str, ...]], Sequence[str]]
Bonus = Callable[[tuple[str, ...], str], float]


@dataclass(frozen=True)
class BeamPlan:
    """One sequence of actions with the score of each.

    Attributes:
        actions: the option texts, in order.
        scores: the model's score of each action behind the prompt and the actions before it.
        bonus: sum of the caller's bonuses (log-affordances, say).
        finished: the grammar allows nothing more after these actions.
    """

    actions: tuple[str, ...] = ()
    scores: tuple[OptionScore, ...] = ()
    bonus: float = 0.0
    finished: bool = False

    @property
    def logprob(self) -> float:
        """Sum of the log-probabilities [nats]."""
        return sum(s.logprob for s in self.scores)

    @property
    def value(self) -> float:
        """What plans are ranked by: log-probability per token plus bonus per action (length-fair)."""
        tokens = sum(s.tokens for s in self.scores)
        return self.logprob / max(1, tokens) + self.bonus / max(1, len(self.actions))


def beam_actions(
    lm: LanguageModel,
    prefix: str,
    next_options: NextOptions,
    *,
    width: int = 4,
    max_steps: int = 12,
    bonus: Bonus | None = None,
) -> list[BeamPlan]:
    """The best action sequences behind ``prefix``, best first.

    A beam entry is a sequence of *whole actions*: hypotheses never compete in the middle of an action, so a
    rare word in an object's name does not push a good action out of the beam. Every step scores all options
    of all live hypotheses in one call; what the hypotheses have in common moves into the prefix.

    Args:
        next_options: actions so far -> texts that may come next; none ends the sequence.
        width: hypotheses kept per step, and at most this many plans are returned.
        max_steps: longest sequence.
        bonus: added to an action's value: ``bonus(actions before, action)``, for instance a log-affordance.
    """
    live, done = [BeamPlan()], list[BeamPlan]()
    for _ in range(max_steps):
        asked: list[tuple[BeamPlan, list[str]]] = []
        for plan in live:
            options = list(dict.fromkeys(next_options(plan.actions)))
            if options:
                asked.append((plan, options))
            else:
                done.append(replace(plan, finished=True))
        if not asked:
            live = []
            break
        shared = _common([plan.actions for plan, _ in asked])
        branches = [("".join(plan.actions[shared:]), options) for plan, options in asked]
        scored = lm.score_many(prefix + "".join(asked[0][0].actions[:shared]), branches)
        grown = [
            BeamPlan(
                (*plan.actions, option),
                (*plan.scores, score),
                plan.bonus + (bonus(plan.actions, option) if bonus else 0.0),
            )
            for (plan, options), row in zip(asked, scored, strict=True)
            for option, score in zip(options, row, strict=True)
        ]
        live = sorted(grown, key=lambda p: -p.value)[:width]
    done += [replace(p, finished=not next_options(p.actions)) for p in live]
    return sorted(done, key=lambda p: (-p.finished, -p.value))[:width]


def _common(sequences: Sequence[tuple[str, ...]]) -> int:
    """How many leading actions all sequences share."""
    shared = 0
    for actions in zip(*sequences, strict=False):
        if len(set(actions)) > 1:
            break
        shared += 1
    return shared
