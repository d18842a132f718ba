from __future__ import annotations

from envs.tasks import make_task
from planner.cli.options import run_name

WORDS = "put the red block in the blue bowl"


def test_names_of_runs_differ_when_the_runs_do():
    names = {
        run_name(make_task(WORDS), 0),
        run_name(make_task(WORDS), 1),
        run_name(make_task(WORDS, objects=["red block", "blue bowl"]), 0),
        run_name(make_task(WORDS, objects=["red block", "red bowl"]), 0),
        run_name(make_task("放"), 0),
        run_name(make_task("拿"), 0),
        run_name(make_task("a" * 60), 0),
        run_name(make_task("a" * 61), 0),
    }
    assert len(names) == 8
    assert all(n.isascii() and "/" not in n and " " not in n and len(n) < 100 for n in names)


def test_equal_runs_have_equal_names():
    assert run_name(make_task(WORDS), 3) == run_name(make_task(WORDS), 3) == f"tabletop-{WORDS.replace(' ', '-')}-s3"
