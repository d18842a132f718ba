from __future__ import annotations

import pytest

from planner.evaluate.planners import BUILT_IN, find_planner, statement, task_rng
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Worker
from planner.lm.api import ScriptedLM
from planner.session import Mind
from skills.library import default_library
from skills.resolve import ResolveError
from trials import Scripted, bare, job, task


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_planner_says_what_it_is_told_and_what_its_skills_do(name):
    said = statement(find_planner(name))
    assert len(said["about"]) > 20
    assert len(said["feedback"]) > 20
    assert "pick" in said["skills"]
    assert ("oracle" in said["feedback"]) is said["sees_truth"]


def test_only_the_upper_bound_is_told_the_goal():
    assert [n for n in BUILT_IN if statement(find_planner(n))["sees_truth"]] == ["symbolic-oracle"]


def test_anybodys_planner_by_module_and_class():
    assert find_planner("trials:Scripted") is not None
    assert find_planner("trials:Scripted").__name__ == Scripted.__name__


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("closedloop", "did you mean 'closed-loop'"),
        ("nonsense", "known: closed-loop, "),
        ("trials:Nobody", "has no 'Nobody'"),
        ("no_such_module:X", "no module 'no_such_module'"),
        ("pathlib:Path", "lacks about"),
        ("trials:task", "which is no"),
    ],
)
def test_what_is_no_planner_is_said_with_the_choices(name, said):
    with pytest.raises(ResolveError, match=said):
        find_planner(name)


def test_draws_depend_on_task_seed_and_purpose_alone():
    one, two = task("one"), task("two")
    draws = [task_rng(t, seed, stream).integers(2**40) for t in (one, two) for seed in (0, 1) for stream in (1, 2)]
    assert len(set(draws)) == 8
    assert task_rng(one, 0, 1).integers(2**40) == draws[0]


def tools_with(score):
    """A worker whose language model is a function."""
    worker = Worker(job(True))
    lm = ScriptedLM(score)
    from planner.ground.grounder import DefaultGrounder
    from planner.propose.proposer import LMProposer

    mind = Mind("scripted", LMProposer(lm), DefaultGrounder(), default_library(), {"name": "scripted"}, lm)
    worker.tools.mind = mind
    return worker


def wants(*phrases):
    """A model that likes options with these words, the earlier the better, each said once."""

    def score(prefix, option):
        said = prefix.rsplit("Plan:", 1)[-1]
        left = [p for p in phrases if p not in said]
        if "done" in option:
            return -0.5 if not left else -60.0
        return -1.0 if left and left[0] in option else -90.0

    return score


def steps_of(line):
    return line["plan"]["steps"] if line["plan"] else None


def test_saycan_takes_one_move_after_the_other_until_done():
    phrase = "put the red block in the blue bowl"
    line = tools_with(wants(phrase)).run(Trial("lm-affordance-open-loop", task(), 0))
    assert steps_of(line) == ["pick(red block)", "place_in(red block, blue bowl)"]
    assert line["measures"]["plan_success"] is True
    assert line["cost"]["lm_calls"] == 2


def test_saycan_checks_nothing():
    words = ("put the red block in the blue bowl", "put the green block on the red block")
    line = tools_with(wants(*words)).run(Trial("lm-affordance-open-loop", task(), 0))
    # the second move covers the first one's block, or cannot be done any more: nobody looked
    assert steps_of(line)[2:] == ["pick(green block)", "place_on(green block, red block)"]


def test_saycan_that_says_done_at_once_does_nothing():
    line = tools_with(wants()).run(Trial("lm-affordance-open-loop", task("r", "refuse"), 0))
    assert line["verdict"]["status"] == "refused"


def test_random_and_affordance_plans_can_be_carried_out_and_are_drawn_by_the_seed():
    for name in ("random-feasible", "affordance-only"):
        lines = [Worker(job(True)).run(Trial(name, task(), seed)) for seed in (0, 0, 1)]
        assert bare(lines[0]) == bare(lines[1])
        assert all(x["plan"]["broken"] is None for x in lines)
        assert steps_of(lines[0])
