"""Paired tones: counts, intervals, and going on after a kill."""

from __future__ import annotations

import pytest

from planner.evaluate.statistics import difference_interval, paired
from planner.ground.grounder import GroundConfig
from planner.learn.examples import load_knowledge
from planner.learn.paired import compared, measure, spoiled, table
from planner.learn.row_file import RowFile
from planner.learn.sure import planners
from planner.learn.tones import TONES
from planner.lm.api import ScriptedLM
from planner.propose.proposer import ProposeConfig


def row(plain: bool, typos: bool) -> dict:
    return {"right": dict.fromkeys(TONES, plain) | {"typos": typos}, "decision": dict.fromkeys(TONES, "act")}


def test_a_tone_is_compared_request_by_request():
    rows = [row(True, True)] * 80 + [row(True, False)] * 15 + [row(False, True)] * 5
    found = compared(rows, "typos")
    assert (found["n"], found["only_a"], found["only_b"]) == (100, 15, 5)
    assert found["difference"] == pytest.approx(-0.1)
    assert found["low"] < -0.1 < found["high"] < 0
    assert compared(rows, "polite")["difference"] == 0
    assert len(spoiled(rows, "typos")) == 15
    assert "-10.0 [" in table({"dev": rows})


def test_the_interval_covers_no_difference_where_few_pairs_differ():
    low, high = difference_interval(paired([(True, True)] * 30 + [(True, False)]))
    assert low < 0 < high
    assert high - low < 0.25


def test_a_measurement_goes_on_where_it_stopped(tmp_path):
    knowledge = load_knowledge()
    lm = ScriptedLM(lambda prefix, option: 0.0)
    planner = planners(lm, ProposeConfig(), GroundConfig(), knowledge)("dev")
    told: list[int] = []
    first = measure(RowFile(tmp_path / "rows.jsonl", {}), "dev", 2, 7, knowledge, planner, told.append)
    both = measure(RowFile(tmp_path / "rows.jsonl", {}), "dev", 3, 7, knowledge, planner, told.append)
    assert told == [1, 2, 3]
    assert both[:2] == first
    assert len({r["index"] for r in both}) == 3
    assert all(set(r["right"]) == set(TONES) for r in both)
