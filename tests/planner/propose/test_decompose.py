"""Goals composed from answers, and any goal's probability under them."""

from __future__ import annotations

import math

import pytest
from form_answers import Answering

from planner.plan import Done, Move
from planner.propose.answers import ask_order, ask_what, ask_where
from planner.propose.asking import HAND, fewer, setting_of, targets_of, told, whereabouts
from planner.propose.decompose import compose, goal_logprob, moves_of
from propose_scene import moved, request_for, stacked
from skills.symbols import GroundAtom, parse_literal

NAMES = ("apple", "pear", "plum", "sponge", "blue bowl")


def answered(told: Answering, text: str = "do it", names=NAMES, request=None):
    request = request or request_for(text, names)
    lm = told.model()
    return request, ask_where(lm, request, ask_what(lm, request)), lm


def goals(request, answers, k=6):
    return [frozenset(map(str, c.literals)) for c in compose(request, answers, k)]


def test_everything_is_asked_in_two_passes() -> None:
    told = Answering({"apple": "yes", "pear": "yes"}, {"apple": "in the blue bowl", "pear": "at the middle"})
    _, answers, lm = answered(told)
    assert lm.usage.calls == 2
    assert set(answers.meant) == set(NAMES)
    assert answers.certain == ("apple", "pear")
    assert set(answers.goes) == {"apple", "pear"}
    assert answers.chosen == "act"
    assert all(math.isclose(sum(p), 1.0) for p in answers.meant.values())


def test_the_likeliest_goal_is_what_the_answers_say() -> None:
    told = Answering({"apple": "yes", "pear": "yes"}, {"apple": "in the blue bowl", "pear": "at the middle"})
    request, answers, _ = answered(told)
    best, *rest = compose(request, answers, 5)
    assert set(map(str, best.literals)) == {"in(apple, blue bowl)", "at(pear, middle)"}
    assert best.logprob == max(c.logprob for c in (best, *rest))


@pytest.mark.parametrize(("count", "n"), [("one", 1), ("two", 2), ("all", 3)])
def test_of_several_that_would_do_so_many_are_taken(count, n) -> None:
    fruit = dict.fromkeys(("apple", "pear", "plum"), "either")
    request, answers, _ = answered(Answering(fruit, dict.fromkeys(fruit, "in the blue bowl"), count=count))
    found = goals(request, answers, 8)
    assert len(found[0]) == n
    if n < 3:
        assert len({g for g in found if len(g) == n}) > 1, "other choices are there as well, should one be infeasible"


def test_deeds_stand_beside_moves_or_alone() -> None:
    request, answers, _ = answered(Answering())
    assert compose(request, answers, 3) == [], "nothing is meant: nothing is proposed"


def test_only_one_thing_can_be_in_the_hand_and_on_a_support() -> None:
    both = dict.fromkeys(("apple", "pear"), "yes")
    request, answers, _ = answered(Answering(both, dict.fromkeys(both, "in the hand")))
    assert all(sum(x.startswith("holding") for x in g) <= 1 for g in goals(request, answers))
    request, answers, _ = answered(Answering(both, dict.fromkeys(both, "on the sponge")))
    assert all(sum(x.endswith("sponge)") for x in g) <= 1 for g in goals(request, answers))


def test_any_goal_can_be_scored_under_the_same_answers() -> None:
    told = Answering({"apple": "yes"}, {"apple": "in the blue bowl"})
    request, answers, _ = answered(told)
    right = goal_logprob(request, answers, (parse_literal("in(apple, blue bowl)"),))
    elsewhere = goal_logprob(request, answers, (parse_literal("at(apple, middle)"),))
    other = goal_logprob(request, answers, (parse_literal("in(pear, blue bowl)"),))
    more = goal_logprob(request, answers, (parse_literal("in(apple, blue bowl)"), parse_literal("in(pear, blue bowl)")))
    assert right > -0.1 > max(elsewhere, other, more)
    assert other < min(elsewhere, more), "a wrong thing and a missing one are two mistakes"


def test_what_is_so_already_costs_nothing_either_way() -> None:
    request = stacked(request_for("x", NAMES), moved(("apple", "in", "blue bowl")))
    _, answers, _ = answered(Answering(), request=request)
    assert goal_logprob(request, answers, (parse_literal("in(apple, blue bowl)"),)) > -0.1


def test_a_forced_order_is_asked_for_thing_by_thing() -> None:
    request = request_for("x", NAMES)
    lm = Answering(order=("pear", "apple", "plum")).model()
    assert ask_order(lm, request, ["apple", "pear", "plum"], "pear") == ("pear", "apple")
    assert ask_order(Answering().model(), request, ["apple", "pear", "plum"], "pear") == ("pear",)


def test_where_things_are_is_said_by_what_carries_them() -> None:
    request = stacked(request_for("x", NAMES), moved(("apple", "in", "blue bowl"), ("pear", "on", "sponge")))
    regions = request.observation.regions
    assert whereabouts("apple", request.state, regions) == "in the blue bowl"
    assert whereabouts("pear", request.state, regions) == "on the sponge"
    assert whereabouts("sponge", request.state, regions).startswith("at the ")
    setting = setting_of(request)
    assert dict(setting.things)["apple"] == "in the blue bowl"
    assert len(setting.things) == len(NAMES)


def test_what_is_held_is_in_the_hand_and_not_among_the_things() -> None:
    setting = setting_of(stacked(request_for("x", NAMES), ["pick(apple)"]))
    assert setting.held == "apple"
    assert "apple" not in dict(setting.things)


def test_targets_are_places_containers_supports_and_the_hand() -> None:
    request = request_for("x", NAMES)
    found = targets_of("apple", request.state)
    assert {("in", "blue bowl"), ("on", "pear"), ("at", "middle")} <= set(found)
    assert found[-1] == HAND
    assert not any(t[1] == "apple" for t in found)
    few = fewer(found, 6, frozenset({"sponge"}))
    assert {("on", "sponge"), HAND} | {t for t in found if t[0] == "at"} <= set(few)


def test_earlier_instructions_become_one_line_each() -> None:
    was, now = GroundAtom("at", ("apple", "table")), GroundAtom("in", ("apple", "bowl"))
    line = told(Done("put the\napple away", (Move("apple", was, now),)))
    assert line == "put the apple away (the apple was at the table, now in the bowl)"
    assert told(Done("fly", ended="refused")) == "fly (not done: refused)"


def test_moves_are_read_from_goals() -> None:
    request = request_for("x", NAMES)
    literals = [
        parse_literal(t) for t in ("in(apple, blue bowl)", "not on(apple, pear)", "holding(pear)", "clear(plum)")
    ]
    assert moves_of(literals, request.state) == {"apple": ("in", "blue bowl"), "pear": HAND}
