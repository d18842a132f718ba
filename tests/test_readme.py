"""Every command that the README shows is executed as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = "\n".join(re.findall(r"```bash\n(.*?)```", text, flags=re.S)).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def test_the_readme_begins_with_the_two_commands():
    assert commands()[:2] == ["make run", "make test"]


@pytest.mark.parametrize("line", [c for c in commands() if c.startswith("make ")])
def test_make_targets_exist(line):
    """The targets themselves run in the main job; here only: make knows them and what they need."""
    done = subprocess.run([*shlex.split(line), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.weights
def test_every_groundplan_command_works(tmp_path):
    """In the order of the README, since a later command may use what an earlier one wrote."""
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    shown = [shlex.split(c) for c in commands() if c.startswith("groundplan ")]
    assert len(shown) >= 4
    for words in shown:
        call = [sys.executable, "-m", "planner.cli.main", *words[1:]]
        if words[1] == "run":
            call.append("--no-video")  # the film is rendered by a test of its own
        env["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(call, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
