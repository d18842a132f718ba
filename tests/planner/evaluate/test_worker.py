from __future__ import annotations

import json

import pytest

from planner.episode_file import line_of
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Worker, died
from planner.lm.errors import ModelError
from planner.session import replay_episode
from trials import GOAL, bare, job, task


def run(planner, the_task=None, seed=0, think_only=False, *pairs):
    return Worker(job(think_only, *pairs)).run(Trial(planner, the_task or task(), seed))


@pytest.fixture(scope="module")
def oracle_line():
    return run("symbolic-oracle")


def test_a_line_holds_what_a_report_and_a_replay_need(oracle_line):
    assert oracle_line["measures"]["execution_success"] is True
    assert oracle_line["failure"] is None
    assert [oracle_line[k] for k in ("planner", "suite", "task", "seed")] == ["symbolic-oracle", "small", "one", 0]
    assert oracle_line["judge"]["moved"] == ["red block"]
    assert oracle_line["plan"]["steps"] == ["pick(red block)", "place_in(red block, blue bowl)"]
    assert list(oracle_line)[-1] == "wall"
    assert json.loads(line_of(oracle_line)) == oracle_line


def test_a_line_can_be_replayed_bit_for_bit(oracle_line):
    assert replay_episode(oracle_line).replay.equal


def test_the_same_trial_gives_the_same_bytes_and_looking_changes_nothing(oracle_line, monkeypatch):
    monkeypatch.setattr("planner.evaluate.worker.Witness", _BlindWitness)
    again = run("symbolic-oracle")
    for unlike in ("misperceived",):
        again[unlike] = oracle_line[unlike]
    assert line_of(bare(again)) == line_of(bare(oracle_line))


def _BlindWitness(stage, think_only):
    from planner.evaluate.witness import Witness

    return Witness(None, think_only)


def test_a_planner_that_lies_is_found_out():
    found = run("trials:Liar")
    assert found["verdict"]["status"] == "reached"
    assert found["judge"]["success"] is False
    assert found["measures"]["false_success"] is True
    assert found["measures"]["execution_success"] is False


def test_nothing_moves_when_only_thinking():
    found = run("trials:Scripted", think_only=True)
    assert found["verdict"]["status"] == "planned"
    assert found["cost"]["steps"] == 0
    assert found["judge"] is None if "judge" in found else True
    assert found["measures"]["plan_success"] is True
    assert found["measures"]["execution_success"] is None


def test_the_person_answers_with_the_intent_that_the_seed_draws():
    other = {"reply": "the green one", "any": [["in(green block, blue bowl)"]]}
    asks = task("ask", "ask", intents=[{"reply": "the red one", "any": [GOAL]}, other])
    trials = [Trial("trials:Asker", asks, seed) for seed in range(8)]
    assert {t.intent.reply for t in trials} == {"the red one", "the green one"}
    worker = Worker(job(True))
    for trial in trials[:4]:
        found = worker.run(trial)
        assert found["dialogue"][0]["answer"] == trial.intent.reply
        assert found["measures"]["asked_before_moving"] is True
        # this planner always moves the red block
        assert found["measures"]["asked_and_solved"] is (trial.intent.reply == "the red one")


def test_nobody_answers_where_there_is_nothing_to_ask():
    found = run("trials:Asker", think_only=True)
    assert found["verdict"]["status"] == "asked"
    assert found["measures"]["over_asking"] is True


def test_the_oracle_asks_and_refuses_where_the_task_says_so():
    assert run("symbolic-oracle", task("a", "ask"))["measures"]["asked_and_solved"] is True
    assert run("symbolic-oracle", task("r", "refuse"))["measures"]["refused"] is True


def test_acting_on_what_had_to_be_refused_is_a_false_success():
    found = run("trials:Scripted", task("r", "refuse"))
    assert found["measures"]["refused"] is False
    assert found["measures"]["false_success"] is True


def test_an_open_loop_is_content_whatever_happened():
    found = run("trials:Blind")
    first, second = found["attempts"][0]["steps"]
    assert first["failure"]["kind"] == "PRECONDITION"
    assert second["failure"] is None
    assert found["verdict"]["status"] == "reached"
    assert found["measures"]["false_success"] is True
    assert (found["failure"]["kind"], found["failure"]["blame"]) == ("PRECONDITION", "LM")
    assert replay_episode(found).replay.equal


def test_a_fault_of_the_program_is_a_line_too():
    found = run("trials:Crasher")
    assert found["error"]["detail"] == "a planted fault"
    assert found["verdict"]["status"] == "error"
    assert found["measures"]["execution_success"] is False
    assert found["failure"]["kind"] == "ERROR"


def test_a_start_that_cannot_be_is_the_tasks_fault():
    things = [{"name": f"bowl {i}"} for i in range(40)] + [{"name": "red block"}]
    found = run("symbolic-oracle", task("full", goal=["in(red block, bowl 1)"], objects=things))
    assert found["error"]["type"] == "StageError"
    assert (found["failure"]["kind"], found["failure"]["blame"]) == ("ERROR", "TASK")


def test_a_model_that_is_not_there_is_no_trials_own_trouble(tmp_path):
    with pytest.raises(ModelError):
        run("lm-only", None, 0, True, f"model.name={tmp_path}/none.gguf")


def test_a_dead_workers_trial_is_marked_and_counts_as_failed():
    found = died(Trial("symbolic-oracle", task(), 3), job())
    assert found["worker_died"] is True
    assert found["seed"] == 3
    assert found["measures"]["execution_success"] is False
    assert (found["failure"]["kind"], found["failure"]["blame"]) == ("DIED", "DRIVER")
    line_of(found)
