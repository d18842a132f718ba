"""Which thing is meant by where it lies."""

import pytest

from planner.propose.mention import Role
from planner.propose.reading import read_words
from planner.propose.spatial import layout_of
from propose_scene import SIDES, request_for, thing
from skills.drivers.fake import fake_embodiment
from skills.types import Region

REGIONS = (
    *(r for r in SIDES if r.name not in ("top side", "bottom side")),
    Region("top side", (0.30, -0.36), (0.42, 0.36)),
    Region("bottom side", (0.58, -0.36), (0.70, 0.36)),
)
THINGS = [
    thing("red block", 0.35, -0.30), thing("green block", 0.50, 0.0), thing("blue block", 0.65, 0.30),
    thing("white bowl", 0.40, 0.20),
]  # fmt: skip


def meant(text):
    request = request_for(text, body=fake_embodiment(THINGS, REGIONS))
    words = read_words(request)
    return [m.names for m in words.wanted if not m.place]


def test_directions_come_from_the_regions():
    layout = layout_of(request_for("x", body=fake_embodiment(THINGS, REGIONS)))
    assert layout.ways["left"] == pytest.approx((0, -1))
    assert layout.ways["bottom"] == pytest.approx((1, 0))
    assert layout.apart("red block", "green block") == pytest.approx(0.3354, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("put the leftmost block in the white bowl", "red block"),
        ("put the rightmost block in the white bowl", "blue block"),
        ("pick up the block closest to the white bowl and place it on the bottom side", "green block"),
        ("pick up the block that is farthest from the white bowl and place it on the bottom side", "red block"),
        ("pick up the second block from the left and place it on the bottom side", "green block"),
        ("pick up the first block from the bottom and place it on the left side", "blue block"),
        ("pick up the last block from the left and place it on the bottom side", "blue block"),
        ("pick up the block to the right of the white bowl and place it on the bottom side", "blue block"),
        ("pick up the block to the left of the white bowl and place it on the bottom side", "green block"),
        ("move the block furthest to the left to the bottom side", "red block"),
    ],
)
def test_one_of_several_by_where_it_lies(text, name):
    assert (name,) in meant(text)
    assert not any(len(names) > 1 for names in meant(text))


def test_a_place_beside_a_thing_is_where_it_goes_when_nothing_else_is_said():
    words = read_words(
        request_for("put the block to the left of the white bowl", body=fake_embodiment(THINGS, REGIONS))
    )
    (target,) = [m for m in words.wanted if m.role is Role.TARGET]
    assert (target.names, target.before) == (("white bowl",), "left_of")


@pytest.mark.parametrize(
    "text", ["put the red block where the green block is", "put the red block in the same place as the green block"]
)
def test_the_place_of_another_thing_is_a_destination(text):
    words = read_words(request_for(text, body=fake_embodiment(THINGS, REGIONS)))
    (target,) = [m for m in words.wanted if m.place]
    assert target.names == ("middle",)


@pytest.mark.parametrize("text", ["move the red block to the opposite side", "move the red block to the other side"])
def test_across_the_table(text):
    state = request_for("x").state
    here = next(
        a.args[1] for a in state.atoms if a.predicate == "at" and a.args[0] == "red block" and "side" in a.args[1]
    )
    words = read_words(request_for(text))
    other = {"left side": "right side", "right side": "left side"}[here]
    assert [m.names for m in words.wanted] == [("red block",), (other,)]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Here are the red block and the green block. The latter goes in the blue bowl.", "green block"),
        ("Look at the red block and the green block: put the first one in the blue bowl", "red block"),
    ],
)
def test_the_former_and_the_latter(text, thing):
    words = read_words(request_for(text))
    assert [m.names for m in words.wanted] == [(thing,), ("blue bowl",)]
