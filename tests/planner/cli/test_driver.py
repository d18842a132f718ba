from __future__ import annotations

import json
from dataclasses import replace

import pytest

from planner.cli import exits
from skills.contract import CHECKS
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC

FAKE = "skills.drivers.fake:FakeDriver"


class Careless(FakeDriver):
    """Moves although it was stopped, and does not say so."""

    def stop(self) -> None:
        pass


class Real(FakeDriver):
    """Says it is not simulated."""

    def __init__(self) -> None:
        super().__init__(spec=replace(FAKE_SPEC, name="real gantry", simulated=False))


@pytest.mark.parametrize("name", [FAKE, pytest.param("sim.driver:PyBulletDriver", marks=pytest.mark.slow)])
def test_the_bundled_drivers_keep_every_promise(say, name):
    done = say("driver", "check", name)
    assert done.code == exits.REACHED, done.out
    assert f"{len(CHECKS)} of {len(CHECKS)} promises kept" in done.out
    assert "stop from another thread" in done.out


def test_a_careless_driver_is_found_out_with_advice(say):
    done = say("driver", "check", f"{__name__}:Careless", "--json")
    assert done.code == exits.DRIVER
    answer = json.loads(done.out)
    failed = {c["check"]: c["advice"] for c in answer["checks"] if c["verdict"] == "fail"}
    assert "stopped until recover" in failed
    assert failed["stopped until recover"]
    assert answer["kept"] < answer["of"]


def test_a_real_robot_moves_with_consent_only(say):
    done = say("driver", "check", f"{__name__}:Real")
    assert done.code == exits.USAGE
    assert "real gantry is a real robot and will move: add --yes" in done.error
    assert say("driver", "check", f"{__name__}:Real", "--yes").code == exits.REACHED


@pytest.mark.parametrize("name", ["nosuch", "skills.types:Pose", "no.such.module:X"])
def test_unknown_drivers_are_named(say, name):
    done = say("driver", "check", name)
    assert done.code == exits.USAGE
    assert name.split(":")[0] in done.error
