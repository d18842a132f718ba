"""Where something goes, said by what it is to stand near."""

from __future__ import annotations

import pytest
from kitchen_scene import decided, goal

from planner.plan import Refuse

AT_TABLE = dict.fromkeys(("plate", "fork", "knife", "mug", "cake", "apple"), "table")
APART = AT_TABLE | {"fork": "far counter", "knife": "close counter", "apple": "far counter"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("put the fork next to the plate", {"beside(fork, plate)"}),
        ("could you set the mug down right beside the cake, please", {"beside(mug, cake)"}),
        ("place the fork to the left of the plate", {"left_of(fork, plate)"}),
        ("move the knife to the right of the plate", {"right_of(knife, plate)"}),
        ("put the mug in front of the cake", {"in_front_of(mug, cake)"}),
        ("the mug should stand behind the plate", {"behind(mug, plate)"}),
        ("I want the apple close to the mug", {"beside(apple, mug)"}),
        ("slide the apple closer to the mug", {"beside(apple, mug)"}),
        ("take the knife and lay it next to the fork", {"beside(knife, fork)"}),
        (
            "put the fork to the left of the plate and the knife to the right of it",
            {"left_of(fork, plate)", "right_of(knife, plate)"},
        ),
        ("put the apple on the table next to the plate", {"beside(apple, plate)"}),
        ("put the fork and the knife next to the plate", {"beside(fork, plate)", "beside(knife, plate)"}),
        ("put the mug and the apple next to each other", {"beside(apple, mug)"}),
        (
            "put the mug and the apple beside one another on the far counter",
            {"at(mug, far counter)", "at(apple, far counter)", "beside(apple, mug)"},
        ),
        (
            "first move the fork and the knife to the far counter. then place them next to each other",
            {"at(fork, far counter)", "at(knife, far counter)", "beside(knife, fork)"},
        ),
        (
            "put the mug and the apple side by side on the table",
            {"at(mug, table)", "at(apple, table)", "beside(apple, mug)"},
        ),
        (
            "the knife goes to the right of the plate and the fork to the left of the plate",
            {"right_of(knife, plate)", "left_of(fork, plate)"},
        ),
        ("keep the apple next to the mug", {"beside(apple, mug)"}),
        ("leave the apple by the plate", {"beside(apple, plate)"}),
        (
            "set the table: fork on the left of the plate, knife on its right",
            {"left_of(fork, plate)", "right_of(knife, plate)"},
        ),
        ("put the cake on the close counter with a fork next to it", {"at(cake, close counter)", "beside(fork, cake)"}),
    ],
)
def test_near_something(text, wanted):
    assert goal(text, things=APART) == wanted


@pytest.mark.parametrize(
    "text",
    ["put the fork under the plate", "put the fork between the plate and the mug", "keep the mug away from the cake"],
)
def test_other_relations_are_still_refused(text):
    assert isinstance(decided(text, things=APART), Refuse)


def test_a_place_or_a_container_stays_where_it_goes():
    """Said of which thing, not of where to."""
    assert goal("put the fork in the blue bowl next to the plate", things=AT_TABLE | {"blue bowl": "table"}) in (
        {"in(fork, blue bowl)"}, {"beside(fork, plate)"},
    )  # fmt: skip
    assert goal("pick up the fork next to the plate", things=AT_TABLE) == {"holding(fork)"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bring me the apple by the mug", {"at(apple, user)"}),
        ("get me the apple next to the plate", {"at(apple, user)"}),
        ("give the apple beside the plate to me", {"at(apple, user)"}),
        ("throw away the apple next to the plate", {"at(apple, trash can)"}),
    ],
)
def test_near_what_it_is_where_nothing_is_put_down(text, wanted):
    assert goal(text, things=APART) == wanted
