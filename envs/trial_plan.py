"""One trial of `envs.trials`: what stands there, what leads to the preconditions, and the step that is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

PLACES = ("table", "close counter", "far counter")
BYSTANDERS = ("coke can", "apple", "water bottle", "sponge", "blue bowl", "tea box")


@dataclass(frozen=True)
class Plan:
    """One trial: what stands there, the steps that bring about the preconditions, and the step that is tried;
    ``bystanders``: at most so many more things;
    ``room``: (thing, side, metres) where there must be so much of the place on that side of the thing."""

    objects: tuple[dict[str, Any], ...]
    place: str
    before: tuple[str, ...]
    step: str
    scene: str = "kitchen"
    bystanders: int = 3
    perception: str = "oracle"
    room: tuple[str, str, float] | None = None


Draw = Callable[[np.random.Generator, str], Plan]
