"""The questions that the engine is measured on: a prompt with worked examples, and options all different.

Two kinds of options, after two kinds of planners. Up to a hundred are whole sentences of two actions (53 of them have
some 640 tokens); more are short steps (551 of them have some 4,600). The prompt has 301 tokens.
"""

from __future__ import annotations

import itertools

THINGS = (
    *("red block", "green block", "blue block", "yellow bowl", "blue bowl", "pepsi can", "water bottle", "sponge"),
    *("apple", "orange", "bag of chips", "rice cake", "tea cup", "fork", "spoon", "paper towel", "energy bar"),
    *("jar of jam", "cutting board", "cereal box", "knife", "towel", "candle", "cookie", "banana", "onion", "potato"),
    *("carrot", "tomato", "bread", "egg", "pencil", "brush", "soap", "clock", "glove", "rope", "nail", "screw"),
    *("hammer", "wrench", "tape", "glue", "lid", "pot", "pan", "bottle", "phone", "lamp", "book", "ball", "key"),
)
PLACES = ("table", "counter", "shelf", "tray", "floor", "desk", "chair", "sink", "stove", "bench", "mat")
_VERBS = ("put", "push", "slide", "carry", "roll", "move", "drop", "leave", "set", "throw")
_FEW = 100
_FIRST_SINGLE = 20  # the first things of one word


def question(options: int, examples: int = 10) -> tuple[str, list[str]]:
    """A planner's question: a prompt with so many worked examples, and so many options (at most 5,720)."""
    lines = ["A robot arm tidies up. It writes one step per line.\n"]
    for i in range(examples):
        thing, place = THINGS[i % len(THINGS)], PLACES[(i + i // len(THINGS)) % len(PLACES)]
        lines.append(f"task: bring the {thing} to the {place}.\n 1. pick up the {thing}\n 2. put it on the {place}\n")
    lines.append("task: I spilled my drink. Bring me something to wipe it up.\n 1.")
    if options <= _FEW:
        pairs = itertools.product(THINGS[_FIRST_SINGLE:], PLACES)
        texts = [f" pick up the {thing} and then put it on the {place}\n" for thing, place in pairs]
    else:
        steps = itertools.product(_VERBS, THINGS, PLACES)
        texts = [f" {verb} the {thing} down on the {place}\n" for verb, thing, place in steps]
    if not 0 < options <= len(texts):
        raise ValueError(f"{options} options were asked for; there are 1 to {len(texts)}")
    return "".join(lines), texts[:options]
