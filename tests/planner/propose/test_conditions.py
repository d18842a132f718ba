"""What depends on what is here is decided by what is here."""

from __future__ import annotations

import pytest

from planner.propose.conditions import settled
from planner.propose.reading import read_words, spotter_for
from propose_scene import moved, request_for, stacked

NAMES = ("kite", "drum", "red bowl", "green bowl")


def kept(text, start=()):
    request = stacked(request_for(text, NAMES), start)
    return settled(text, spotter_for(request), request.state)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("if the kite is in the red bowl, take it out", "take the kite out"),
        ("should the kite not be in the green bowl, put it there", "put the kite there"),
        ("if the kite isn't in the green bowl, put it in the middle", "put the kite in the middle"),
        ("if the red bowl is empty, put the drum in it; otherwise put it in the middle", "put the drum in the middle"),
        ("if the green bowl is empty put the drum in it, if not in the red one", "put the drum in the green bowl"),
        ("if there is a whistle, put it away, otherwise the drum", "put the drum away"),
        ("if there is a whistle, put it in the red bowl, otherwise the kite", "put the kite in the red bowl"),
        ("if there is a whistle, put it in the red bowl, otherwise the kite will do", "put the kite in the red bowl"),
        ("If you see a whistle, drop it in the red bowl. Otherwise the kite is fine.", "drop the kite in the red bowl"),
        ("if we have a flute bring it to me, if not the drum would be okay too", "bring the drum to me"),
        ("if there is any drum bring me some, otherwise the kite will do", "bring me drum"),
        ("in case there's a horn, put it in the red bowl, or else the kite works just as well",
         "put the kite in the red bowl"),
        ("put the drum in the red bowl", "put the drum in the red bowl"),
        ("bring me a whistle or, failing that, a drum", "bring me a drum"),
        ("bring a whistle. If you can't find any, the kite will do", "bring the kite"),
        ("bring the kite, or else the drum", "bring the kite"),
        ("if there's a kite, lift it", "lift a kite"),
        ("unless you see a whistle, lift the drum", "lift the drum"),
        ("if there is no whistle, lift the drum instead", "lift the drum instead"),
        ("if we're out of kites lift the drum, otherwise lift the kite", "lift the kite"),
        ("put the drum in the green bowl if it's empty", "put the drum in the green bowl"),
        ("lift the drum unless there's a whistle", "lift the drum"),
        ("unless there are any drums, lift the kite, or else lift the green bowl", "lift the green bowl"),
    ],
)  # fmt: skip
def test_only_what_counts_remains(text, meant) -> None:
    found, why = kept(text, moved(("kite", "in", "red bowl")))
    assert (found, why) == (meant, "")


def test_the_other_side_takes_its_noun_from_the_condition() -> None:
    text = "if the drum is on the left side, move it to the right one"
    assert kept(text)[0] == "move the drum to the right side"


def test_nothing_to_be_done_says_why() -> None:
    text = "if the drum is in the red bowl, move it to the middle"
    assert kept(text)[0] == ""
    (only,) = read_words(request_for(text, NAMES)).mentions
    assert "the drum is in the red bowl" in only.missing


@pytest.mark.parametrize(
    "text",
    ["unless there's a drum, lift the kite", "if you see a whistle, lift it", "lift the kite if there is a whistle"],
)
def test_what_is_not_so_asks_for_nothing(text) -> None:
    left, why = kept(text)
    assert left == ""
    assert "nothing is said of what to do then" in why


def test_a_dirty_one_is_no_clean_one() -> None:
    request = request_for("if there are no clean kites, lift the drum", ("dirty kite", "drum"))
    assert settled(request.instruction, spotter_for(request), request.state)[0] == "lift the drum"


def test_a_question_and_what_follows_from_its_answer() -> None:
    there = moved(("kite", "in", "red bowl"))
    assert kept("is the kite in the green bowl? if not, put it there", there)[0] == "put the kite there"
    assert kept("Is the red bowl empty? If so put the drum in it", there)[0] == ""
