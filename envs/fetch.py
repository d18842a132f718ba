"""Random fetch-and-carry tasks in the kitchen: every ordered pair of places in turn, seeded.

A thing is taken from one place to another, or into a stand-in receptacle that stands there; the robot starts anywhere.
Words and goal say the same. Where things stand exactly is drawn later, by the seed of the episode.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from envs.generate import GenerateError
from envs.task import Task
from envs.tasks import task_from_data

PLACES = ("table", "close counter", "far counter", "trash can", "user")
SURFACES = PLACES[:3]
THINGS = (
    "coke can", "pepsi can", "water bottle", "apple", "orange", "lemon", "banana", "sponge", "chip bag", "soup can",
    "tea box", "mug", "jar", "energy drink", "potato", "egg", "book", "green bowl", "plate", "milk carton",
)  # fmt: skip
RECEPTACLES = ("top drawer", "cabinet", "fridge", "microwave", "sink", "shelf", "box", "basket")
KINDS = ("carry", "stow")
_SAY: dict[str, tuple[str, ...]] = {
    "carry": (
        "bring the {a} from the {x} to the {y}",
        "take the {a} to the {y}",
        "put the {a} on the {y}",
        "move the {a} over to the {y}",
    ),
    "user": ("bring me the {a}", "fetch me the {a} from the {x}", "give me the {a}"),
    "trash can": ("throw away the {a}", "throw the {a} in the trash can", "put the {a} from the {x} in the trash can"),
    "stow": ("put the {a} in the {b}", "the {a} from the {x} goes into the {b}", "place the {a} into the {b}"),
}


def generate_fetch(count: int, seed: int = 0, stow: float = 0.25, clutter: tuple[int, int] = (2, 6)) -> list[Task]:
    """``count`` tasks in the kitchen. ``stow``: share that end in a receptacle; ``clutter``: fewest, most bystanders.

    Equal arguments give equal tasks, and a longer list begins with the shorter one. Raises GenerateError.
    """
    if count < 0 or not 0 <= stow <= 1 or not 0 <= clutter[0] <= clutter[1] <= 12:
        raise GenerateError(
            f"need count >= 0, 0 <= stow <= 1 and 0 <= fewest <= most <= 12 bystanders, got {count}, {stow}, {clutter}"
        )
    pairs = list(permutations(PLACES, 2))
    return [
        task_from_data(_task(i, pairs[i % len(pairs)], stow, clutter, np.random.default_rng([seed, i])), "fetch")
        for i in range(count)
    ]


def _task(
    index: int, pair: tuple[str, str], stow: float, clutter: tuple[int, int], rng: np.random.Generator
) -> dict[str, Any]:
    start, end = pair
    things = [str(x) for x in rng.permutation(THINGS)]
    a, bystanders = things[0], things[1 : 1 + int(rng.integers(clutter[0], clutter[1] + 1))]
    receptacles = [str(x) for x in rng.permutation(RECEPTACLES)[: int(rng.integers(0, 3))]]
    into = end in SURFACES and float(rng.uniform()) < stow and a not in ("plate", "green bowl", "book")
    objects: list[dict[str, Any]] = [{"name": a, "at": start}]
    objects += [{"name": n, "at": str(rng.choice(SURFACES))} for n in bystanders]
    goal, b = f"at({a}, {end})", ""
    if into:
        b = receptacles.pop() if receptacles else str(rng.choice(RECEPTACLES))
        objects.append({"name": b, "at": end, "kind": "receptacle"})
        goal = f"in({a}, {b})"
    objects += [{"name": n, "at": str(rng.choice(SURFACES)), "kind": "receptacle"} for n in receptacles if n != b]
    phrases = _SAY["stow" if into else end if end in _SAY else "carry"]
    said = phrases[int(rng.integers(len(phrases)))].format(a=a, b=b, x=start, y=end)
    at = [None, *PLACES][int(rng.integers(1 + len(PLACES)))]
    return {
        "id": f"fetch-{index:04d}",
        "instruction": said.replace("from the user", "from me"),
        "family": "stow" if into else "carry",
        "scene": "kitchen",
        "start": {"robot": {"at": at}, "objects": [objects[i] for i in rng.permutation(len(objects))]},
        "goal": {"any": [[goal]]},
        "tags": ["generated"],
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Write a file of tasks for ``groundplan evaluate``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="how many tasks")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    args = parser.parse_args(argv)
    tasks = [t.to_data() for t in generate_fetch(args.n, args.seed)]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(yaml.safe_dump({"suite": "fetch", "tasks": tasks}, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
