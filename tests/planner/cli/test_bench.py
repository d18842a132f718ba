from __future__ import annotations

import json

import pytest

pytest.importorskip("torch")

from planner.cli import exits

ROW = {"options": 53, "ours_all_s": 0.1, "ours_top5_s": 0.05, "theirs_batch_s": 1.0, "theirs_one_by_one_s": 9.0}
RESULT = {
    "machine": {"threads": 1},
    "model": {"name": "tiny"},
    "writing": {"decode_tokens_s": 30.0},
    "start_up_s": 1.0,
    "scoring": [ROW],
    "by_options": [{**ROW, "options": n} for n in (10, 53)],
    "by_prompt": [{"tokens": n, "ours_all_s": 0.1} for n in (100, 300)],
}


@pytest.fixture
def measured(monkeypatch):
    """Canned measurements (the real ones are tested with the engine); the arguments that ``run`` got."""
    got = []

    def run(*args):
        got.append(args)
        args[4]("everything")
        return RESULT

    monkeypatch.setattr("planner.lm.bench.run", run)
    return got


def test_the_table_and_what_is_measured(say, measured):
    done = say("bench", "lm", "--quick", "--dtype", "int8", "--no-reference", "--threads", "1")
    assert done.code == exits.REACHED
    assert "measuring everything" in done.out
    assert "decode_tokens_s" in done.out
    assert measured[0][:4] == (True, "int8", False, 1)


def test_json_is_all_that_stdout_holds(say, measured):
    done = say("bench", "lm", "--json")
    assert json.loads(done.out) == RESULT
    assert measured[0][:4] == (False, "auto", True, None)
    assert measured[0][5:] == (None, ("start", "memory", "writing", "guessing", "scoring", "growth"), "wall", None)


def test_parts_and_the_clock_can_be_chosen(say, measured):
    done = say("bench", "lm", "--parts", "scoring,writing", "--clock", "processor", "--threads", "1", "--repeats", "3")
    assert done.code == exits.REACHED
    assert measured[0][6:] == (("scoring", "writing"), "processor", 3)


def test_the_picture_is_drawn(say, measured, tmp_path):
    pytest.importorskip("matplotlib")
    done = say("bench", "lm", "--quiet", "--plot", str(tmp_path / "deep" / "cost.png"))
    assert done.code == exits.REACHED
    assert (tmp_path / "deep" / "cost.png").read_bytes().startswith(b"\x89PNG")


def test_without_transformers_there_are_no_ratios(say, measured, monkeypatch):
    monkeypatch.setattr("planner.lm.bench.has_transformers", lambda: False)
    done = say("bench", "lm")
    assert "no ratios" in done.out
    assert measured[0][2] is False


def test_without_matplotlib_a_picture_is_refused_before_anything_is_measured(say, measured, monkeypatch, tmp_path):
    monkeypatch.setattr("planner.lm.bench.has_matplotlib", lambda: False)
    done = say("bench", "lm", "--plot", str(tmp_path / "cost.png"))
    assert done.code == exits.USAGE
    assert "groundplan[bench]" in done.error
    assert measured == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["robots"], "invalid choice: 'robots'"),
        (["lm", "--threads", "0"], "--threads takes"),
        (["lm", "--parts", "scoring,all"], "--parts takes start"),
        (["lm", "--repeats", "0"], "--repeats takes"),
        ([], "required: what"),
    ],
)
def test_usage(say, measured, words, says):
    done = say("bench", *words)
    assert done.code == exits.USAGE
    assert says in done.error
    assert measured == []
