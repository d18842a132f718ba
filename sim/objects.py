"""Any noun phrase becomes a body: shape, mass and colour, always the same for the same words."""

from __future__ import annotations

from dataclasses import dataclass

from sim.colours import COLOURS, Rgb, colour_from, find_colour, number_of, varied
from sim.lexicon import Entry, hint, lexicon, match, words_of
from skills.mechanisms import Mechanism, Niche
from skills.types import Form, ObjectState, Pose, Shape

FRICTION = 0.6
WALL = 0.006  # [m] of bowls and bins that can be lifted
RECEPTACLE = Shape(Form.BIN, (0.22, 0.18, 0.07), 0.008)
_FACTORS = {"tiny": 0.7, "mini": 0.75, "small": 0.85, "little": 0.85, "big": 1.12, "large": 1.12, "huge": 1.2}
EMPTY = {
    *_FACTORS, "cardboard", "wooden", "plastic", "metal", "storage", "empty", "sorting", "packing", "moving", "toy",
    "light", "dark",
}  # fmt: skip
_GRIP = 0.074  # [m] the largest width that is taken across


@dataclass(frozen=True)
class Body:
    """A thing to be simulated. ``shape`` in metres, its frame in the middle of its bounding box; ``mass`` [kg];
    ``friction``: Coulomb, multiplied with the other body's by the physics; ``colour``: the word, if one was said;
    ``wipes``: spills are wiped up with it; ``spill``: it is a patch on a surface, no solid thing;
    ``niche``: the hollow of a piece of furniture that is open at the front."""

    name: str
    kind: str
    shape: Shape
    mass: float
    rgba: tuple[float, float, float, float]
    friction: float = FRICTION
    movable: bool = True
    soft: bool = False
    colour: str | None = None
    wipes: bool = False
    spill: bool = False
    niche: Niche | None = None

    def state(self, pose_world: Pose, tick: int = 0, joint: Mechanism | None = None) -> ObjectState:
        """This body as perception would report it at ``pose_world``; ``joint``: of a part that moves."""
        return ObjectState(
            name=self.name,
            kind=self.kind,
            shape=self.shape,
            pose_world=pose_world,
            mass=self.mass,
            movable=self.movable,
            colour=self.colour,
            soft=self.soft,
            seen_tick=tick,
            joint=joint,
            wipes=self.wipes,
            niche=self.niche,
        )


def make_body(name: str, kind: str | None = None) -> Body:
    """The body for a noun phrase. ``kind`` overrides the noun: "receptacle" (an open bin that is never moved), or
    any noun that says what the thing is. Raises ValueError for a name without a letter or digit."""
    words = words_of(name)
    if not words:
        raise ValueError(f"an object needs a name with at least one letter or digit, got {name!r}")
    said = find_colour(words)
    if kind == "receptacle":
        rgb = said[1] if said else varied(COLOURS["tan"], " ".join(words))
        return Body(name, kind, RECEPTACLE, 2.0, (*rgb, 1.0), movable=False, colour=said[0] if said else None)
    found = match(name)
    named = match(kind) if kind is not None else None
    if named is not None and (found is None or found.entry.noun != named.entry.noun):
        entry, rest = named.entry, words
    elif found is not None:
        entry, rest = found.entry, found.rest
        if entry.noun == "box" and all(w in EMPTY or w.isdigit() or find_colour((w,)) for w in rest):
            entry = lexicon()["open box"]  # "the brown box": what one puts things in, unlike "tea box"
    else:
        return _stand_in(name, kind, words, said)
    said = find_colour(rest)
    shape = _shape(entry, rest)
    label = kind if kind is not None else entry.noun
    colour = said[0] if said else _own_colour(entry, rest)
    rgba = (*_rgb(entry, rest, said), 1.0)
    mass = round(entry.mass * _factor(rest) ** 3, 4)
    return Body(
        name, label, shape, mass, rgba, movable=not entry.spill, soft=entry.soft, colour=colour, wipes=entry.wipes,
        spill=entry.spill,
    )  # fmt: skip


def _factor(words: tuple[str, ...]) -> float:
    return next((_FACTORS[w] for w in words if w in _FACTORS), 1.0)


def _shape(entry: Entry, rest: tuple[str, ...]) -> Shape:
    """Full extents; a size word ("large") scales, yet never beyond what the gripper takes, if the noun fits it."""
    f = _factor(rest)
    size = tuple(round(s * f, 4) for s in entry.size)
    if entry.form is Form.SPHERE:
        d = min(size[0], max(_GRIP, entry.size[0]))
        return Shape(Form.SPHERE, (d, d, d))
    if entry.form is Form.CYLINDER:
        d = min(size[0], max(_GRIP, entry.size[0]))
        return Shape(Form.CYLINDER, (d, d, size[1]))
    if entry.form is Form.BOWL:
        return Shape(Form.BOWL, (size[0], size[0], size[1]), 0.004 if size[0] < 0.1 else WALL)
    x, y, z = size
    if entry.form is Form.BIN:
        return Shape(Form.BIN, (x, y, z), WALL)
    if entry.spill:
        return Shape(Form.BOX, (x, y, entry.size[2]))
    most = max(_GRIP, min(entry.size[:2]))
    return Shape(Form.BOX, (x, min(y, most), z) if y <= x else (min(x, most), y, z))


def _own_colour(entry: Entry, rest: tuple[str, ...]) -> str | None:
    """The colour word of the noun itself, unless other words say that this one is special."""
    return entry.colour if not rest else None


def _rgb(entry: Entry, rest: tuple[str, ...], said: tuple[str, Rgb] | None) -> Rgb:
    if said is not None:
        return said[1]
    text = " ".join(rest)
    if not rest and entry.colour is not None:
        return _word_rgb(entry.colour)
    lent = hint(rest)
    if lent is not None and lent.colour is not None:
        return _word_rgb(lent.colour)
    if entry.colour is None:
        return colour_from(f"{text} {entry.noun}")
    return varied(_word_rgb(entry.colour), text)


def _word_rgb(words: str) -> Rgb:
    found = find_colour(tuple(words.split()))
    if found is None:
        raise ValueError(f"unknown colour {words!r}; known: {', '.join(COLOURS)}")
    return found[1]


def _stand_in(name: str, kind: str | None, words: tuple[str, ...], said: tuple[str, Rgb] | None) -> Body:
    """A plausible thing for words that nobody explained: a box, cylinder or ball of graspable size."""
    text = " ".join(words)
    n = number_of(text)
    a, b = 0.036 + 0.001 * (n % 27), 0.05 + 0.001 * ((n >> 8) % 51)
    form = (n >> 24) % 5
    if form < 3:
        shape = Shape(Form.BOX, (round(max(a, b), 4), round(a, 4), round(0.03 + 0.001 * ((n >> 16) % 61), 4)))
    elif form == 3:
        shape = Shape(Form.CYLINDER, (round(a, 4), round(a, 4), round(min(b, 2.2 * a), 4)))
    else:
        shape = Shape(Form.SPHERE, (round(a, 4),) * 3)
    rgb = said[1] if said else colour_from(text)
    return Body(name, kind or words[-1], shape, 0.12, (*rgb, 1.0), colour=said[0] if said else None)
