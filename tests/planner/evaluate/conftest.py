"""Stored episodes for tests of reports and exports: made by the real worker in the simulator, once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from planner.episode_file import line_of
from planner.evaluate.export_trace import trace_of
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Worker
from stored import like
from trials import job, task


@pytest.fixture(scope="session")
def real_lines():
    """``right``: a success; ``wrong``: content, but not what was meant; ``asked``: thought about only."""
    worker = Worker(job())
    right = worker.run(Trial("trials:Scripted", task(), 0))
    wrong = worker.run(Trial("trials:Wrong", task(), 0))
    asked = Worker(job(True)).run(Trial("trials:Asker", task("ask", "ask"), 0))
    assert right["measures"]["execution_success"]
    assert wrong["measures"]["false_success"]
    return SimpleNamespace(right=right, wrong=wrong, asked=asked)


@pytest.fixture
def arms(real_lines):
    """Two planners on three starts: "good" solves all, "poor" two of three."""
    lines = []
    for seed in range(3):
        lines.append(like(real_lines.right, planner="good", seed=seed))
        lines.append(like(real_lines.wrong if seed == 1 else real_lines.right, planner="poor", seed=seed))
    return lines


@pytest.fixture
def store(tmp_path):
    """Writes lines into a folder as an evaluation does."""

    def write(lines, name="stored") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "episodes.jsonl").write_bytes(b"".join(map(line_of, lines)))
        return folder

    return write


@pytest.fixture(scope="session")
def trace(real_lines):
    """The right episode, carried out again and sampled."""
    return trace_of(real_lines.right)
