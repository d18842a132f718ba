from __future__ import annotations

from itertools import islice

import pytest

from envs.tasks import load_tasks, task_from_data
from planner.learn import suites
from planner.learn.example import ACT, ASK
from planner.learn.examples import stream
from planner.learn.knowledge import load_knowledge


def made(scene, split, n, seed=5):
    return suites.tasks(load_knowledge(), split, scene, n, seed)


@pytest.mark.parametrize(("scene", "split"), [("tabletop", "unseen_objects"), ("kitchen", "unseen")])
def test_tasks_load_and_name_what_must_hold(tmp_path, scene, split):
    counted = []
    rows = suites.tasks(load_knowledge(), split, scene, 6, 5, counted.append)
    assert counted == [1, 2, 3, 4, 5, 6]
    path = tmp_path / "made.yaml"
    suites.write_suite(path, "made", rows, "about")
    tasks = load_tasks(path)
    assert [t.id for t in tasks] == [r["id"] for r in rows]
    assert path.read_text().startswith("# about\nsuite: made\n")
    for task in tasks:
        assert task.scene == scene
        assert len(task.objects) <= suites.MOST[scene]
        assert (task.goal is not None) == (task.expect == "success")


def test_the_same_seed_makes_the_same_tasks():
    assert made("tabletop", "dev", 4) == made("tabletop", "dev", 4) != made("tabletop", "dev", 4, seed=6)


def test_what_a_task_file_cannot_say_makes_no_task():
    for example in islice(stream(load_knowledge(), "train", 2, ["put back", "answered", "rules say", "opening"]), 12):
        assert not suites.expressible(example)


def test_goals_keep_other_things_out_and_questions_have_answers():
    found = {}
    for example in islice(stream(load_knowledge(), "train", 3, ["all but", "which one"]), 60):
        if example.room.scene and suites.expressible(example):
            found.setdefault(example.decision, example)
    task = suites.task_of(found[ACT], "t1")
    target = next(iter(found[ACT].goes.values()))
    literals = [x for row in task["goal"]["any"] for x in row]
    kept_out = [x for x in literals if x.startswith("not ")]
    assert kept_out
    assert all(x.endswith(f", {target[1]})") for x in kept_out)
    asked = suites.task_of(found[ASK], "t2")
    assert asked["expect"] == "ask"
    assert "goal" not in asked
    assert asked["intents"][0]["reply"] == found[ASK].reply[0]
    assert task_from_data(asked).intents


def test_an_unknown_scene_is_an_error_that_names_the_choices():
    with pytest.raises(ValueError, match="no tasks for scene 'moon'; scenes: tabletop, kitchen"):
        made("moon", "train", 1)
