"""The simulated robot keeps the driver contract, too."""

from __future__ import annotations

import pytest

pytest.importorskip("pybullet")

from sim.driver import PyBulletDriver
from skills.contract import check_driver


def test_the_simulated_driver_keeps_every_promise():
    results = check_driver(PyBulletDriver)
    assert all(r.ok for r in results), [r for r in results if not r.ok]
