"""``groundplan weigh`` without an adapter: rows, figures and diagrams, again after a kill, and clear errors."""

from __future__ import annotations

import json

import pytest

from planner.cli import exits
from planner.lm.api import ScriptedLM
from planner.propose.sureness import load
from planner.session import Mind
from skills.library import default_library


@pytest.fixture
def plain_mind(monkeypatch):
    lm = ScriptedLM(lambda prefix, option: -float(len(option)))
    made = Mind(lm.name, None, None, default_library(), {"sha256": "0" * 64}, lm)
    monkeypatch.setattr("planner.session.open_mind", lambda *args: made)


def test_fits_measures_and_goes_on(say, plain_mind, tmp_path):
    line = ("weigh", "--n", "24", "--check", "unseen", "--seed", "4", "--below", "0.3", "--out", "w")
    done = say(*line)
    assert done.code == exits.REACHED
    assert "cross-validated: " in done.out
    assert "unseen: " in done.out
    out = tmp_path / "w"
    fitted = load(out / "confidence.yaml")
    assert fitted.weights.below == 0.3
    assert fitted.fitted_on == "24 requests of dev, seed 4"
    assert "--n 24 --split dev --check unseen --seed 4 --below 0.3" in fitted.command
    assert fitted.weights.by["is act"]
    assert (out / "reliability-unseen.svg").read_text().startswith("<svg")
    assert len((out / "rows.jsonl").read_text().splitlines()) == 1 + 48
    lines = (out / "rows.jsonl").read_text().splitlines(keepends=True)
    (out / "rows.jsonl").write_text("".join(lines[:20]))
    again = say(*line, "--json")
    assert json.loads(again.out)["fitted"] == fitted.model_dump()
    assert (out / "rows.jsonl").read_text() == "".join(lines)
    assert json.loads(again.out)["measured"]["unseen"]["of"] == 24


def test_rows_of_another_seed_are_not_mixed_in(say, plain_mind):
    assert say("weigh", "--n", "20", "--out", "w", "--quiet").code == exits.REACHED
    other = say("weigh", "--n", "20", "--seed", "9", "--out", "w")
    assert other.code == exits.USAGE
    assert "rows of another seed" in other.error


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--split", "test"), "no split 'test'"),
        (("--n", "3"), "20 requests or more"),
        (("--below", "1"), "--below takes a probability"),
    ],
)
def test_wrong_words_are_refused(say, words, says):
    done = say("weigh", "--out", "w", *words)
    assert done.code == exits.USAGE
    assert says in done.error
