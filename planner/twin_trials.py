"""What the twin shows about drivers, guard and executor: tasks over a bad link, and links that die at random moments.

``make test-drivers`` runs it and writes docs/twin-trials.json; ``--rows FILE --minutes 10`` goes piece by piece. The
tasks and the judge are those of the simulator; the planner is the search for the given goal, so that no language model
is measured here.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.evaluate.statistics import rate
from planner.identity import code_identity

if TYPE_CHECKING:
    from envs.task import Task
    from skills.driver import RobotDriver

LINK = {"latency": 0.04, "jitter": 0.03, "drop": 0.08, "gap_every": 8.0, "gap": 0.15, "noise": 2e-4}
KINDS = ("in", "stack", "region", "thing in", "thing at")
REPORTED = 0.5  # [s] within which a lost link has to be said
RELEASED = 300  # control ticks in which somebody lets go of the button
DEADLINE = 20.0  # [s] after which a trial counts as hung


class Rows:
    """What each trial found, one line each in ``file`` (None: in memory only), so that a run can go on where an
    earlier one ended. ``until``: no new trial after that, by `time.monotonic`."""

    def __init__(self, file: Path | None = None, minutes: float = math.inf) -> None:
        self._file, self._until = file, time.monotonic() + 60 * minutes
        self._rows: dict[str, dict[str, Any]] = {}
        if file is not None and file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self._rows[row["trial"]] = row

    def get(self, name: str, trial: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """The row of that name: what is known, else what ``trial`` finds now, None when there is no time for it."""
        if name not in self._rows:
            if time.monotonic() > self._until:
                return None
            row = {"trial": name, **trial(), "commit": code_identity()["commit"]}
            self._rows[name] = row
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(row) + "\n")
        return self._rows[name]


def task_trials(
    count: int, seed: int, timeout: float, say: Callable[[str], None], rows: Rows | None = None
) -> dict[str, Any]:
    """``count`` random pick-and-place tasks on the twin over the link `LINK`. ``timeout``: of the driver [s], wide
    where the machine does not always give the twin its time."""
    from envs.generate import generate

    rows, found = rows or Rows(), []
    for i, task in enumerate(generate(count, seed, KINDS, clutter=(2, 5))):
        row = rows.get(f"task {seed + i}", functools.partial(_task, task, seed + i, timeout))
        if row is None:
            break
        found.append(row)
        say(f"task {i + 1}/{count}: {row['why'] or 'ok'}")
    return {
        "link": LINK,
        "timeout_s": sorted({r["timeout_s"] for r in found}),
        "commits": sorted({r["commit"] for r in found}),
        "seeds": f"{seed}..{seed + len(found) - 1}",
        "execution_success": rate([r["judged"] for r in found]),
        "false_success": rate([r["reached"] and not r["judged"] for r in found]),
        "fastest_joint_share_of_limit": round(max((r["velocity_share"] for r in found), default=0.0), 4),
        "farthest_beyond_limit_rad": round(max((r["outside"] for r in found), default=0.0), 6),
        "failed": [{k: r[k] for k in ("trial", "task", "why")} for r in found if not r["judged"]],
    }


def _task(task: Task, seed: int, timeout: float) -> dict[str, Any]:
    return {**carry_out(task, seed, {"timeout": timeout, "pace": 3.0, "faults": LINK}), "timeout_s": timeout}


def carry_out(
    task: Task, seed: int, options: Mapping[str, Any], around: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """One task on a twin with these options of its driver; ``around``: faults of the things around it. A run that a
    stop of the robot ended is taken up once more when the stop is over, as a person would."""
    from planner.evaluate.oracle import SymbolicOracle
    from planner.evaluate.planners import Episode, Tools, Truth
    from planner.events import Recovered, Replanned, Status
    from planner.session import Mind, run_task
    from planner.settings import Settings, overlay
    from planner.workplace import TWIN, open_workplace
    from skills.library import default_library

    settings = overlay(Settings(), {"robot": {"options": {**options, "seed": seed}}, "faults": list(around)})
    planner = SymbolicOracle(Tools(settings))
    events: list[Any] = []
    with open_workplace(task, seed, settings, TWIN) as place:

        def run() -> Any:
            players = planner.players(Episode(place.body, np.random.default_rng(0), Truth("success", task.goal)))
            mind = Mind("search", players.proposer, players.grounder, default_library())
            return run_task(task, seed, settings, place, mind, goal=task.goal, listener=events.append)

        out = run()
        resumed = out.verdict.status is Status.DRIVER and _over(place.body.driver)
        if resumed:
            out = run()
        assert place.measure is not None
        seen = place.measure() if out.verdict.status is not Status.DRIVER else {}
    return {
        "task": task.instruction,
        "judged": bool(out.judged),
        "reached": out.verdict.status is Status.REACHED,
        "replans": sum(isinstance(e, Replanned) for e in events),
        "recoveries": sum(isinstance(e, Recovered) for e in events) + resumed,
        "velocity_share": seen.get("velocity_share", 0.0),
        "outside": seen.get("outside", 0.0),
        "happened": seen.get("happened", []),
        "why": "" if out.judged else str(out.verdict.failure or out.verdict.reason),
    }


def _over(driver: RobotDriver) -> bool:
    """Whether an emergency stop is released within `RELEASED` control ticks and the robot ready again."""
    from skills.driver import DriverError
    from skills.types import Mode

    try:
        for _ in range(RELEASED):
            if driver.read_state().mode is not Mode.EMERGENCY:
                break
            driver.wait(1)
        driver.recover()
    except DriverError:
        return False
    return True


def kill_trials(
    count: int, seed: int, timeout: float, say: Callable[[str], None], rows: Rows | None = None
) -> dict[str, Any]:
    """``count`` twins that die at a random moment of a random action: by turns killed (the connection breaks) and
    halted (it stays open, nothing comes any more). How long until an error says so, and what is sent after it?

    A trial in which the driver gave up before the strike (a machine that gives the twin no time for so long is no
    better than a dead one) says nothing about the delay; more trials follow until ``count`` do."""
    rows, found, i = rows or Rows(), [], 0
    while sum(r["seconds"] >= 0 for r in found) < count and i < 2 * count:
        halted = bool(i % 2)
        rng = np.random.default_rng([seed, 5, i])
        row = rows.get(f"kill {seed}.{i}", functools.partial(_kill, rng, timeout, halted))
        if row is None:
            break
        found.append(row)
        i += 1
        say(f"link {i}: {row}")
    return kill_summary(found, seed, timeout)


def kill_summary(all_rows: Sequence[dict[str, Any]], seed: int, timeout: float) -> dict[str, Any]:
    """The numbers of the trials that struck."""
    rows = [r for r in all_rows if r["seconds"] >= 0]
    delays = {how: [r["seconds"] for r in rows if r["how"] == how] for how in ("killed", "halted")}
    return {
        "timeout_s": timeout,
        "seed": seed,
        "commits": sorted({r["commit"] for r in rows}),
        "given_up_before": len(all_rows) - len(rows),
        "reported_within_0.5_s": rate([r["seconds"] < REPORTED for r in rows]),
        "sent_afterwards": int(sum(r["sent_afterwards"] for r in rows)),
        "ended_cleanly": rate([r["clean"] for r in rows]),
        "slowest_s": {how: round(max(d), 3) for how, d in delays.items() if d},
        "median_s": {how: round(float(np.median(d)), 3) for how, d in delays.items() if d},
    }


def _kill(rng: np.random.Generator, timeout: float, halted: bool) -> dict[str, Any]:
    from sim.twin import TwinConfig, TwinDriver
    from skills.contract_bench import nudge
    from skills.driver import DriverError, LinkLost
    from skills.guard import Guard

    driver = TwinDriver(TwinConfig(timeout=timeout))
    guard = Guard(driver)
    guard.connect()
    pid, struck = driver.pid, []

    def strike() -> None:
        struck.append(time.perf_counter())
        os.kill(pid, signal.SIGSTOP if halted else signal.SIGKILL)

    timer = threading.Timer(float(rng.uniform(0.02, 2.0)), strike)
    gripping = bool(rng.random() < 0.4)
    timer.start()
    lost, until = False, time.perf_counter() + DEADLINE
    try:
        while time.perf_counter() < until:
            if gripping:
                guard.gripper(float(rng.uniform(0.0, 0.08)), 0.05, 10.0)
                continue
            motion = guard.follow(nudge(guard.describe(), guard.read_state()))
            while not motion.done():
                guard.wait(1)
            motion.result()
            guard.wait(1)
    except DriverError as error:
        lost = isinstance(error, LinkLost)
    took = time.perf_counter() - (struck[0] if struck else until)
    timer.cancel()
    sent = driver.commands
    for action in (guard.stop, guard.recover, guard.read_state, lambda: guard.gripper(0.04, 0.05, 10.0)):
        try:
            action()
        except DriverError:
            continue
    after = driver.commands - sent
    if halted:
        os.kill(pid, signal.SIGKILL)
    guard.close()
    time.sleep(0.05)
    left = [t.name for t in threading.enumerate() if t.name.startswith("twin")]
    for _ in range(20):
        if not left:
            break
        time.sleep(0.05)
        left = [t.name for t in threading.enumerate() if t.name.startswith("twin")]
    return {
        "how": "halted" if halted else "killed",
        "seconds": round(took, 4),
        "sent_afterwards": after,
        "clean": lost and not left,
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the trials; 0 when every number is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tasks", type=int, default=50, help="tasks on the twin (default: 50)")
    parser.add_argument("--kills", type=int, default=100, help="links that die (default: 100)")
    parser.add_argument("--seed", type=int, default=41_000, help="first seed (default: 41000)")
    parser.add_argument("--task-timeout", type=float, default=0.4, help="the driver's timeout in the tasks [s]")
    parser.add_argument("--rows", type=Path, help="a line per trial; what is in there already is not tried again")
    parser.add_argument("--minutes", type=float, default=math.inf, help="no new trial after so long; see --rows")
    parser.add_argument("--out", type=Path, help="where the numbers go, as JSON")
    args = parser.parse_args(argv)

    def say(line: str) -> None:
        print(line, flush=True)

    result: dict[str, Any] = {}
    rows = Rows(args.rows, args.minutes)
    if args.kills:
        result["kills"] = kill_trials(args.kills, args.seed, 0.4, say, rows)
    if args.tasks:
        result["tasks"] = task_trials(args.tasks, args.seed, args.task_timeout, say, rows)
    result |= {
        "commit": code_identity()["commit"],
        "date": datetime.now(timezone.utc).date().isoformat(),
        "cpus": os.cpu_count(),
    }
    text = json.dumps(result, indent=1)
    print(text)
    if args.out is not None:
        args.out.write_text(text + "\n", encoding="utf-8")
    return 0 if _good(result) else 1


def _good(result: dict[str, Any]) -> bool:
    kills, tasks = result.get("kills"), result.get("tasks")
    safe = kills is None or (
        kills["reported_within_0.5_s"]["rate"] == kills["ended_cleanly"]["rate"] == 1.0 and not kills["sent_afterwards"]
    )
    able = tasks is None or (
        tasks["execution_success"]["rate"] >= 0.9
        and tasks["false_success"]["k"] == 0
        and tasks["fastest_joint_share_of_limit"] <= 1.0
        and tasks["farthest_beyond_limit_rad"] <= 0.0
    )
    return safe and able


if __name__ == "__main__":
    raise SystemExit(main())
