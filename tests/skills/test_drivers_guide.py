"""The walk-through of docs/drivers.md is executed: its driver against a controller in another process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from skills.contract import CHECKS, check_driver
from skills.contract_bench import Verdict
from skills.driver_config import make_driver

ROOT = Path(__file__).resolve().parents[2]
NO_HAND = {"protective stop is kept", "emergency stop is kept", "lost link is reported"}


def walk_through() -> str:
    text = (ROOT / "docs" / "drivers.md").read_text(encoding="utf-8")
    (code,) = [b for b in re.findall(r"```python\n(.*?)```", text, flags=re.S) if "class Liney(" in b]
    return code


@pytest.fixture
def liney(tmp_path, monkeypatch):
    (tmp_path / "liney_arm.py").write_text(walk_through(), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import liney_arm

    yield liney_arm
    del sys.modules["liney_arm"]


@pytest.fixture
def port():
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "skills" / "line_robot.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield int(process.stdout.readline())
    process.stdin.close()
    process.stdout.close()
    process.wait(5)


def test_a_newcomers_driver_takes_less_than_120_lines():
    code = [line for line in walk_through().splitlines() if line.strip()]
    assert 80 < len(code) < 120, len(code)


@pytest.mark.peer
@pytest.mark.slow
def test_it_keeps_every_promise_that_needs_no_hand(liney, port):
    results = check_driver(liney.Liney, "move liney", {"host": "127.0.0.1", "port": port})
    assert len(results) == len(CHECKS)
    bad = [r for r in results if not r.ok]
    assert not bad, bad
    assert {r.name for r in results if r.verdict is Verdict.SKIP} == NO_HAND


def test_it_moves_nothing_without_consent_or_with_a_wrong_setting(liney):
    with pytest.raises(ValueError, match="did you mean 'port'"):
        make_driver(liney.Liney, {"host": "127.0.0.1", "prt": 1})
    assert not make_driver(liney.Liney, {"host": "127.0.0.1"}).describe().simulated
