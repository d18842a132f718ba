"""Superlatives by what was measured: "the heaviest can", "the bigger bowl", "the tallest thing".

Names come first (`planner.propose.degrees`); where they say nothing, sizes and masses of what is here do, as the
robot's catalogue and cameras know them. Things that hardly differ are not told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.propose.degrees import degree_of
from skills.types import ObjectState

CLEARLY = 1.05  # times the next: less is no difference that anyone sees
# adjective: the measure, and which end of it
BY: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("big", "large"), ("volume", 1)), **dict.fromkeys(("small", "tiny", "little"), ("volume", -1)),
    **dict.fromkeys(("tall", "high"), ("height", 1)), **dict.fromkeys(("short", "low"), ("height", -1)),
    "long": ("length", 1), "heavy": ("mass", 1), "light": ("mass", -1), "wide": ("width", 1), "narrow": ("width", -1),
    "thick": ("thickness", 1), "thin": ("thickness", -1),
}  # fmt: skip


def measures_of(thing: ObjectState) -> dict[str, float]:
    """Sizes [m, m^3] of the thing as it lies, and its mass [kg], by the names used in `BY`."""
    x, y, z = thing.shape.size
    return {
        "volume": x * y * z, "height": thing.top_z - thing.bottom_z, "length": max(x, y, z), "width": max(x, y),
        "thickness": min(x, y, z), "mass": thing.mass,
    }  # fmt: skip


def extreme(word: str, names: Sequence[str], measures: Mapping[str, Mapping[str, float]]) -> str:
    """The one of the names that is ``word`` ("heaviest"; "heavier" of two); "" where that is no such word or open."""
    base = degree_of(word)
    if base not in BY or len(names) < 2 or any(n not in measures for n in names):
        return ""
    if not word.endswith("est") and len(names) != 2:
        return ""
    measure, end = BY[base]
    row = sorted(names, key=lambda n: -end * measures[n][measure])
    first, second = sorted((measures[row[0]][measure], measures[row[1]][measure]))
    return row[0] if second >= CLEARLY * first else ""
