from __future__ import annotations

import json

import pytest

from envs.tasks import load_tasks
from planner.cli import exits


def test_shows_examples_for_people_and_machines(say):
    shown = say("data", "--show", "2", "--seed", "4", "--family", "direct")
    assert shown.code == exits.REACHED
    assert shown.out.count("Request: ") == 2
    assert "(direct" in shown.out
    rows = [
        json.loads(x)
        for x in say("data", "--show", "2", "--seed", "4", "--family", "direct", "--json").out.splitlines()
    ]
    assert len(rows) == 2
    assert all(r["shared"].startswith("Places: ") for r in rows)
    assert all(0 <= q["right"] < len(q["options"]) for r in rows for q in r["questions"])
    assert rows[0]["shared"] in shown.out


def test_writes_task_files(say, tmp_path):
    path = tmp_path / "tasks.yaml"
    done = say(
        "data", "--tasks", str(path), "--split", "unseen_objects", "--n", "2", "--seed", "1", "--scene", "tabletop"
    )
    assert done.code == exits.REACHED
    assert "2 tasks" in done.out
    assert len(load_tasks(path)) == 2
    assert "--split unseen_objects --scene tabletop --n 2 --seed 1" in path.read_text().splitlines()[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--show", "1", "--split", "test"], "no split 'test'; splits: train, dev"),
        (["--show", "0"], "--show takes 1 to 100000"),
        (["--show", "1", "--family", "x"], "no family 'x'; families: direct"),
        (["--tasks", "t.yaml", "--scene", "moon"], "no tasks for scene 'moon'; scenes: tabletop, kitchen"),
        (["--show", "1", "--seed", "-1"], "--seed takes whole numbers"),
        (["--show", "1", "--knowledge", "none.yaml"], "none.yaml"),
    ],
)
def test_wrong_words_are_usage_errors_that_name_the_choices(say, tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    shown = say("data", *words)
    assert shown.code == exits.USAGE
    assert says in shown.err
