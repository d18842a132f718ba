from __future__ import annotations

import json

import pytest
import yaml

from planner.cli import exits

pytestmark = pytest.mark.peer

TASK = {
    "id": "one",
    "instruction": "put the red block in the blue bowl",
    "scene": "tabletop",
    "start": {"objects": [{"name": "red block"}, {"name": "blue bowl"}]},
    "goal": {"any": [["in(red block, blue bowl)"]]},
    "tags": ["smoke"],
}
ORACLE = ("--planner", "symbolic-oracle", "--plan-only")


@pytest.fixture
def file(tmp_path):
    """``file(task, ...)`` writes a suite and gives its path."""

    def write(*tasks):
        path = tmp_path / "suite.yaml"
        path.write_text(yaml.safe_dump({"suite": "mine", "tasks": list(tasks)}))
        return str(path)

    return write


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """In this process: starting another one takes longer than all that is tested here."""
    from planner.evaluate.pool import Here

    monkeypatch.setattr("planner.evaluate.pool.Processes", lambda jobs: Here())


def test_it_measures_and_says_where_the_results_lie(say, file, tmp_path):
    done = say("evaluate", file(TASK), *ORACLE, "--seeds", "2", "--out", "out")
    assert done.code == exits.REACHED, done.err
    assert "100 % (34-100) 2/2" in done.out
    assert "out/summary.json" in done.out
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["config"]["seeds"] == [0, 1]
    assert summary["planners"]["symbolic-oracle"]["suites"]["mine"]["plan_success"]["k"] == 2
    again = say("evaluate", file(TASK), *ORACLE, "--seeds", "2", "--out", "out", "--json")
    assert json.loads(again.out) == summary


def test_shipped_suites_go_by_name_and_can_be_narrowed(say, tmp_path):
    done = say(
        "evaluate", "tabletop-steps", "tabletop-asks", *ORACLE, "--tags", "smoke", "--limit", "1", "--out", "out"
    )
    assert done.code == exits.REACHED, done.err
    (line,) = (tmp_path / "out" / "episodes.jsonl").read_text().splitlines()
    assert json.loads(line)["suite"] == "tabletop-steps"


def test_a_rate_below_what_is_required_is_code_one(say, file):
    line = ("evaluate", file(TASK), "--planner", "affordance-only", "--plan-only", "--out", "out")
    assert say(*line).code == exits.REACHED
    assert say(*line, "--require", "0.5").code == exits.NOT_REACHED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"goal": {"any": [["in(red blok, blue bowl)"]]}}, "red block"),
        ({"goal": {"any": [["in(red block)"]]}}, "in"),
        ({"goal": {"any": [["on(red block, table)"]]}}, "holds already"),
        ({"goal": {"any": [["on(red block, blue bowl)", "on(blue bowl, red block)"]]}}, "circle"),
        ({"scene": "moon"}, "moon"),
    ],
)
def test_bad_tasks_are_named_with_file_and_line_before_anything_runs(say, file, tmp_path, change, said):
    done = say("evaluate", file(TASK | {"id": "fine"}, TASK | change), *ORACLE, "--out", "out")
    assert done.code == exits.USAGE
    assert "suite.yaml:" in done.error
    assert "'one'" in done.error
    assert said in done.error
    assert not (tmp_path / "out").exists()


def test_an_empty_file_and_an_id_twice(say, file, tmp_path):
    (tmp_path / "empty.yaml").write_text("")
    assert "is empty" in say("evaluate", "empty.yaml", *ORACLE, "--out", "out").error
    assert "used twice" in say("evaluate", file(TASK, TASK), *ORACLE, "--out", "out").error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--seeds", "0"), "--seeds takes 1"),
        (("--jobs", "0"), "--jobs takes 1"),
        (("--require", "2"), "--require takes 0 to 1"),
        (("--planner", "closed-lop"), "did you mean 'closed-loop'"),
        (("--tags", "smok"), "did you mean 'smoke'"),
        (("--ids", "three"), "no task with id 'three'"),
        (("--set", "budget.attemps=3"), "did you mean 'budget.attempts'"),
    ],
)
def test_what_cannot_be_is_one_line(say, file, words, said):
    assert said in say("evaluate", file(TASK), *ORACLE, "--out", "out", *words).error


def test_another_configuration_in_the_folder_is_refused(say, file):
    line = ("evaluate", file(TASK), *ORACLE, "--out", "out")
    assert say(*line).code == exits.REACHED
    done = say(*line, "--set", "budget.attempts=3")
    assert done.code == exits.USAGE
    assert "config.settings.budget.attempts is 6 there and 3 now" in done.error


def test_two_folders_are_compared_with_an_exit_code(say, file):
    suite = file(*(TASK | {"id": f"t{i}"} for i in range(6)))
    assert say("evaluate", suite, *ORACLE, "--out", "a").code == exits.REACHED
    assert say("evaluate", suite, "--planner", "affordance-only", "--plan-only", "--out", "b").code == exits.REACHED
    same = say("compare", "a", "a")
    assert same.code == exits.REACHED
    assert "nowhere worse" in same.out
    worse = say("compare", "a", "b")
    assert worse.code == exits.NOT_REACHED
    assert "worse: symbolic-oracle / affordance-only, mine, plan_success: mine/t0 seed 0" in worse.out
    machine = json.loads(say("compare", "a", "b", "--json").out)
    assert machine["worse"] is True
    assert machine["rows"][0]["only_a"] == 6
    assert say("compare", "a", "nowhere").code == exits.USAGE
