"""One example in the making: its random numbers, what its split allows, which phrases it has used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from planner.learn.knowledge import Knowledge
from planner.learn.splits import Category, View

T = TypeVar("T")
NEW_WORDING = 0.7  # of the phrases of a split with new wordings


class Draw:
    """Random choices within a split; notes which wordings and categories were used."""

    def __init__(self, view: View, rng: np.random.Generator, tone: str = "", own: tuple[int, ...] = ()) -> None:
        """``tone``: in which the request is made (`planner.learn.tones`), "": mixed as people do; ``own``: seed of
        what only the tone draws."""
        self.view, self.rng, self.tone, self.own = view, rng, tone, own
        self.odd = False  # the request cannot be said in this tone
        self.wordings: list[str] = []
        self.categories: list[Category] = []
        self.fresh = False  # a wording that training never shows was used

    @property
    def knowledge(self) -> Knowledge:
        """All of it; what may be present is the view's business."""
        return self.view.knowledge

    def chance(self, p: float) -> bool:
        """True with probability ``p``."""
        return bool(self.rng.random() < p)

    def number(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return int(self.rng.integers(low, high + 1))

    def one(self, options: Sequence[T]) -> T:
        """One of them."""
        return options[int(self.rng.integers(len(options)))]

    def some(self, options: Sequence[T], n: int) -> list[T]:
        """``n`` different ones, in random order; all of them when there are fewer."""
        order = self.rng.permutation(len(options))[:n]
        return [options[int(i)] for i in order]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All of them in random order."""
        return self.some(options, len(options))

    def say(self, pool: str, options: tuple[str, ...]) -> str:
        """One phrase of a pool; which one goes into the example's tags."""
        usable, held = self.view.wordings(options)
        new = bool(held) and self.chance(NEW_WORDING)
        text = self.one(held if new else usable)
        self.fresh |= text in held
        self.wordings.append(f"{pool}: {text}")
        return text
