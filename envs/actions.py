"""Skill-level actions as numbers: every skill of a library on every slot of a fixed-size table of things.

Things fill the slots in the task's order; empty slots make illegal actions, which a mask tells apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skills.executor import check_step
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State

PLACE, STATION = "place", "station"
BUILT_IN = ("articulated", "button", "lamp")  # types that only furniture has
ALSO = ("container", "support")  # types that furniture has, too


class ActionTable:
    """``len(table)`` actions: the skills in the library's order, their arguments counted up like an odometer.

    A parameter of type place ranges over ``places``, of type station over ``stations`` (where a robot that drives can
    stand), of furniture's own types over ``parts`` (the names that the scene's furniture with moving parts brings), any
    other over ``slots`` things and, for containers and supports, ``parts``; no argument occurs twice.
    """

    def __init__(
        self,
        library: SkillLibrary,
        slots: int,
        places: Sequence[str],
        stations: Sequence[str] = (),
        parts: Sequence[str] = (),
    ) -> None:
        self.library, self.slots, self.places = library, slots, tuple(places)
        named: dict[str, Sequence[int | str]] = {PLACE: self.places, STATION: tuple(stations)}
        named |= {t: tuple(parts) for t in BUILT_IN} | {t: (*range(slots), *parts) for t in ALSO}
        self.rows: list[tuple[str, tuple[int | str, ...]]] = []
        for name, skill in library.items():
            choices: list[Sequence[int | str]] = [named.get(p.type, range(slots)) for p in skill.operator.parameters]
            self.rows += [(name, args) for args in itertools.product(*choices) if len(set(args)) == len(args)]
        self._index = {row: i for i, row in enumerate(self.rows)}

    def __len__(self) -> int:
        return len(self.rows)

    def step(self, action: int, names: Sequence[str]) -> GroundSkill | None:
        """The ground skill of an action on these things; None when it names an empty slot.

        Raises IndexError when there is no such action.
        """
        if not 0 <= action < len(self.rows):
            raise IndexError(f"no action {action}; there are {len(self.rows)}, counted from 0")
        skill, args = self.rows[action]
        if any(isinstance(a, int) and a >= len(names) for a in args):
            return None
        return GroundSkill(self.library[skill], tuple(names[a] if isinstance(a, int) else a for a in args))

    def action(self, step: GroundSkill, names: Sequence[str]) -> int:
        """The number of a ground skill; raises KeyError when it is not in the table."""
        slots = {n: i for i, n in enumerate(names)}
        args = tuple(slots.get(a, a) for a in step.args)
        try:
            return self._index[step.skill.name, args]
        except KeyError:
            present = ", ".join([*names, *self.places])
            raise KeyError(f"{step} is no action here; skills: {', '.join(self.library)}; things: {present}") from None

    def mask(self, state: State, names: Sequence[str]) -> NDArray[np.int8]:
        """(len(table),) 1 where types and preconditions hold in ``state``; `Discrete.sample` takes it."""
        mask = np.zeros(len(self.rows), np.int8)
        for i in range(len(self.rows)):
            step = self.step(i, names)
            if step is not None and check_step(step, state) is None:
                mask[i] = 1
        return mask
