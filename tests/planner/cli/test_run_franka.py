"""One task file on the simulator and, unchanged, on an independent Franka server with a thing between its fingers.

The arm's motion and the hand are the server's; the things exist only in the typed-in file, so what is measured there is
the arm, the grasp that the hand reports, and where the hand went, not where a block lies.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from planner.cli import exits
from skills.command_log import read_log
from tests.peers.start import franka_peer, installed

TASK = """
suite: bench
tasks:
  - id: block-to-bowl
    instruction: "put the red block in the blue bowl"
    family: bowls
    scene: tabletop
    start: {objects: [{name: red block, at: null}, {name: blue bowl, at: null}]}
    expect: success
    goal: {any: [["in(red block, blue bowl)"]]}
"""
TABLE = "objects: [{name: red block, at: [0.45, -0.1]}, {name: blue bowl, at: [0.5, 0.15]}]\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "task.yaml").write_text(TASK, encoding="utf-8")
    (tmp_path / "table.yaml").write_text(TABLE, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_on_the_simulator(say, mind, files):
    done = say("run", "--task", str(files / "task.yaml"), "--no-video", "--json")
    assert done.code == exits.REACHED, done.out


@pytest.fixture
def lab(files):
    def at(address: str) -> str:
        file = files / "lab.yaml"
        file.write_text(
            f"robot: {{driver: franka, model: panda, objects: {files / 'table.yaml'}, consent: move franka, "
            f"options: {{host: {address}, model: panda}}}}\n",
            encoding="utf-8",
        )
        return str(file)

    return at


DRIVER = ("--driver", "skills.drivers.franka:FrankaDriver", "--no-video", "--json")


@pytest.fixture
def needed(monkeypatch):
    pytest.importorskip("pylibfranka", reason="the vendor's client is not installed")
    if not installed("franka"):
        pytest.skip("the independent server is not installed: make peers")
    from skills.drivers.linked import LinkedDriver
    from skills.guard import GuardLimits

    monkeypatch.setattr(LinkedDriver, "silence", 1.5)  # on a busy machine the simulated robot itself falls silent
    monkeypatch.setattr("planner.laboratory.GuardLimits", lambda **k: GuardLimits(stale_ticks=90, **k))


@pytest.mark.slow
@pytest.mark.peer
def test_on_the_franka_server_the_hand_holds_and_goes_to_the_bowl(say, mind, files, lab, needed):
    with franka_peer("--object-width", "0.04") as server:
        done = say("run", "--task", str(files / "task.yaml"), "--config", lab(server.address), *DRIVER, "--out", "out")
    answer = json.loads(done.out)
    assert done.code == exits.REACHED, answer["reason"]
    assert answer["judge"] is None  # nobody there knows where a block lies
    log = read_log(files / "out" / "commands.jsonl")
    moves = [c for c in log.commands if c.kind == "follow" and not c.refused]
    grips = [c for c in log.commands if c.kind == "gripper" and not c.refused]
    assert len(moves) >= 4
    assert len(grips) >= 2
    assert all(np.isfinite(c.trajectory.positions).all() for c in moves)


@pytest.mark.slow
@pytest.mark.peer
def test_on_the_franka_server_air_is_no_block(say, mind, files, lab, needed):
    with franka_peer() as server:
        done = say(
            "run", "--task", str(files / "task.yaml"), "--config", lab(server.address), *DRIVER, "--set",
            "budget.attempts=1",
        )  # fmt: skip
    assert done.code == exits.NOT_REACHED
    assert "fingers closed on nothing" in done.out
