"""All but some of them, and some that are left where they are."""

from __future__ import annotations

import pytest

from planner.lm.api import ScriptedLM
from planner.propose.proposer import LMProposer
from propose_scene import moved, request_for, stacked

NAMES = ("kite 1", "kite 2", "kite 3", "drum", "red bowl", "green bowl")


def goal(text, start=()):
    request = stacked(request_for(text, NAMES), start)
    best = LMProposer(ScriptedLM(lambda prefix, option: 0.0)).propose(request, 1)[0]
    return {str(x) for x in best.goal}


def test_the_others_of_a_number_stay() -> None:
    found = goal("put two of the kites in the red bowl, the others stay")
    assert len(found) == 2
    assert all(x.startswith("in(kite") for x in found)


@pytest.mark.parametrize(
    "text",
    [
        "put all but one of the kites in the red bowl",
        "put all the kites except one in the red bowl",
        "all but one of the kites go in the red bowl",
    ],
)
def test_all_but_one(text) -> None:
    found = goal(text)
    assert len(found) == 2
    assert found < {f"in(kite {n}, red bowl)" for n in (1, 2, 3)}


def test_some_are_left_there() -> None:
    there = moved(*((f"kite {n}", "in", "red bowl") for n in (1, 2, 3)))
    found = goal("leave one kite in the red bowl and put the others in the green bowl", there)
    assert len(found) == 2
    assert found < {f"in(kite {n}, green bowl)" for n in (1, 2, 3)}


def test_a_number_without_a_noun() -> None:
    found = goal("two kites in the red bowl and one in the green bowl")
    assert len(found) == 3
    assert {x.split(", ")[1] for x in found} == {"red bowl)", "green bowl)"}


def test_of_so_many_the_one() -> None:
    assert goal("of the three kites put kite 2 in the red bowl") == {"in(kite 2, red bowl)"}


def test_so_many_stay() -> None:
    found = goal("two of the kites stay, the rest goes in the red bowl")
    assert len(found) == 1


def test_any_one_of_several_is_one() -> None:
    assert len(goal("put any one of the kites in the red bowl")) == 1
    assert len(goal("put any two of the kites in the red bowl")) == 2
