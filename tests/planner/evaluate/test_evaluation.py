from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.episode_file import line_of
from planner.evaluate.evaluation import code_of_this, evaluate
from planner.evaluate.folder import EvaluateError
from planner.evaluate.pool import Here, Processes
from planner.evaluate.statistics import rate
from planner.evaluate.worker import Worker
from skills.resolve import ResolveError
from trials import bare, job, lines_of, plan_of, task

ROOT = Path(__file__).resolve().parents[3]
TASKS = tuple(task(f"t{i}") for i in range(3))


class Counting(Worker):
    """Notes what it ran."""

    def __init__(self):
        super().__init__(job(True))
        self.ran = []

    def run(self, trial):
        self.ran.append(trial.key)
        return super().run(trial)


class Interrupted(Counting):
    """A person interrupts the third trial."""

    def run(self, trial):
        if len(self.ran) == 2:
            raise KeyboardInterrupt
        return super().run(trial)


def bytes_of(folder):
    return [line_of(bare(x)) for x in lines_of(folder)]


def test_every_planner_meets_every_task_with_every_seed(tmp_path):
    plan = plan_of(*TASKS[:2], planners=("symbolic-oracle", "random-feasible"), seeds=2)
    done = evaluate(plan, tmp_path, Here())
    assert done.complete
    assert done.fresh == 8
    assert [(x["seed"], x["task"], x["planner"]) for x in lines_of(tmp_path)] == [
        (s, t, p) for s in (0, 1) for t in ("t0", "t1") for p in ("symbolic-oracle", "random-feasible")
    ]
    oracle = done.summary["planners"]["symbolic-oracle"]["suites"]["small"]
    assert oracle["plan_success"] == rate([True] * 4)
    assert oracle["execution_success"]["n"] == 0
    assert done.summary["commit"] == "c0ffee"


def test_an_interrupt_keeps_what_is_finished_and_the_same_command_goes_on(tmp_path):
    plan = plan_of(*TASKS, seeds=2)
    whole = evaluate(plan, tmp_path / "whole", Here())
    with pytest.raises(KeyboardInterrupt):
        evaluate(plan, tmp_path / "cut", Here(Interrupted()))
    assert len(lines_of(tmp_path / "cut")) == 2
    rest = Counting()
    done = evaluate(plan, tmp_path / "cut", Here(rest))
    assert len(rest.ran) == done.fresh == 4
    assert done.complete
    assert bytes_of(tmp_path / "cut") == bytes_of(tmp_path / "whole")
    assert (
        done.summary["planners"]["symbolic-oracle"]["all"]["plan_success"]
        == (whole.summary["planners"]["symbolic-oracle"]["all"]["plan_success"])
    )


def test_a_finished_evaluation_runs_nothing_again(tmp_path):
    plan = plan_of(TASKS[0])
    evaluate(plan, tmp_path, Here())
    idle = Counting()
    assert evaluate(plan, tmp_path, Here(idle)).complete
    assert idle.ran == []


def test_another_configuration_is_refused_before_anything_runs(tmp_path):
    evaluate(plan_of(TASKS[0]), tmp_path, Here())
    idle = Counting()
    with pytest.raises(EvaluateError, match=r"config.seeds is \[0\] there and \[0, 1\] now"):
        evaluate(plan_of(TASKS[0], seeds=2), tmp_path, Here(idle))
    assert idle.ran == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"planners": ()}, "at least one planner"),
        ({"planners": ("closed-loop", "closed-loop")}, "named twice"),
        ({"seeds": 0}, "seeds: 1 or more"),
        ({"seeds": 2_000_000}, "at most 1000000"),
    ],
)
def test_what_cannot_be_evaluated_is_said_at_once(more, said):
    with pytest.raises(EvaluateError, match=said):
        plan_of(TASKS[0], **more)


def test_an_unknown_planner_names_the_choices(tmp_path):
    with pytest.raises(ResolveError, match="did you mean 'lm-only'"):
        evaluate(plan_of(TASKS[0], planners=("lm-onyl",)), tmp_path, Here())


def test_the_code_is_known_down_to_its_files():
    assert len(code_of_this()["sha256"]) == 64


SCRIPT = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from planner.evaluate.evaluation import evaluate
from planner.evaluate.pool import Processes
from trials import plan_of, task
if __name__ == "__main__":
    tasks = [task(f"t{{i}}") for i in range(4)]
    plan = plan_of(*tasks, planners=("trials:Slow",), seeds=2)
    evaluate(plan, Path(sys.argv[1]), Processes(int(sys.argv[2])))
"""


def start(script, folder, jobs):
    command = [sys.executable, str(script), str(folder), str(jobs)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"})


@pytest.mark.slow
def test_killed_at_any_time_it_loses_only_what_was_running(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(SCRIPT.format(path=[str(ROOT), str(ROOT / "tests" / "planner")]))
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert start(script, whole, 1).wait(120) == 0
    for wanted in (2, 5):
        process = start(script, cut, 2)
        waited = time.monotonic() + 120
        while time.monotonic() < waited and process.poll() is None:
            if (cut / "episodes.jsonl").exists() and len(lines_of_any(cut)) >= wanted:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        stored = len(lines_of_any(cut))
        assert wanted <= stored < 8
        with (cut / "episodes.jsonl").open("ab") as stream:  # and the disk was full in the middle of a line
            stream.write(b'{"planner": "trials:Sl')
    assert start(script, cut, 2).wait(120) == 0
    assert bytes_of(cut) == bytes_of(whole)
    assert all(x["measures"]["plan_success"] for x in lines_of(cut))


def lines_of_any(folder):
    return [x for x in (folder / "episodes.jsonl").read_bytes().splitlines(keepends=True) if x.endswith(b"\n")]


@pytest.mark.slow
def test_workers_that_die_are_replaced_and_their_trials_marked(tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_TEST_DIES", "1")
    plan = plan_of(*TASKS, planners=("trials:Mortal",), seeds=3)
    done = evaluate(plan, tmp_path, Processes(2))
    assert done.complete
    died = [x for x in lines_of(tmp_path) if x["worker_died"]]
    assert 0 < len(died) < 9
    counted = done.summary["planners"]["trials:Mortal"]["all"]
    assert counted["worker_died"] == counted["failures"]["DIED"] == len(died)
    assert counted["plan_success"]["k"] == 9 - len(died)
