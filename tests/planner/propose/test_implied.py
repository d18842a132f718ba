"""Destinations that nobody names: the person, the waste."""

from __future__ import annotations

import pytest
from kitchen_scene import decided, goal

from planner.plan import Ask


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bring me the apple", {"at(apple, user)"}),
        ("could you hand me the sponge and the coke can?", {"at(sponge, user)", "at(coke can, user)"}),
        ("can I have the water bottle, please", {"at(water bottle, user)"}),
        ("I would like the orange", {"at(orange, user)"}),
        ("throw away the chip bag", {"at(chip bag, trash can)"}),
        ("please throw the apple and the orange away", {"at(apple, trash can)", "at(orange, trash can)"}),
        ("get rid of the pepsi can", {"at(pepsi can, trash can)"}),
        ("bring me the apple and put the orange in the blue bowl", {"at(apple, user)", "in(orange, blue bowl)"}),
        ("take the sponge to the far counter", {"at(sponge, far counter)"}),
        ("bring everything from the table to me", {"at(apple, user)", "at(orange, user)", "at(sponge, user)"}),
    ],
)
def test_where_things_go_that_were_given_no_place(text, wanted) -> None:
    assert goal(text) == wanted


def test_a_robot_sent_to_several_places_ends_at_the_last() -> None:
    wanted = goal("visit the table and the close counter")
    assert {"visited(table)", "visited(close counter)", "robot_at(close counter)"} >= wanted
    assert "robot_at(table)" not in wanted


def test_a_part_of_a_place_that_fits_two_is_asked_about() -> None:
    assert isinstance(decided("put the coke can on the counter"), Ask)
