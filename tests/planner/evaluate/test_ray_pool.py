from __future__ import annotations

import builtins

import pytest

from planner.episode_file import line_of
from planner.evaluate.evaluation import evaluate
from planner.evaluate.folder import EvaluateError
from planner.evaluate.pool import Here
from planner.evaluate.ray_pool import RayActors
from trials import bare, job, lines_of, plan_of, task


@pytest.mark.slow
def test_a_local_cluster_gives_the_same_bytes_and_survives_dying_actors(tmp_path, monkeypatch):
    pytest.importorskip("ray")
    plan = plan_of(task("a"), task("b"), planners=("symbolic-oracle", "random-feasible"))
    evaluate(plan, tmp_path / "ray", RayActors(2))
    evaluate(plan, tmp_path / "here", Here())
    a, b = ([line_of(bare(x)) for x in lines_of(tmp_path / f)] for f in ("ray", "here"))
    assert a == b
    monkeypatch.setenv("GROUNDPLAN_TEST_DIES", "1")
    mortal = plan_of(*(task(f"t{i}") for i in range(3)), planners=("trials:Mortal",), seeds=2)
    done = evaluate(mortal, tmp_path / "mortal", RayActors(1))
    died = [x["worker_died"] for x in lines_of(tmp_path / "mortal")]
    assert done.complete
    assert 0 < sum(died) < len(died)


def test_without_ray_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *more):
        if name == "ray":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EvaluateError, match=r"pip install 'groundplan\[ray\]'"):
        next(RayActors(1).results([], job()))
