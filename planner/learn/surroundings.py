# ruff: noqa: E501
"""Sorts of rooms: the names of their places, and what containers stand in them. Place names vary so that they are
read and not learnt by heart."""

from __future__ import annotations

from dataclasses import dataclass

CORNERS = tuple(f"{a} {b} corner" for a in ("top", "bottom") for b in ("left", "right"))
SIDES = tuple(f"{s} side" for s in ("top", "left", "right", "bottom"))
REGIONS = (*CORNERS, *SIDES, "middle")


@dataclass(frozen=True)
class Surrounding:
    """``places``: always there; ``more``: some of these as well; ``person``: where the person may be; ``fixed``: open or
    closing containers that are never moved (with ``*`` in front: they open and close); ``homes``: words of the
    knowledge's homes that are typical of the things found here; ``weight``: how often it is chosen."""

    kind: str
    places: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    scene: str = ""
    weight: float = 1.0


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_KITCHEN_FIXED = _split(
    "*top drawer, *bottom drawer, *middle drawer, *cabinet, *fridge, *microwave, sink, shelf, box, basket, *cupboard, "
    "*oven, *dishwasher, pantry, *freezer, bread box, dish rack, spice rack, recycling bin, wall cabinet, fruit basket, "
    "cutlery tray, *left drawer, *right drawer, compost bin, wine rack"
)

SURROUNDINGS = (
    Surrounding("tabletop", (*REGIONS, "table"), scene="tabletop", weight=7.0),
    Surrounding(
        "kitchen", ("table", "close counter", "far counter", "trash can", "user"), (), ("user",), _KITCHEN_FIXED,
        _split("fridge, refrigerator, cupboard, cabinet, drawer, kitchen drawer, pantry, counter, sink, fruit bowl, kitchen"),
        "kitchen", 5.0,
    ),
    Surrounding(
        "kitchen", (), _split("counter, kitchen island, dining table, breakfast bar, window sill, stove, left counter, "
        "right counter, kitchen table, trash bin, garbage can, countertop, worktop, serving table"),
        _split("user, person, guest"), _KITCHEN_FIXED,
        _split("fridge, refrigerator, cupboard, cabinet, drawer, kitchen drawer, pantry, counter, sink, fruit bowl, kitchen"),
        "", 1.5,
    ),
    Surrounding(
        "office", (), _split("desk, meeting table, side table, printer table, reception, corner desk, standing desk, "
        "waste basket, conference table, window sill, low shelf, front desk, copy station"),
        _split("user, person, visitor"),
        _split("*top drawer, *bottom drawer, *filing cabinet, bookcase, shelf, paper tray, in tray, out tray, *locker, "
        "*cupboard, pencil holder, mail slot, recycling bin, *desk drawer, box"),
        _split("desk, desk drawer, drawer, shelf, bookshelf, filing cabinet, pencil cup, office, pencil case"), "", 1.5,
    ),
    Surrounding(
        "workshop", (), _split("workbench, tool cart, assembly table, grinding station, left bench, right bench, "
        "packing table, pallet, test bench, scrap bin, storage rack, paint table"),
        _split("user, operator, mechanic"),
        _split("toolbox, *tool cabinet, *parts drawer, pegboard, crate, *locker, screw box, bucket, shelf, scrap box, "
        "*upper drawer, *lower drawer, sorting tray"),
        _split("toolbox, workbench, workshop, garage, shed, tool cabinet, tool rack, pegboard, tool bag"), "", 1.5,
    ),
    Surrounding(
        "bathroom", (), _split("washstand, bath tub, window sill, washing machine, stool, shower, vanity, laundry corner, "
        "dirty linen pile, toilet lid"),
        _split("user, person"),
        _split("*mirror cabinet, *medicine cabinet, shelf, laundry basket, *drawer, sink, towel rack, waste bin, *cabinet, "
        "toothbrush cup"),
        _split("bathroom, bathroom cabinet, medicine cabinet, laundry basket, towel rack, sink, shower, bathroom shelf"),
        "", 1.0,
    ),
    Surrounding(
        "living room", (), _split("coffee table, sofa, armchair, TV stand, side table, mantelpiece, window sill, piano, "
        "carpet, entrance, dining table, play mat"),
        _split("user, person, guest, child"),
        _split("bookcase, shelf, *cabinet, toy box, magazine rack, basket, *drawer, chest, *sideboard, coat rack, "
        "umbrella stand, waste basket"),
        _split("living room, shelf, bookshelf, toy box, coffee table, sofa, nightstand, hall, coat rack"), "", 1.2,
    ),
    Surrounding(
        "bedroom", (), _split("bed, nightstand, dressing table, desk, chair, window sill, left nightstand, right nightstand, "
        "bench, crib, changing table"),
        _split("user, person, patient"),
        _split("*wardrobe, *top drawer, *bottom drawer, *dresser, laundry basket, suitcase, shelf, jewellery box, shoe rack, "
        "*closet, hamper"),
        _split("wardrobe, closet, dresser, nightstand, drawer, bedroom, laundry basket, shoe rack, jewellery box"), "", 1.0,
    ),
    Surrounding(
        "outdoors", (), _split("patio table, garden bench, potting table, porch, terrace, picnic blanket, raised bed, "
        "doorstep, compost heap, barbecue, camp table"),
        _split("user, gardener, person"),
        _split("shed, bucket, crate, basket, cool box, wheelbarrow, *storage box, planter, watering barrel, *tent, trailer"),
        _split("shed, garden shed, garden, garage, balcony, picnic basket, backpack"), "", 0.8,
    ),
    Surrounding(
        "shop", (), _split("checkout, front shelf, back room, display table, shop window, packing station, returns desk, "
        "loading dock, aisle one, aisle two"),
        _split("customer, user, cashier"),
        _split("shopping cart, crate, returns box, *display case, shelf, basket, *freezer, *cash drawer, parcel box, "
        "lost property box"),
        _split("shelf, fridge, pantry, bag, wallet"), "", 0.6,
    ),
    Surrounding(
        "laboratory", (), _split("left bench, right bench, fume hood, station a, station b, station c, weighing table, "
        "cleaning station, delivery table, waste area"),
        _split("user, technician, nurse"),
        _split("*incubator, *fridge, tray a, tray b, sample rack, *drawer one, *drawer two, sharps container, *cabinet, bin a, "
        "bin b, wash basin"),
        _split("medicine cabinet, desk, drawer, shelf, toolbox, workbench"), "", 0.8,
    ),
)  # fmt: skip

COLOURS = _split(
    "red, green, blue, yellow, orange, purple, pink, brown, black, white, grey, cyan, teal, turquoise, beige, gold, silver"
)
COLOURED = (  # things of which several in different colours lie about; blocks most often
    *("block",) * 8,
    *("cube",) * 3,
    *_split(
        """ball, cylinder, cup, mug, plate, marker, towel, book, pen, folder, brick, sock, candle, cap, glove, toy car, lid,
        box, crayon, balloon, ribbon, napkin, notebook, bottle, disc, peg, coaster, ring, ball, cup, mug"""
    ),
)
BOWLS = _split("bowl, tray, box, basket, bin, crate, plate, cup, mug, pot, bucket, dish")
SIZES = _split("small, large, big, little, tiny, tall, short, long")
LOOKS = _split(
    "old, new, broken, shiny, dusty, striped, plain, wooden, plastic, metal, glass, paper, empty, half-empty"
)
