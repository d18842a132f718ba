"""Random tabletop tasks with clutter, for benchmarks and for training data: seeded, balanced over kinds.

Each task says in plain words what is wanted, and its goal says the same in literals. Where things stand is drawn
later, by the seed of the episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from envs.task import Task
from envs.tasks import task_from_data

COLOURS = ("red", "green", "blue", "yellow", "orange", "purple", "brown", "white")
REGIONS = (
    "top left corner",
    "top side",
    "top right corner",
    "left side",
    "middle",
    "right side",
    "bottom left corner",
    "bottom side",
    "bottom right corner",
)
THINGS = ("apple", "orange", "lemon", "tomato", "can", "sponge", "soup can", "potato", "egg", "mug", "tin", "cube")
CONTAINERS = ("basket", "bowl", "pot", "tray", "crate")
KINDS = ("in", "stack", "region", "thing in", "thing at")
_SAY: dict[str, tuple[str, ...]] = {
    "in": (
        "put the {a} in the {b}",
        "place the {a} into the {b}",
        "the {a} goes in the {b}",
        "drop the {a} in the {b}",
    ),
    "on": (
        "stack the {a} on the {b}",
        "put the {a} on top of the {b}",
        "set the {a} on the {b}",
        "place the {a} onto the {b}",
    ),
    "at": (
        "put the {a} on the {b}",
        "move the {a} to the {b}",
        "place the {a} at the {b}",
        "bring the {a} over to the {b}",
    ),
}


class GenerateError(ValueError):
    """A wish for tasks that cannot be met; the message names the choices."""


def generate(count: int, seed: int = 0, kinds: Sequence[str] = KINDS, clutter: tuple[int, int] = (1, 4)) -> list[Task]:
    """``count`` tasks, the kinds taking turns. ``clutter``: fewest and most bystanders of each task.

    Equal arguments give equal tasks, and a longer list begins with the shorter one. Raises GenerateError.
    """
    unknown = [k for k in kinds if k not in KINDS]
    if unknown or not kinds:
        raise GenerateError(
            f"no kind {unknown[0]!r}; kinds: {', '.join(KINDS)}" if unknown else "name at least one kind"
        )
    if count < 0 or not 0 <= clutter[0] <= clutter[1] <= 8:
        raise GenerateError(f"need count >= 0 and 0 <= fewest <= most <= 8 bystanders, got {count} and {clutter}")
    return [
        task_from_data(_task(i, kinds[i % len(kinds)], clutter, np.random.default_rng([seed, i])), "generated")
        for i in range(count)
    ]


def suite_data(name: str, tasks: Sequence[Task]) -> dict[str, Any]:
    """Plain data of a task file with these tasks, ready for YAML."""
    return {"suite": name, "tasks": [t.to_data() for t in tasks]}


def _task(index: int, kind: str, clutter: tuple[int, int], rng: np.random.Generator) -> dict[str, Any]:
    colours = [str(c) for c in rng.permutation(COLOURS)]
    regions, things, holders = ([str(x) for x in rng.permutation(pool)] for pool in (REGIONS, THINGS, CONTAINERS))
    blocks, bowls = [f"{c} block" for c in colours], [f"{c} bowl" for c in colours]
    rng.shuffle(bowls)
    if kind == "in":
        relation, a, b, names = "in", blocks[0], bowls[0], [blocks[0], bowls[0]]
        spare = blocks[1:4] + bowls[1:3]
    elif kind == "stack":
        relation, a, b, names = "on", blocks[0], blocks[1], blocks[:2]
        spare = blocks[2:5] + bowls[:2]
    elif kind == "region":
        relation, a, b, names = "at", blocks[0], regions[0], [blocks[0]]
        spare = blocks[1:4] + bowls[:2]
    elif kind == "thing in":
        relation, a, b, names = "in", things[0], holders[0], [things[0], holders[0]]
        spare = things[1:5] + blocks[:2]
    else:
        relation, a, b, names = "at", things[0], regions[0], [things[0]]
        spare = things[1:4] + holders[:1] + blocks[:2]
    more = int(rng.integers(clutter[0], clutter[1] + 1))
    names += [str(n) for n in rng.permutation(spare)[:more]]
    said = _SAY[relation][int(rng.integers(len(_SAY[relation])))].format(a=a, b=b)
    return {
        "id": f"{kind.replace(' ', '-')}-{index:04d}",
        "instruction": said,
        "family": kind,
        "scene": "tabletop",
        "start": {"objects": [{"name": str(n)} for n in rng.permutation(names)]},
        "goal": {"any": [[f"{relation}({a}, {b})"]]},
        "tags": ["generated"],
    }
