"""The same work on a Ray cluster (extra ``ray``): one actor per job, local or wherever ``RAY_ADDRESS`` points."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from planner.evaluate.folder import EvaluateError
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Job, Worker, died


class RayActors:
    """``jobs`` actors with one processor each."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def results(self, trials: Sequence[Trial], job: Job) -> Iterator[dict[str, Any]]:
        """See `planner.evaluate.pool.Backend`. Raises EvaluateError when Ray is not installed."""
        try:
            import ray
        except ImportError:
            raise EvaluateError(
                "--backend ray needs Ray: pip install 'groundplan[ray]'; or leave it out for processes"
            ) from None
        ours = not ray.is_initialized()
        if ours:
            local: dict[str, Any] = (
                {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": self._jobs, "include_dashboard": False}
            )
            ray.init(log_to_driver=False, logging_level=logging.ERROR, runtime_env={"env_vars": _variables()}, **local)
        try:
            yield from self._work(ray, trials, job)
        finally:
            if ours:
                ray.shutdown()

    def _work(self, ray: Any, trials: Sequence[Trial], job: Job) -> Iterator[dict[str, Any]]:
        Actor = ray.remote(num_cpus=1, max_restarts=0)(Worker)
        waiting = list(reversed(trials))
        running: dict[Any, tuple[Any, Trial]] = {}

        def give(actor: Any) -> None:
            trial = waiting.pop()
            running[actor.run.remote(trial)] = (actor, trial)

        for _ in range(min(self._jobs, len(waiting))):
            give(Actor.remote(job))
        while running:
            (done,), _ = ray.wait(list(running), num_returns=1)
            actor, trial = running.pop(done)
            try:
                line: dict[str, Any] = ray.get(done)
            except ray.exceptions.RayActorError:  # the actor's process died
                line, actor = died(trial, job), None
            except ray.exceptions.RayTaskError as error:
                raise error.cause if isinstance(error.cause, Exception) else error from None
            if waiting:
                give(actor if actor is not None else Actor.remote(job))
            yield line


def _variables() -> dict[str, str]:
    path = os.pathsep.join(p for p in sys.path if p)  # a planner of somebody's own may lie beside us
    return {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}
