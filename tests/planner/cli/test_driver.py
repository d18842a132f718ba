from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

import pytest

from planner.cli import exits
from skills.driver import DriverError
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC

FAKE = "skills.drivers.fake:FakeDriver"


class Careless(FakeDriver):
    """Moves although it was stopped, and does not say so."""

    def stop(self) -> None:
        pass


@dataclass(frozen=True)
class ArmConfig:
    """``host``: where it answers; ``arms``: how many."""

    host: str
    arms: int = 1


class Configured(FakeDriver):
    """Wants a host, and that it is the right one."""

    Config = ArmConfig

    def __init__(self, config: ArmConfig) -> None:
        super().__init__()
        self.config = config

    def connect(self) -> None:
        if self.config.host != "here":
            raise DriverError(f"no arm at {self.config.host}; is it switched on?")
        super().connect()


class Real(FakeDriver):
    """Says it is not simulated."""

    def __init__(self) -> None:
        super().__init__(spec=replace(FAKE_SPEC, name="real gantry", simulated=False))


@pytest.mark.parametrize("name", [FAKE, pytest.param("sim.driver:PyBulletDriver", marks=pytest.mark.slow)])
def test_the_bundled_drivers_keep_every_promise(say, name):
    done = say("driver", "check", name)
    assert done.code == exits.REACHED, done.out
    assert re.search(r"(\d+) of \1 promises kept, \d not tried", done.out)
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


def test_the_settings_file_configures_the_driver_and_may_give_consent(say, tmp_path):
    name = f"{__name__}:Configured"
    lab = tmp_path / "lab.yaml"
    lab.write_text("robot: {options: {host: here}}\n", encoding="utf-8")
    done = say("driver", "check", name, "--config", str(lab), "--json")
    assert done.code == exits.REACHED, done.out
    verdicts = {c["check"]: c["verdict"] for c in json.loads(done.out)["checks"]}
    assert verdicts["configuration is strict"] == verdicts["unreachable host is said"] == "pass"
    lab.write_text("robot: {consent: move real gantry}\n", encoding="utf-8")
    assert say("driver", "check", f"{__name__}:Real", "--config", str(lab)).code == exits.REACHED
    lab.write_text("robot: {consent: move gantry}\n", encoding="utf-8")
    assert say("driver", "check", f"{__name__}:Real", "--config", str(lab)).code == exits.USAGE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("robot: {options: {hots: here}}", "unknown key 'hots', did you mean 'host'?"),
        ("robot: {options: {}}", "needs 'host'"),
        ("robot: {options: {host: here, arms: two}}", "arms: expected a whole number"),
        ("robot: {option: {}}", "did you mean 'robot.options'?"),
        ("robot: {keep_out: {wall: [[0, 0, 0], [1, 1]]}}", "keep_out.wall: wants two corners"),
        ("robot: {speed: 3}", "robot.speed: a share"),
    ],
)
def test_a_settings_file_that_is_wrong_moves_nothing(say, tmp_path, text, says):
    lab = tmp_path / "lab.yaml"
    lab.write_text(text, encoding="utf-8")
    done = say("driver", "check", f"{__name__}:Configured", "--config", str(lab))
    assert done.code == exits.USAGE
    assert says in done.error
