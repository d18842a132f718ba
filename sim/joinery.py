"""How furniture with moving parts is made: drawer units, fridges, cabinets, lidded boxes, push buttons and lamps.

In the frame of a unit x points out of its front, z up, the origin is the middle of the box around its fixed part.
Sizes are those of small furniture that stands on a counter; handles are round bars 13 mm thick with 35 mm of room
behind them, as sold for kitchens, which a two-finger hand can take from the front and from above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sim.colours import COLOURS, Rgb, find_colour
from sim.lexicon import words_of
from sim.objects import Body
from sim.units import ALONG_X, ALONG_Y, Board, Part, Rgba, Unit
from skills.mechanisms import Block, Handle, Motion, Niche
from skills.types import Form, Shape, Vec3

BOARD = 0.012  # [m] thickness of carcass boards
WALL = 0.010  # [m] of drawers and boxes
PLINTH = 0.03  # [m] under the lowest drawer: room for the hand
FRONT = 0.125  # [m] height of a drawer's front
GAP = 0.004  # [m] between fronts
TRAVEL = 0.25  # [m] of drawers: full-extension runners, so that a hand gets in from above
LOW_WALL = 0.035  # [m] a drawer's walls end below the top of its front
BAR, POST, STANDOFF = 0.013, 0.010, 0.035  # [m] of handles
BAR_LENGTH = 0.12
DRAWER_BRAKE, DOOR_BRAKE, LID_BRAKE = 3.0, 0.15, 0.55  # [N], [N m], [N m]: Coulomb friction
WOOD: Rgb = (0.72, 0.55, 0.38)
STEEL: Rgba = (0.62, 0.64, 0.66, 1.0)
ORDER = {1: ("",), 2: ("top", "bottom"), 3: ("top", "middle", "bottom")}
KINDS = ("drawer unit", "drawer", "fridge", "microwave", "cabinet", "lidded box", "button", "lamp")
APPLIANCE_FRONT = 0.165  # [m] height of the front of a fridge or microwave that slides out: a can stands in it


class JoineryError(ValueError):
    """A unit that cannot be made; the message names the choices."""


def make_unit(
    name: str,
    kind: str,
    drawers: int | None = None,
    start: Mapping[str, float] | None = None,
    switches: str | None = None,
) -> Unit:
    """The unit called ``name``. ``drawers``: how many (1 to 3; a "drawer" has one); ``start``: shares by which parts
    are open at first, by part name; ``switches``: the lamp of a button. Raises JoineryError."""
    if kind not in KINDS:
        raise JoineryError(f"{name!r}: no kind {kind!r}; kinds: {', '.join(KINDS)}")
    makers: dict[str, Callable[[], Unit]] = {
        "drawer unit": lambda: _drawer_unit(name, 3 if drawers is None else drawers, _colour(name)),
        "drawer": lambda: _drawer_unit(name, 1, _colour(name)),
        "fridge": lambda: _drawer_unit(name, 1, _colour(name, (0.90, 0.91, 0.92)), APPLIANCE_FRONT, kind),
        "microwave": lambda: _drawer_unit(name, 1, _colour(name, (0.30, 0.31, 0.33)), APPLIANCE_FRONT, kind),
        "cabinet": lambda: _cabinet(name, _colour(name)),
        "lidded box": lambda: _lidded_box(name, _colour(name)),
        "button": lambda: _button(name, switches, _colour(name, COLOURS["red"])),
        "lamp": lambda: _lamp(name, _colour(name, (0.86, 0.84, 0.78))),
    }  # fmt: skip
    if drawers is not None and kind != "drawer unit":
        raise JoineryError(f"{name!r}: only a drawer unit has a number of drawers, this is a {kind}")
    if (switches is not None) != (kind == "button"):
        raise JoineryError(f"{name!r}: a button switches a lamp (switches: NAME), and nothing else does")
    return _opened(makers[kind](), start or {})


def _opened(unit: Unit, start: Mapping[str, float]) -> Unit:
    known = {p.body.name if p.body is not None else unit.body.name for p in unit.parts}
    if unit.whole is not None:
        known.add(unit.body.name)
    for name, share in start.items():
        if name not in known or not 0.0 <= share <= 1.0:
            raise JoineryError(
                f"{unit.body.name!r} cannot start with {name!r} open by {share}; parts: {', '.join(sorted(known))}"
            )

    def share_of(i: int, part: Part) -> float:
        own = part.body.name if part.body is not None else unit.body.name
        return start.get(own, start.get(unit.body.name, 0.0) if unit.whole == i else 0.0)

    return replace(unit, parts=tuple(replace(p, start=share_of(i, p)) for i, p in enumerate(unit.parts)))


def _colour(name: str, otherwise: Rgb = WOOD) -> Rgb:
    found = find_colour(words_of(name))
    return found[1] if found is not None else otherwise


def _shade(rgb: Rgb, factor: float) -> Rgba:
    r, g, b = (min(1.0, c * factor) for c in rgb)
    return r, g, b, 1.0


def _fixed(name: str, kind: str, shape: Shape, rgba: Rgba) -> Body:
    return Body(name, kind, shape, 5.0, rgba, movable=False)


def _bar(centre: Vec3, along: int, length: float = BAR_LENGTH) -> tuple[list[Board], Handle]:
    """A bar handle in front of a face that looks along x; ``along``: 1 lies across, 2 stands. ``centre``: of the
    bar."""
    x, y, z = centre
    direction: Vec3 = (0.0, 1.0, 0.0) if along == 1 else (0.0, 0.0, 1.0)
    turn = ALONG_Y if along == 1 else (0.0, 0.0, 0.0, 1.0)
    boards = [Board((BAR, BAR, length), centre, STEEL, turn, round=True)]
    for sign in (-1, 1):
        off = sign * (length / 2 - POST)
        place = (x - STANDOFF / 2, y + direction[1] * off, z + direction[2] * off)
        boards.append(Board((POST, POST, STANDOFF), place, STEEL, ALONG_X, round=True))
    return boards, Handle(centre, direction, (1.0, 0.0, 0.0), BAR, length, STANDOFF)


def _box_boards(size: Vec3, wall: float, rgba: Rgba, middle: Vec3 = (0.0, 0.0, 0.0)) -> list[Board]:
    """Floor and four walls, open at the top."""
    x, y, z = size
    mx, my, mz = middle
    return [
        Board((x, y, wall), (mx, my, mz - z / 2 + wall / 2), rgba),
        Board((wall, y, z), (mx - x / 2 + wall / 2, my, mz), rgba),
        Board((wall, y, z), (mx + x / 2 - wall / 2, my, mz), rgba),
        Board((x, wall, z), (mx, my - y / 2 + wall / 2, mz), rgba),
        Board((x, wall, z), (mx, my + y / 2 - wall / 2, mz), rgba),
    ]


def _carcass(size: Vec3, rgba: Rgba) -> list[Board]:
    """Top, floor, sides and back of a piece of furniture that is open at the front."""
    x, y, z = size
    return [
        Board((x, y, BOARD), (0.0, 0.0, z / 2 - BOARD / 2), rgba),
        Board((x, y, PLINTH), (0.0, 0.0, -z / 2 + PLINTH / 2), rgba),
        Board((x, BOARD, z), (0.0, y / 2 - BOARD / 2, 0.0), rgba),
        Board((x, BOARD, z), (0.0, -y / 2 + BOARD / 2, 0.0), rgba),
        Board((BOARD, y, z), (-x / 2 + BOARD / 2, 0.0, 0.0), rgba),
    ]


def _drawer_unit(name: str, count: int, wood: Rgb, front: float = FRONT, kind: str = "drawer unit") -> Unit:
    """Drawers in a carcass; a fridge or a microwave is one that is built like a drawer, filled from above."""
    if count not in ORDER:
        raise JoineryError(f"{name!r}: a drawer unit has 1 to 3 drawers, got {count}")
    depth, width = 0.30, 0.34
    height = PLINTH + count * (front + GAP) + BOARD + GAP
    x, half = depth / 2, height / 2
    names = [f"{o} drawer" for o in ORDER[count]] if count > 1 else [name]
    whole = name if count > 1 else f"{name} frame"
    parts = []
    for i, own in enumerate(names):
        middle = half - BOARD - GAP - front / 2 - i * (front + GAP)
        parts.append(_drawer(own, x, depth, width, middle, wood, front, "drawer" if kind == "drawer unit" else kind))
    carcass = _fixed(whole, kind, Shape(Form.BOX, (depth, width, height)), _shade(wood, 0.85))
    return Unit(carcass, tuple(_carcass((depth, width, height), _shade(wood, 0.85))), tuple(parts), front=TRAVEL + 0.05)


def _drawer(name: str, x: float, depth: float, width: float, z: float, wood: Rgb, front: float, kind: str) -> Part:
    """One drawer whose front's inner face lies at ``x`` and its middle at height ``z``."""
    length, wide, high = depth - 0.02, width - 2 * BOARD - 2 * GAP, front - LOW_WALL
    centre = (x + WALL - length / 2, 0.0, z - front / 2 + high / 2)
    boards = _box_boards((length, wide, high), WALL, _shade(wood, 1.12), centre)
    panel = (x + WALL / 2, 0.0, z)
    boards[2] = Board((WALL, width - GAP, front), panel, _shade(wood, 1.0))  # in the front wall's place
    grip = (x + WALL + STANDOFF, 0.0, z + 0.012)
    bar, handle = _bar(grip, 1)
    boards += bar
    body = Body(name, kind, Shape(Form.BIN, (length, wide, high), WALL), 1.2, _shade(wood, 1.0), movable=False)
    blocks = (Block((WALL, width - GAP, front), (panel[0] - centre[0], 0.0, panel[2] - centre[2])),)
    return Part(
        Motion.SLIDE, (1.0, 0.0, 0.0), (0.0, 0.0, 0.0), TRAVEL, tuple(boards), 1.2, DRAWER_BRAKE, body, centre, handle,
        blocks,
    )  # fmt: skip


def _cabinet(name: str, wood: Rgb) -> Unit:
    depth, width, height = 0.26, 0.34, 0.36
    x = depth / 2
    room = (depth - BOARD, width - 2 * BOARD, height - PLINTH - BOARD)
    niche = Niche(room, (BOARD / 2, 0.0, (PLINTH - BOARD) / 2))
    carcass = _fixed(name, "cabinet", Shape(Form.BOX, (depth, width, height)), _shade(wood, 0.85))
    carcass = replace(carcass, niche=niche)
    boards = _carcass((depth, width, height), _shade(wood, 0.85))
    door, edge = (BOARD, width - GAP, height - PLINTH), width / 2
    origin = (x + BOARD / 2, -edge + 0.004, PLINTH / 2)
    middle = (x + BOARD / 2, 0.0, PLINTH / 2)
    panel = Board(door, _less(middle, origin), _shade(wood, 1.0))
    inlay = Board((0.002, width - 0.09, height - 0.12), _less((x + BOARD + 0.001, 0.0, PLINTH / 2), origin),
                  _shade(wood, 1.15), solid=False)  # fmt: skip
    grip = (x + BOARD + STANDOFF, edge - 0.05, 0.0)
    bar, handle = _bar(_less(grip, origin), 2)
    body = Body(f"{name} door", "door", Shape(Form.BOX, door), 1.0, _shade(wood, 1.0), movable=False)
    part = Part(
        Motion.HINGE, (0.0, 0.0, -1.0), origin, 1.5, (panel, *bar, inlay), 1.0, DOOR_BRAKE, body, middle,
        _at(handle, grip),
    )  # fmt: skip
    return Unit(carcass, tuple(boards), (part,), whole=0, front=0.36)


def _lidded_box(name: str, wood: Rgb) -> Unit:
    depth, width, height = 0.24, 0.28, 0.11
    box = Body(name, "lidded box", Shape(Form.BIN, (depth, width, height), WALL), 2.0, _shade(wood, 0.9), movable=False)
    boards = _box_boards((depth, width, height), WALL, _shade(wood, 0.9))
    lid, thick = (depth, width, BOARD), BOARD
    origin = (-depth / 2, 0.0, height / 2 + thick / 2 + 0.001)
    middle = (0.0, 0.0, origin[2])
    grip = (depth / 2 + STANDOFF, 0.0, origin[2])
    bar, handle = _bar(_less(grip, origin), 1)
    panel = Board(lid, _less(middle, origin), _shade(wood, 1.1))
    body = Body(f"{name} lid", "lid", Shape(Form.BOX, lid), 0.25, _shade(wood, 1.1), movable=False)
    part = Part(
        Motion.HINGE, (0.0, -1.0, 0.0), origin, 1.55, (panel, *bar), 0.25, LID_BRAKE, body, middle, _at(handle, grip),
    )  # fmt: skip
    return Unit(box, tuple(boards), (part,), whole=0, front=0.10)


def _button(name: str, switches: str | None, rgb: Rgb) -> Unit:
    size = (0.10, 0.10, 0.05)
    body = _fixed(name, "button", Shape(Form.BOX, size), (0.25, 0.26, 0.28, 1.0))
    top = size[2] / 2
    cap = Board((0.05, 0.05, 0.018), (0.0, 0.0, -0.001), _shade(rgb, 1.0), round=True)
    housing = [Board(size, (0.0, 0.0, 0.0), body.rgba)]
    part = Part(Motion.BUTTON, (0.0, 0.0, -1.0), (0.0, 0.0, top + 0.008), 0.008, (cap,), 0.1, 0.0, spring=3.0)
    return Unit(body, tuple(housing), (part,), whole=0, switches=switches)


def _lamp(name: str, rgb: Rgb) -> Unit:
    body = _fixed(name, "lamp", Shape(Form.CYLINDER, (0.13, 0.13, 0.30)), _shade(rgb, 1.0))
    boards = (
        Board((0.11, 0.11, 0.02), (0.0, 0.0, -0.14), (0.30, 0.30, 0.32, 1.0), round=True),
        Board((0.016, 0.016, 0.17), (0.0, 0.0, -0.05), STEEL, round=True),
        Board((0.13, 0.13, 0.12), (0.0, 0.0, 0.09), _shade(rgb, 0.8), round=True),
    )
    return Unit(body, boards, lamp=True)


def _less(a: Vec3, b: Vec3) -> Vec3:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _at(handle: Handle, centre: Vec3) -> Handle:
    return replace(handle, centre=centre)


def unit_names(units: Sequence[Unit]) -> tuple[str, ...]:
    """All names that units bring into a world."""
    return tuple(n for u in units for n in u.names)
