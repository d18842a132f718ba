"""Destinations that nobody names: the person, the waste."""

from __future__ import annotations

import pytest
from kitchen_scene import decided, goal

from planner.plan import Act, Refuse


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


def test_the_other_counter_is_the_one_it_is_not_on() -> None:
    assert goal("put the coke can on the other counter") == {"at(coke can, close counter)"}
    assert goal("move the pepsi can to the other counter") == {"at(pepsi can, far counter)"}


def test_of_two_counters_either_will_do() -> None:
    assert goal("put the coke can on the counter") in ({"at(coke can, close counter)"}, {"at(coke can, far counter)"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fetch the sponge", {"at(sponge, user)"}),
        ("pass the sponge and the orange", {"at(sponge, user)", "at(orange, user)"}),
        ("I could do with the water bottle", {"at(water bottle, user)"}),
        ("the orange would be nice", {"at(orange, user)"}),
        ("I am on the phone. Hand me the sponge", {"at(sponge, user)"}),
        ("my glasses are broken, bring me the apple", {"at(apple, user)"}),
        ("put the chip bag into the garbage", {"at(chip bag, trash can)"}),
        ("the apple => the blue bowl", {"in(apple, blue bowl)"}),
        ("would you mind placing the orange in the blue bowl", {"in(orange, blue bowl)"}),
        ("why isn't the orange in the blue bowl yet?", {"in(orange, blue bowl)"}),
    ],
)
def test_wishes_remarks_and_turns_of_phrase(text, wanted) -> None:
    assert goal(text) == wanted


def test_a_thing_that_no_word_speaks_of_is_not_moved() -> None:
    assert not isinstance(decided("stash the embroidery thread in the blue bowl"), Act)


def test_a_counter_is_not_carried() -> None:
    found = decided("put the far counter in the blue bowl")
    assert isinstance(found, Refuse)
    assert "cannot be moved" in found.failure.detail


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The orange has gone off. Get rid of it.", {"at(orange, trash can)"}),
        ("the chip bag is rubbish", {"at(chip bag, trash can)"}),
        ("after you have thrown the orange away, bring me the apple", {"at(orange, trash can)", "at(apple, user)"}),
        ("I can't reach the sponge", {"at(sponge, user)"}),
        ("not the apple, the orange: give me that", {"at(orange, user)"}),
        ("a cold can of coke would be nice", {"at(coke can, user)"}),
    ],
)
def test_what_is_implied_in_a_longer_way(text, wanted) -> None:
    assert goal(text) == wanted


def test_beside_a_thing_is_refused_with_the_place_that_can_be_had() -> None:
    found = decided("put the sponge underneath the apple")
    assert isinstance(found, Refuse)
    assert "the apple is at the table" in found.failure.detail


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "put the apple on the close counter, then drive to the far counter",
            {"at(apple, close counter)", "robot_at(far counter)", "visited(far counter)"},
        ),
        (
            "put the sponge in the blue bowl and come back to me",
            {"in(sponge, blue bowl)", "robot_at(user)", "visited(user)"},
        ),
        ("go to the table, pick up the orange and lay it in the blue bowl", {"in(orange, blue bowl)"}),
        ("take the blue bowl and drop the apple into that", {"in(apple, blue bowl)"}),
        ("I'd love an apple and an orange after the run", {"at(apple, user)", "at(orange, user)"}),
    ],
)
def test_where_the_robot_goes_itself_and_what_is_pointed_at(text, wanted) -> None:
    assert goal(text) == wanted


def test_what_there_is_somewhere_is_not_to_be_brought_there() -> None:
    assert goal("there is an apple on the table, put it in the blue bowl") == {"in(apple, blue bowl)"}
