"""Words for groups of colours: "warm-coloured", "light", "dark", "primary"."""

from __future__ import annotations

GROUPS = {
    "warm": "red orange yellow pink gold magenta brown crimson scarlet maroon tan",
    "cold": "blue green purple cyan teal turquoise navy indigo",
    "cool": "blue green purple cyan teal turquoise navy indigo",
    "light": "white yellow beige pink cyan tan silver ivory cream khaki",
    "pale": "white beige pink tan silver ivory cream",
    "dark": "black brown navy maroon blue purple indigo charcoal burgundy grey",
    "bright": "yellow orange red pink white gold cyan magenta",
    "primary": "red yellow blue",
    "secondary": "green orange purple",
    "colourless": "white black grey silver",
}


def is_tint(word: str) -> bool:
    """The second half of "warm-coloured"."""
    return word.startswith(("colo", "tinted", "toned"))


def shade_of(word: str) -> frozenset[str]:
    """The colours that "warm", "warm-coloured", "light-colored" ... mean; empty for any other word."""
    stem = word.replace("-", " ").split()
    coloured = len(stem) > 1 and is_tint(stem[1])
    if len(stem) > 1 and not coloured:
        return frozenset()
    found = GROUPS.get(stem[0] if stem else "")
    # "light" and "dark" alone may speak of weight or of shades of one colour
    if found is None or (len(stem) == 1 and stem[0] in ("light", "warm", "cold", "cool", "secondary")):
        return frozenset()
    return frozenset(found.split())
