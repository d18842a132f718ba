from __future__ import annotations

import pytest

from envs.actions import ActionTable
from skills.library import default_library, plain_library
from skills.skill import GroundSkill
from skills.state import State, Thing
from skills.symbols import atom

NAMES = ("cup", "red block", "bowl")
TABLE = ActionTable(plain_library(), 4, ("left side", "middle"))


def state(*facts):
    types = {"cup": {"thing", "movable", "container"}, "red block": {"thing", "movable", "support"}}
    types |= {"bowl": {"thing", "movable", "container"}, "left side": {"place"}, "middle": {"place"}}
    return State(frozenset(facts), {n: Thing(n, frozenset(t)) for n, t in types.items()}, {})


def test_every_action_has_one_number():
    assert len(TABLE) == 4 + 12 + 12 + 8 + 1  # nowhere to go: the table's robot stands still
    for i in range(len(TABLE)):
        step = TABLE.step(i, NAMES)
        if step is not None:
            assert TABLE.action(step, NAMES) == i
    texts = [str(s) for i in range(len(TABLE)) if (s := TABLE.step(i, NAMES)) is not None]
    assert len(set(texts)) == len(texts) == 3 + 6 + 6 + 6 + 1
    with pytest.raises(IndexError, match="counted from 0"):
        TABLE.step(-1, NAMES)
    with pytest.raises(KeyError, match=r"no action here; .*things: cup, red block, bowl, left side"):
        TABLE.action(GroundSkill(default_library()["pick"], ("moon",)), NAMES)


def legal(*facts):
    mask = TABLE.mask(state(*facts), NAMES)
    return {str(TABLE.step(i, NAMES)) for i in range(len(TABLE)) if mask[i]}


def test_the_mask_follows_types_and_preconditions():
    home = "go_home()"
    assert legal() == {"pick(cup)", "pick(red block)", "pick(bowl)", home}
    assert legal(atom("in", "red block", "cup")) == {"pick(red block)", "pick(bowl)", home}
    places = {"place_at(cup, left side)", "place_at(cup, middle)"}
    assert legal(atom("holding", "cup")) == {"place_in(cup, bowl)", "place_on(cup, red block)", home} | places
