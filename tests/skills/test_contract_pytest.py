"""The contract as tests of somebody else's package: run by a pytest of its own in a temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from skills.contract import CHECKS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = """
from skills.contract_pytest import DriverContract
from skills.drivers.fake import FakeDriver


class DeafStop(FakeDriver):
    def stop(self):
        pass


class TestGood(DriverContract):
    driver = FakeDriver


class TestMadeByAFunction(DriverContract):
    driver = staticmethod(lambda: FakeDriver())


class TestBad(DriverContract):
    driver = DeafStop
"""


@pytest.mark.peer
def test_one_test_per_promise_in_a_package_that_is_not_ours(tmp_path):
    (tmp_path / "test_arm.py").write_text(PACKAGE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path, env=env,
    )  # fmt: skip
    said = done.stdout
    assert done.returncode == 1, said
    assert said.count("PASSED test_arm.py::TestGood") + said.count("SKIPPED") >= len(CHECKS)
    assert "FAILED test_arm.py::TestGood" not in said
    assert "FAILED test_arm.py::TestMadeByAFunction" not in said
    assert "FAILED test_arm.py::TestBad::test_promise[stop-from-another-thread]" in said
    assert "stop() must not wait for locks" in said  # the advice
    assert "its configuration names no host" in said  # why it was skipped
