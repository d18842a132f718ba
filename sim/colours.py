"""Colour words and what they look like, and deterministic colours for things without a colour word."""

from __future__ import annotations

import colorsys
import hashlib

Rgb = tuple[float, float, float]

COLOURS: dict[str, Rgb] = {
    "red": (0.83, 0.15, 0.14),
    "green": (0.22, 0.62, 0.24),
    "blue": (0.14, 0.35, 0.80),
    "yellow": (0.96, 0.80, 0.17),
    "orange": (0.95, 0.52, 0.12),
    "purple": (0.50, 0.22, 0.64),
    "violet": (0.56, 0.33, 0.85),
    "pink": (0.95, 0.55, 0.70),
    "magenta": (0.85, 0.16, 0.60),
    "brown": (0.47, 0.30, 0.18),
    "black": (0.10, 0.10, 0.11),
    "white": (0.95, 0.95, 0.93),
    "gray": (0.55, 0.56, 0.58),
    "grey": (0.55, 0.56, 0.58),
    "silver": (0.75, 0.77, 0.79),
    "gold": (0.83, 0.67, 0.24),
    "golden": (0.83, 0.67, 0.24),
    "bronze": (0.68, 0.47, 0.26),
    "copper": (0.75, 0.45, 0.32),
    "cyan": (0.15, 0.75, 0.82),
    "turquoise": (0.20, 0.73, 0.66),
    "teal": (0.08, 0.50, 0.50),
    "aqua": (0.35, 0.80, 0.80),
    "lime": (0.62, 0.83, 0.18),
    "olive": (0.50, 0.50, 0.18),
    "mint": (0.65, 0.90, 0.75),
    "navy": (0.10, 0.15, 0.42),
    "indigo": (0.29, 0.18, 0.60),
    "maroon": (0.50, 0.09, 0.15),
    "crimson": (0.76, 0.08, 0.22),
    "scarlet": (0.90, 0.16, 0.08),
    "beige": (0.90, 0.84, 0.70),
    "cream": (0.97, 0.93, 0.80),
    "tan": (0.82, 0.68, 0.50),
    "ivory": (0.96, 0.95, 0.86),
    "coral": (0.98, 0.48, 0.38),
    "salmon": (0.96, 0.58, 0.50),
    "peach": (0.99, 0.77, 0.62),
    "lavender": (0.76, 0.68, 0.90),
    "lilac": (0.78, 0.63, 0.82),
    "khaki": (0.76, 0.70, 0.48),
    "plum": (0.45, 0.15, 0.38),
}
SHADES = ("light", "dark", "bright", "pale", "deep")


def shade(rgb: Rgb, word: str) -> Rgb:
    """``rgb`` made lighter or darker as one of `SHADES` says."""
    toward, amount = {
        "light": (1.0, 0.45),
        "pale": (1.0, 0.60),
        "bright": (1.0, 0.15),
        "dark": (0.0, 0.45),
        "deep": (0.0, 0.30),
    }[word]
    r, g, b = (c + (toward - c) * amount for c in rgb)
    return (r, g, b)


def find_colour(words: tuple[str, ...]) -> tuple[str, Rgb] | None:
    """The first colour named in ``words``, with a shade word before it if there is one."""
    for i, word in enumerate(words):
        if word in COLOURS:
            if i and words[i - 1] in SHADES:
                return f"{words[i - 1]} {word}", shade(COLOURS[word], words[i - 1])
            return word, COLOURS[word]
    return None


def number_of(text: str) -> int:
    """A stable non-negative number for a text (Python's own ``hash`` changes from run to run)."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def colour_from(text: str) -> Rgb:
    """A pleasant colour, always the same for the same text."""
    n = number_of(text)
    hue = (n % 360) / 360.0
    saturation = 0.45 + 0.35 * ((n >> 16) % 100) / 100.0
    value = 0.60 + 0.30 * ((n >> 32) % 100) / 100.0
    return colorsys.hsv_to_rgb(hue, saturation, value)


def varied(rgb: Rgb, text: str) -> Rgb:
    """``rgb`` turned to a variant that depends on ``text``: the same kind of thing, yet told apart."""
    n = number_of(text)
    h, s, v = colorsys.rgb_to_hsv(*rgb)
    if s < 0.15:  # greys have no hue to turn: tint them
        return colorsys.hsv_to_rgb((n % 360) / 360.0, 0.45, max(0.55, v * 0.9))
    turn = (((n >> 9) % 9) - 4) * 0.045
    return colorsys.hsv_to_rgb((h + turn) % 1.0, s, min(1.0, max(0.3, v * (0.8 + 0.05 * ((n >> 20) % 8)))))
