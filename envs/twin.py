"""A twin with a task's things around it: ``python -m envs.twin`` is the process, `start_twin` and `TwinJudge` are this
side of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from envs.goals import Goal
from envs.judge import Verdict
from envs.stage import StageSettings, build_stage
from envs.task import Task
from envs.tasks import task_again
from sim.faults import Fault, parse_fault
from sim.twin import TwinConfig, TwinDriver, plain_setup
from sim.twin_host import run
from sim.twin_process import TwinProcess
from sim.twin_server import TwinServer, TwinSetup
from skills.driver_config import read_config

JUDGING = 60.0  # [s] for the judge to let things settle and look


def start_twin(
    task: Task, seed: int, config: TwinConfig, perception: str = "oracle", faults: Sequence[Fault] = ()
) -> tuple[TwinProcess, TwinDriver]:
    """A twin at the start of ``task``, and a driver for it, not connected; raises DriverError when that fails.
    ``faults``: of `sim.faults.AROUND`, what goes wrong around the robot."""
    rows = [{**vars(f), "kind": f.kind.value, "when": f.when.value} for f in faults]
    more = {"task": task.to_data(), "suite": task.suite, "perception": perception, "seed": seed, "faults": rows}
    robot = task.scene_object.robot
    process = TwinProcess({**plain_setup(config), "robot": robot, "more": more}, "envs.twin")
    return process, TwinDriver(replace(config, port=process.port, token=process.token, robot=robot))


class TwinJudge:
    """The ground truth about a twin's world, for whoever scores a run; no planner sees it."""

    def __init__(self, driver: TwinDriver) -> None:
        self._driver = driver

    def verdict(self, goal: Goal | None = None) -> Verdict:
        """As `envs.judge.Judge.verdict`; raises DriverError when there is no link."""
        data = None if goal is None else goal.to_json()
        return read_config(Verdict, self._driver.ask("judge", JUDGING, goal=data)["verdict"])


def build(setup: TwinSetup) -> TwinServer:
    """The twin's process: the stage of a task, served."""
    more = setup.more
    task = task_again(more["task"], str(more["suite"]))
    faults = [parse_fault(row) for row in more["faults"]]
    stage = build_stage(task, int(more["seed"]), StageSettings(perception=str(more["perception"])), faults)
    stage.body.driver.close()  # the server has one of its own

    def judge(message: Mapping[str, Any]) -> Mapping[str, Any]:
        data = message.get("goal")
        return stage.judge.verdict(None if data is None else Goal.from_json(data)).to_json()

    def happened() -> list[str]:
        log = [] if stage.injector is None else stage.injector.log
        return [f"{kind.value} {thing}" for _, kind, thing in log]

    return TwinServer(stage.world, setup, stage.body.perception, judge, happened)


if __name__ == "__main__":
    sys.exit(run(build))
