"""Labels on packages: what a can, a bottle or a carton is, is printed on it, as in a shop. For the eye only.

The picture of such a thing is a mesh with texture coordinates from the start; the texture itself is drawn and loaded
when the first picture of a world is taken, so that worlds nobody looks at cost nothing.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.client import Client
from sim.lexicon import words_of
from sim.model_files import model_folder
from sim.objects import Body
from skills.types import Array, Form, Shape

PACKAGES = frozenset(
    ("can", "cans", "tin", "bottle", "jar", "carton", "box", "package", "packet", "pack", "bag", "tube", "drink",
     "soda", "juice", "cereal", "crisps", "chips")
)  # fmt: skip
CAN = ((0.05, 0.07), (0.10, 0.13))  # [m] diameters and heights of drink cans, whatever they are called
SMALLEST = 0.035  # [m] of a side that a label has room on
SIDES, AROUND = 36, 3  # of the mesh of a cylinder; how often a label goes around it
PIXELS = (384, 192)
BAND = (0.28, 0.72)  # of the height: the light band that is printed on
PAPER, INK = (250, 248, 242), (24, 24, 28)


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles with texture coordinates: vertices (N, 3) [m], indices, unit normals (N, 3), uvs (N, 2)."""

    vertices: Array
    indices: list[int]
    normals: Array
    uvs: Array


def label_of(body: Body) -> str | None:
    """What is printed on a thing: its name without the word for the package; None for what is no package."""
    shape, words = body.shape, words_of(body.name)
    if shape.form not in (Form.BOX, Form.CYLINDER) or not body.movable or min(shape.size) < SMALLEST:
        return None
    canned = shape.form is Form.CYLINDER and all(
        low <= s <= high for s, (low, high) in zip((shape.size[0], shape.size[2]), CAN, strict=True)
    )
    if not canned and not PACKAGES.intersection((*words, *words_of(body.kind))):
        return None
    said = [w for w in words if w not in PACKAGES] or list(words)
    return " ".join(said).upper()


def label_mesh(shape: Shape) -> Mesh:
    """A cylinder or box whose sides show the whole texture (three times around a cylinder), its ends the plain part."""
    round_ = shape.form is Form.CYLINDER
    sides, share = (SIDES, AROUND / SIDES) if round_ else (4, 1.0)
    ring, outward = _ring(shape, sides)
    h = shape.size[2] / 2
    vertices: list[Array] = []
    normals: list[Array] = []
    uvs: list[Array] = []
    indices: list[int] = []
    for i in range(sides):
        a, b = ring[i], ring[(i + 1) % sides]
        n = outward[i], outward[(i + 1) % sides] if round_ else outward[i]
        u = share * i % 1, share * i % 1 + share
        first = 4 * i
        vertices += [np.array([*p, z]) for z in (-h, h) for p in (a, b)]
        normals += [np.array([*m, 0.0]) for _ in (-h, h) for m in n]
        uvs += [np.array([x, y]) for y in (0.0, 1.0) for x in u]
        indices += [first, first + 1, first + 2, first + 1, first + 3, first + 2]
    for z in (-h, h):
        first = len(vertices)
        vertices += [np.array([*p, z]) for p in ring]
        normals += [np.array([0.0, 0.0, math.copysign(1.0, z)])] * sides
        uvs += [np.array([0.02, 0.02])] * sides
        for i in range(1, sides - 1):
            indices += [first, first + i, first + i + 1] if z > 0 else [first, first + i + 1, first + i]
    return Mesh(np.stack(vertices), indices, np.stack(normals), np.stack(uvs))


def _ring(shape: Shape, sides: int) -> tuple[Array, Array]:
    """(N, 2) corners around, anticlockwise, and unit normals at them (of a box: of the side that begins there)."""
    x, y, _ = (s / 2 for s in shape.size)
    if shape.form is Form.CYLINDER:
        turn = 2 * math.pi * np.arange(sides) / sides
        out = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        return x * out, out
    return np.array([[x, -y], [x, y], [-x, y], [-x, -y]]), np.array([[1.0, 0], [0, 1.0], [-1.0, 0], [0, -1.0]])


@functools.cache
def label_picture(text: str, rgb: tuple[float, float, float]) -> Path:
    """The file of a texture: the thing's colour with a light band, and the text on it."""
    from PIL import Image, ImageDraw, ImageFont

    width, height = PIXELS
    picture = Image.new("RGB", PIXELS, tuple(round(255 * c) for c in rgb))
    draw = ImageDraw.Draw(picture)
    top, bottom = (round(b * height) for b in BAND)
    draw.rectangle((0, top, width, bottom), fill=PAPER)
    for size in range(72, 10, -4):
        font = ImageFont.load_default(size=size)
        left, upper, right, lower = draw.textbbox((0, 0), text, font=font)
        if right - left < 0.9 * width and lower - upper < 0.9 * (bottom - top):
            break
    at = ((width - right - left) / 2, (top + bottom - upper - lower) / 2)
    draw.text(at, text, fill=INK, font=font)
    path = Path(model_folder().name) / f"label_{abs(hash((text, rgb)))}.png"
    picture.save(path)
    return path


def stick_labels(client: Client, bodies: dict[str, Body]) -> None:
    """Print on all packages of a client; ``bodies`` by name."""
    for name, body in bodies.items():
        text = label_of(body)
        if text is not None:
            texture = client.loadTexture(str(label_picture(text, body.rgba[:3])))
            client.changeVisualShape(client.body(name), -1, textureUniqueId=texture, rgbaColor=[1.0, 1.0, 1.0, 1.0])
