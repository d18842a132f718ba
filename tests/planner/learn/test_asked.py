"""Examples as requests: the same facts, the same words, and which goal is right."""

from __future__ import annotations

from itertools import islice

import pytest

from planner.learn.asked import done_of, is_right, request_of, wanted
from planner.learn.examples import load_knowledge, stream
from planner.plan import Done, Move
from planner.propose.asking import setting_of, told
from skills.symbols import GroundAtom, Literal


@pytest.fixture(scope="module")
def examples():
    return list(islice(stream(load_knowledge(), "dev", 11), 60))


def test_the_model_reads_the_same_places_request_and_notes(examples) -> None:
    for e in examples:
        setting = setting_of(request_of(e))
        assert setting.request == e.setting.request
        assert set(setting.places) == set(e.setting.places)
        assert {n for n, _ in setting.things} == {n for n, _ in e.setting.things}
        assert setting.held == e.setting.held
        assert setting.asked == e.setting.asked


def test_what_is_meant_is_right_and_nothing_else(examples) -> None:
    checked = 0
    for e in examples:
        request = request_of(e)
        meant = wanted(request, e)
        assert bool(meant) <= (e.decision == "act")
        for goal in meant[:1]:
            assert is_right(request, goal, meant)
            extra = Literal(GroundAtom("holding", ("nothing of the kind",)))
            assert not is_right(request, [*goal, extra], meant)
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    "done",
    [
        Done("put it away", (Move("lid", GroundAtom("at", ("lid", "table")), GroundAtom("in", ("lid", "red box"))),)),
        Done("take it", (Move("cup", GroundAtom("on", ("cup", "mat")), GroundAtom("holding", ("cup",))),)),
        Done("tidy up", ()),
    ],
)  # fmt: skip
def test_history_lines_are_read_back(done) -> None:
    assert done_of(told(done)) == done


def test_how_it_ended_is_read_back() -> None:
    assert done_of(told(Done("fly", ended="refused"))) == Done("fly", (), "refused")
