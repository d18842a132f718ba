"""One task file, unchanged, through ``groundplan run`` with the default language model: on the simulator, on the twin
and on the independent Franka server, whose joints are drawn.

``python -m tests.peers.task_on_robots FOLDER [--only franka]`` prints a JSON line per robot and writes
``FOLDER/franka-task.png``. Needs the peer (``make peers PEERS=franka``), pylibfranka, matplotlib.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import time
from collections import deque
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from planner.cli.main import main as groundplan
from skills.drivers.franka import FrankaConfig, FrankaDriver
from tests.peers.plot_motion import Row, draw
from tests.peers.start import franka_peer

TASK = """\
suite: bench
tasks:
  - id: fruit-to-bowl
    instruction: "put the fruit in the blue bowl"
    family: kinds
    scene: tabletop
    start: {objects: [{name: persimmon, at: null}, {name: red block, at: null}, {name: blue bowl, at: null}]}
    expect: success
    goal: {any: [["in(persimmon, blue bowl)"]]}
"""
TABLE = """\
objects:
  - {name: persimmon, at: [0.45, -0.1], form: box, size: [0.04, 0.04, 0.04]}
  - {name: red block, at: [0.35, 0.25]}
  - {name: blue bowl, at: [0.5, 0.15]}
"""
MODEL = ("--set", "propose.knowledge=none")  # no list of kinds: the model itself has to know that it is a fruit
DRIVER = "tests.peers.task_on_robots:Recorded"


class Recorded(FrankaDriver):
    """Keeps what was commanded and measured. More patient, since the server is a simulation on a busy machine."""

    silence = 1.5
    rows: ClassVar[list[Row]] = []

    def __init__(self, config: FrankaConfig) -> None:
        super().__init__(config)
        self.trace = deque()

    def close(self) -> None:
        super().close()  # nothing is recorded any more
        Recorded.rows += [(t, np.asarray(c), np.asarray(m)) for t, c, m in self.trace]


def run(folder: Path, robot: str, *words: str) -> dict[str, Any]:
    """The command line on one robot: how it ended, what was planned, how long it took."""
    said = io.StringIO()
    began = time.process_time()
    out = folder / robot
    line = ["run", "--task", str(folder / "task.yaml"), *MODEL, "--no-video", "--json", "--out", str(out), *words]
    with contextlib.redirect_stdout(said):
        code = groundplan(line)
    answer = json.loads(said.getvalue() or "{}")
    episode = json.loads((out / "episode.jsonl").read_text(encoding="utf-8").splitlines()[0])
    return {
        "robot": robot, "exit": code, "status": answer.get("status"), "reason": answer.get("reason"),
        "goal": answer.get("goal"), "judge": (answer.get("judge") or {}).get("success"),
        "model": episode["model"]["name"], "cost": episode["cost"], "cpu_s": round(time.process_time() - began, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=("simulator", "twin", "franka"))
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "task.yaml").write_text(TASK, encoding="utf-8")
    (folder / "table.yaml").write_text(TABLE, encoding="utf-8")
    if args.only in (None, "simulator"):
        print(json.dumps(run(folder, "simulator")), flush=True)
    if args.only in (None, "twin"):
        faults = "{latency: 0.04, jitter: 0.03, drop: 0.08}"
        words = ("--driver", "twin", "--set", "robot.options.timeout=3.0", "--set", f"robot.options.faults={faults}")
        print(json.dumps(run(folder, "twin", *words)), flush=True)
    if args.only in (None, "franka"):
        with franka_peer("--object-width", "0.04") as server:
            options = f"{{host: {server.address}, model: panda}}"
            (folder / "lab.yaml").write_text(
                f"robot: {{driver: '{DRIVER}', model: panda, objects: {folder / 'table.yaml'}, consent: move franka, "
                f"options: {options}}}\n",
                encoding="utf-8",
            )
            print(json.dumps(run(folder, "franka", "--config", str(folder / "lab.yaml"))), flush=True)
        from tests.peers import task_on_robots  # the module that the driver came from, not this script

        names = tuple(f"joint {i + 1}" for i in range(7))
        rows = task_on_robots.Recorded.rows
        first = next((i for i, r in enumerate(rows) if np.max(np.abs(r[2] - rows[0][2])) > 0.01), 0)
        rows = rows[max(0, first - 100) :]  # without the time in which the model is loaded
        draw(rows, [], names, "a whole task on the Franka server", folder / "franka-task.png")


if __name__ == "__main__":
    main()
