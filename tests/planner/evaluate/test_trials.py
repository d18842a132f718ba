from __future__ import annotations

import pickle

import pytest

from planner.evaluate.trials import Trial, all_trials, key_of
from trials import GOAL, line, task

OTHER = {"reply": "the green one", "any": [["in(green block, blue bowl)"]]}
ASK = task("ask", "ask", intents=[{"reply": "the red one", "any": [GOAL]}, OTHER])


def test_seed_by_seed_with_the_planners_beside_one_another():
    made = all_trials(["x", "y"], [task("a"), task("b")], [3, 4])
    assert [t.key[2:] for t in made] == [("a", 3), ("a", 3), ("b", 3), ("b", 3), ("a", 4), ("a", 4), ("b", 4), ("b", 4)]
    assert len({t.key for t in made}) == 8


def test_every_planner_meets_the_same_intent():
    for seed in range(5):
        assert Trial("x", ASK, seed).intent == Trial("y", ASK, seed).intent


def test_the_goal_is_that_of_the_intent_of_the_task_or_nobodys():
    assert Trial("x", ASK, 0).goal == Trial("x", ASK, 0).intent.goal
    assert Trial("x", task(), 0).goal == task().goal
    assert Trial("x", task("r", "refuse"), 0).goal is None
    assert Trial("x", task(), 0).intent is None


def test_a_trial_travels_to_another_process_whole():
    there = pickle.loads(pickle.dumps(Trial("x", ASK, 7)))
    assert there.key == ("x", "small", "ask", 7)
    assert there.goal == Trial("x", ASK, 7).goal


def test_the_key_of_a_stored_line():
    assert key_of(line()) == ("closed-loop", "small", "one", 0)
    with pytest.raises(KeyError):
        key_of({"planner": "x"})
