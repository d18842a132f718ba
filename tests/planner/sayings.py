"""A seeded generator of instructions with what they mean: paraphrases, groups, orders, corrections, open ends.

Scenes are blocks, bowls and household things on the test table; wordings differ from those of the task suites and
of the prompt. ``Saying.expect`` is what a listener should do, ``Saying.goals`` the sets of literals (as text) of
which one must be meant when the answer is to act.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

COLOURS = ("red", "green", "blue", "yellow", "orange", "purple", "white", "black")
THINGS = ("stapler", "candle", "marker", "teabag", "battery", "sock", "dice", "biscuit", "ladle", "magnet")
PLACES = ("left side", "right side", "middle")


@dataclass(frozen=True)
class Saying:
    """One instruction in its scene. ``start``: facts on top of "everything stands apart", such as stacks."""

    text: str
    names: tuple[str, ...]
    expect: str  # "act", "ask", "refuse"
    goals: tuple[frozenset[str], ...] = ()
    family: str = ""
    start: tuple[str, ...] = ()


def _scene(rng: np.random.Generator, blocks: int, bowls: int, things: int) -> tuple[list[str], list[str], list[str]]:
    a = [f"{c} block" for c in rng.choice(COLOURS, blocks, replace=False)]
    b = [f"{c} bowl" for c in rng.choice(COLOURS, bowls, replace=False)]
    return a, b, [str(t) for t in rng.choice(THINGS, things, replace=False)]


def _pick(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return str(choices[int(rng.integers(len(choices)))])


OPENINGS = ("", "", "", "please ", "could you ", "would you kindly ", "hey robot, ", "next, ", "I want you to ")
ENDINGS = ("", "", "", ", please", " for me", " now", ", thanks")


def _polite(rng: np.random.Generator, core: str) -> str:
    wish = core.split()[0] in ("the", "every", "all", "each", "what", "I'd")
    return _pick(rng, OPENINGS[:3] + OPENINGS[6:8] if wish else OPENINGS) + core + _pick(rng, ENDINGS)


def _names(*groups: list[str]) -> tuple[str, ...]:
    return tuple(itertools.chain(*groups))


def _one(rng: np.random.Generator) -> Saying:
    """One thing to one target, or into the hand."""
    a, b, t = _scene(rng, 3, 2, 2)
    x = str(rng.choice([*a, *t]))
    kind = int(rng.integers(4))
    if kind == 0:
        y = str(rng.choice(b))
        core = _pick(rng, (
            f"put the {x} in the {y}", f"place the {x} into the {y}", f"drop the {x} in the {y}",
            f"move the {x} inside the {y}", f"the {x} goes in the {y}", f"the {x} should end up in the {y}",
            f"I'd like the {x} in the {y}", f"set the {x} down in the {y}", f"throw the {x} into the {y}",
        ))  # fmt: skip
        goal = f"in({x}, {y})"
    elif kind == 1:
        y = str(rng.choice([n for n in a if n != x]))
        core = _pick(rng, (
            f"put the {x} on the {y}", f"stack the {x} on top of the {y}", f"place the {x} onto the {y}",
            f"the {x} belongs on the {y}", f"set the {x} upon the {y}", f"lay the {x} on the {y}",
        ))  # fmt: skip
        goal = f"on({x}, {y})"
    elif kind == 2:
        y = _pick(rng, PLACES)
        core = _pick(rng, (
            f"move the {x} to the {y}", f"bring the {x} to the {y}", f"shift the {x} over to the {y}",
            f"the {x} should be at the {y}", f"put the {x} on the {y}", f"slide the {x} towards the {y}",
        ))  # fmt: skip
        goal = f"at({x}, {y})"
    else:
        core = _pick(rng, (
            f"pick up the {x}", f"grab the {x}", f"lift the {x}", f"take the {x} in your hand", f"hold the {x}",
        ))  # fmt: skip
        goal = f"holding({x})"
    return Saying(_polite(rng, core), _names(a, b, t), "act", (frozenset({goal}),), "one step")


def _two(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 3, 2, 1)
    x, y = (str(n) for n in rng.choice([*a, *t], 2, replace=False))
    place = _pick(rng, PLACES)
    core = _pick(rng, (
        f"put the {x} in the {b[0]} and the {y} in the {b[1]}",
        f"the {x} goes into the {b[0]}, the {y} into the {b[1]}",
        f"first move the {x} to the {b[0]}, then put the {y} into the {b[1]}",
    ))  # fmt: skip
    goal = {f"in({x}, {b[0]})", f"in({y}, {b[1]})"}
    if rng.integers(2):
        core = _pick(rng, (
            f"put the {x} in the {b[0]} and move the {y} to the {place}",
            f"the {x} belongs in the {b[0]} and the {y} at the {place}",
            f"place the {x} in the {b[0]}; after that bring the {y} to the {place}",
        ))  # fmt: skip
        goal = {f"in({x}, {b[0]})", f"at({y}, {place})"}
    return Saying(_polite(rng, core), _names(a, b, t), "act", (frozenset(goal),), "two parts")


def _all(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, int(rng.integers(2, 5)), 2, 1)
    y, place = b[0], _pick(rng, PLACES)
    if rng.integers(2):
        core = _pick(rng, (
            f"put all the blocks in the {y}", f"every block goes into the {y}", f"drop the blocks in the {y}",
            f"all of the blocks belong in the {y}", f"place each block in the {y}",
        ))  # fmt: skip
        return Saying(_polite(rng, core), _names(a, b, t), "act", (frozenset(f"in({x}, {y})" for x in a),), "all")
    core = _pick(rng, (f"bring all blocks to the {place}", f"move the blocks over to the {place}"))
    return Saying(_polite(rng, core), _names(a, b, t), "act", (frozenset(f"at({x}, {place})" for x in a),), "all")


def _except(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 4, 1, 1)
    y, left = b[0], str(rng.choice(a))
    colour = left.split()[0]
    core = _pick(rng, (
        f"put all the blocks except the {left} in the {y}",
        f"put every block but the {colour} one into the {y}",
        f"place the blocks in the {y}, apart from the {colour} one",
        f"put the blocks into the {y} but leave the {left} where it is",
        f"all blocks other than the {left} go in the {y}",
        f"drop the blocks in the {y}, only the {colour} one stays put",
        f"put the blocks in the {y} and do not touch the {left}",
    ))  # fmt: skip
    goal = frozenset(f"in({x}, {y})" for x in a if x != left)
    return Saying(_polite(rng, core), _names(a, b, t), "act", (goal,), "except")


def _matching(rng: np.random.Generator) -> Saying:
    colours = [str(c) for c in rng.choice(COLOURS, 3, replace=False)]
    a, b = [f"{c} block" for c in colours], [f"{c} bowl" for c in colours]
    core = _pick(rng, (
        "put each block in the bowl of the same colour", "sort the blocks into their matching bowls",
        "every block goes to the bowl with its own color", "place the blocks in the bowls that match them",
        "put the blocks into the corresponding bowls", "each block belongs in the bowl of its colour",
    ))  # fmt: skip
    goal = frozenset(f"in({x}, {y})" for x, y in zip(a, b, strict=True))
    return Saying(_polite(rng, core), _names(a, b), "act", (goal,), "matching")


def _tower(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 3, 1, 1)
    low, mid, top = a
    cl, cm, ct = (n.split()[0] for n in a)
    if rng.integers(3):
        core = _pick(rng, (
            f"stack the {top} on the {mid} on the {low}",
            f"build a tower with {cl} at the bottom, {cm} in the middle and {ct} on top",
            f"pile the blocks up, the {cl} one lowest, then the {cm} one and the {ct} one highest",
            f"stack the blocks so that {ct} is on top and {cl} at the bottom",
            f"make a pile of the three blocks with the {cl} one at the bottom and the {ct} one at the top",
        ))  # fmt: skip
        goals = (frozenset({f"on({mid}, {low})", f"on({top}, {mid})"}),)
    else:
        core = _pick(rng, ("stack all the blocks", "build a tower from the three blocks", "pile up the blocks"))
        goals = tuple(
            frozenset({f"on({y}, {x})", f"on({z}, {y})"}) for x, y, z in itertools.permutations(a)
        )  # fmt: skip
    return Saying(_polite(rng, core), _names(a, b, t), "act", goals, "tower")


def _which(rng: np.random.Generator) -> Saying:
    """The thing is told by where it is or by what it is not."""
    a, b, t = _scene(rng, 3, 2, 1)
    inner = a[0]
    place = _pick(rng, PLACES)
    if rng.integers(2):
        core = _pick(rng, (
            f"move the block in the {b[0]} to the {b[1]}", f"put the block that is in the {b[0]} into the {b[1]}",
            f"what lies in the {b[0]} belongs in the {b[1]}", f"empty the {b[0]} into the {b[1]}",
        ))  # fmt: skip
        return Saying(
            _polite(rng, core), _names(a, b, t), "act", (frozenset({f"in({inner}, {b[1]})"}),), "which",
            (f"in({inner}, {b[0]})",),
        )  # fmt: skip
    colour = b[0].split()[0]
    core = _pick(rng, (
        f"put the {t[0]} in the bowl that is not {colour}", f"drop the {t[0]} into the bowl which isn't {colour}",
    ))  # fmt: skip
    del place
    return Saying(_polite(rng, core), _names(a, b, t), "act", (frozenset({f"in({t[0]}, {b[1]})"}),), "which")


def _pronoun(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 3, 1, 2)
    x, place = str(rng.choice([*a, *t])), _pick(rng, PLACES)
    if rng.integers(3) == 0:
        core = _pick(rng, (f"put it in the {b[0]}", f"move it to the {place}", f"place them in the {b[0]}"))
        return Saying(_polite(rng, core), _names(a, b, t), "ask", (), "pronoun")
    core, goal = [
        (f"pick up the {x} and put it in the {b[0]}", f"in({x}, {b[0]})"),
        (f"take the {x}, then move it to the {place}", f"at({x}, {place})"),
        (f"grab the {x} and drop it into the bowl", f"in({x}, {b[0]})"),
    ][int(rng.integers(3))]
    return Saying(_polite(rng, core), _names(a, b, t), "act", (frozenset({goal}),), "pronoun")


def _corrected(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 3, 2, 1)
    x, y = a[0], a[1]
    core, goal = [
        (f"put the {x} in the {b[0]}, no wait, the {y}", f"in({y}, {b[0]})"),
        (f"put the {x} in the {b[0]}, sorry, I meant the {b[1]}", f"in({x}, {b[1]})"),
        (f"move the {x} to the left side, actually make that the right side", f"at({x}, right side)"),
        (f"pick up the {x}. No, the {t[0]}", f"holding({t[0]})"),
    ][int(rng.integers(4))]
    return Saying(core, _names(a, b, t), "act", (frozenset({goal}),), "corrected")


def _counted(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 4, 1, 1)
    y = b[0]
    n = int(rng.integers(2, 4))
    word = ("zero", "one", "two", "three")[n]
    if rng.integers(2):
        core = _pick(rng, (f"put {word} blocks in the {y}", f"drop {word} of the blocks into the {y}"))
        goals = tuple(frozenset(f"in({x}, {y})" for x in c) for c in itertools.combinations(a, n))
        return Saying(_polite(rng, core), _names(a, b, t), "act", goals, "counted")
    core = _pick(rng, (
        f"put some of the blocks in the {y}", f"drop a few blocks into the {y}", f"put several blocks in the {y}",
    ))  # fmt: skip
    return Saying(_polite(rng, core), _names(a, b, t), "ask", (), "counted")


def _open(rng: np.random.Generator) -> Saying:
    """Several things or places fit."""
    a, b, t = _scene(rng, 3, 2, 1)
    core = _pick(rng, (
        f"put the block in the {b[0]}", f"put the {a[0]} in the bowl", f"move the {t[0]} to the side",
        f"stack the block on the {a[0]}", f"drop the {t[0]} into the bowl",
    ))  # fmt: skip
    return Saying(_polite(rng, core), _names(a, b, t), "ask", (), "open")


def _missing(rng: np.random.Generator) -> Saying:
    a, b, t = _scene(rng, 3, 2, 1)
    gone = str(rng.choice([c for c in COLOURS if f"{c} block" not in a]))
    other = str(rng.choice([x for x in THINGS if x not in t]))
    core = _pick(rng, (
        f"put the {gone} block in the {b[0]}", f"put the {other} in the {b[0]}", f"bring me the {other}",
        f"put the {a[0]} in the cupboard", f"put the {a[0]} on the {other}", f"peel the {t[0]}",
        f"paint the {a[0]} with a brush", f"put the {b[0]} next to the {b[1]}",
    ))  # fmt: skip
    return Saying(_polite(rng, core), _names(a, b, t), "refuse", (), "cannot")


Family = Callable[[np.random.Generator], Saying]
FAMILIES: tuple[Family, ...] = (
    _one, _two, _all, _except, _matching, _tower, _which, _pronoun, _corrected, _counted, _open, _missing,
)  # fmt: skip


def sayings(seed: int, n: int, families: tuple[Family, ...] = FAMILIES) -> list[Saying]:
    """``n`` of them, the families in turn; the same seed says the same."""
    rng = np.random.default_rng(seed)
    return [families[i % len(families)](rng) for i in range(n)]
