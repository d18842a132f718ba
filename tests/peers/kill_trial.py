"""Pulls the peer's plug at random moments: ``python -m tests.peers.kill_trial franka --n 100 --seed 1``.

Counts how often the driver said so within half a second, whether anything that could still send commands was left, and
whether everything ended cleanly. Prints one JSON line. With ``--rows FILE --minutes 5`` it goes piece by piece: trials
that are in the file are not repeated. ``--table FILE`` writes the numbers of all files of rows in a folder as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from planner.evaluate.statistics import wilson
from planner.identity import code_identity
from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost, MotionCode, RobotDriver
from tests.peers.start import Peer, arm_options, franka_peer, ros2_peer, rosbridge_peer

ALLOWED = 0.5  # [s] from the killing to the report
CRASHED: dict[str, Any] = {
    "busy": "crashed", "reported": None, "refused": False, "motion_lost": False, "senders": 0, "closed_s": 0.0,
    "threads_left": 0,
}  # fmt: skip


def franka(peer: Peer) -> tuple[RobotDriver, Callable[[], int]]:
    """A driver, and how many processes of it could still send something."""
    from skills.drivers.franka import FrankaConfig, FrankaDriver

    driver = FrankaDriver(FrankaConfig(peer.address))
    driver.connect()
    pilots = [driver._arm, driver._hand]
    return driver, lambda: sum(p is not None and p.alive() for p in pilots)


def rosbridge(peer: Peer) -> tuple[RobotDriver, Callable[[], int]]:
    """A driver, and how many trajectories it still publishes, seen where it hands them to the kit."""
    from skills.driver_config import make_driver
    from skills.drivers.rosbridge import RosbridgeDriver

    driver = make_driver(RosbridgeDriver, arm_options(host=peer.address))
    driver.connect()
    assert isinstance(driver, RosbridgeDriver)
    late: list[str] = []
    for publisher in driver._publishers.values():
        send = publisher.publish

        def spied(message: Any, send: Any = send) -> None:
            if peer.process.poll() is not None:
                late.append(str(message))
            send(message)

        publisher.publish = spied
    return driver, lambda: len(late)


def ros2(peer: Peer) -> tuple[RobotDriver, Callable[[], int]]:
    """A driver, and how many trajectories a second node still hears from it after the killing."""
    import rclpy
    from trajectory_msgs.msg import JointTrajectory

    from skills.driver_config import make_driver
    from skills.drivers.ros2 import Ros2Driver

    context = rclpy.context.Context()
    rclpy.init(context=context, domain_id=int(peer.address))
    spy = rclpy.create_node("spy", context=context)
    heard: list[Any] = []
    for topic in ("/arm/joint_trajectory", "/gripper/joint_trajectory"):
        spy.create_subscription(JointTrajectory, topic, heard.append, 10)
    executor = rclpy.executors.SingleThreadedExecutor(context=context)
    executor.add_node(spy)
    driver = make_driver(Ros2Driver, arm_options(domain=int(peer.address)))
    driver.connect()
    commands = 0
    begin = driver._begin

    def counted(motion: Any) -> None:
        nonlocal commands
        commands += 1
        begin(motion)

    driver._begin = counted

    def late() -> int:
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            executor.spin_once(timeout_sec=0.02)
        executor.shutdown()
        spy.destroy_node()
        context.try_shutdown()
        return max(0, len(heard) - commands)

    return driver, late


@contextmanager
def ros2_alone() -> Iterator[Peer]:
    """A node in a domain of this process."""
    with ros2_peer(20 + os.getpid() % 80) as running:
        yield running


KINDS: dict[str, tuple[Callable[[], AbstractContextManager[Peer]], Callable[[Peer], tuple[RobotDriver, Any]]]] = {
    "franka": (franka_peer, franka),
    "ros2": (ros2_alone, ros2),
    "rosbridge": (rosbridge_peer, rosbridge),
}


def once(kind: str, rng: np.random.Generator) -> dict[str, Any]:
    """One killing. ``busy``: what the robot was doing; ``reported``: seconds until the driver said so."""
    start, connect = KINDS[kind]
    threads = set(threading.enumerate())
    busy = ("moving", "idle")[int(rng.random() < 0.2)]
    with start() as peer:
        driver, left = connect(peer)
        motion = None
        if busy == "moving":
            share = float(rng.uniform(0.01, 0.05))
            motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=share))
        driver.wait(int(rng.uniform(1, 60)))
        if motion is not None and motion.done():
            busy = "moved"
        peer.kill()
        began = time.monotonic()
        reported = None
        try:
            driver.wait(180)
        except LinkLost:
            reported = time.monotonic() - began
        refused = 0
        for action in (lambda: driver.gripper(0.0, 0.05, 10.0), lambda: driver.follow(None), driver.recover):  # type: ignore[arg-type]
            try:
                action()
            except DriverError:
                refused += 1
        lost = motion is None or busy == "moved" or motion.result().code is MotionCode.LOST_LINK
        time.sleep(max(0.0, began + ALLOWED - time.monotonic()))
        senders = left()
        closing = time.monotonic()
        driver.stop()
        driver.close()
        closing = time.monotonic() - closing
    until = time.monotonic() + 2.0
    while left_over(threads) and time.monotonic() < until:
        time.sleep(0.02)
    return {
        "busy": busy, "reported": reported, "refused": refused == 3, "motion_lost": lost, "senders": senders,
        "closed_s": closing, "threads_left": left_over(threads),
    }  # fmt: skip


def left_over(before: set[threading.Thread]) -> int:
    """Threads that were not there before; an event loop that a kit keeps for its whole process does not count."""
    return sum("PoolThread" not in t.name and "(run)" not in t.name for t in set(threading.enumerate()) - before)


def good(row: dict[str, Any]) -> bool:
    """Reported in time, ended, and nothing left that could send."""
    said = row["reported"] is not None and row["reported"] <= ALLOWED
    return said and row["refused"] and row["motion_lost"] and row["senders"] == 0 and row["threads_left"] == 0


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The numbers of the trials of one kind."""
    times = [r["reported"] for r in rows if r["reported"] is not None]
    fine = [good(r) for r in rows]
    low, high = wilson(sum(fine), len(fine))
    return {
        "n": len(rows), "seeds": f"{rows[0]['seed']}.0..{len(rows) - 1}", "good": sum(fine),
        "wilson_95": [round(low, 3), round(high, 3)], "reported": len(times),
        "median_s": round(float(np.median(times)), 3), "latest_s": round(max(times, default=0.0), 3),
        "senders_left": sum(r["senders"] > 0 for r in rows),
        "slowest_close_s": round(max(r["closed_s"] for r in rows), 3),
        "while": {k: sum(r["busy"] == k for r in rows) for k in ("moving", "moved", "idle", "crashed")},
        "commits": sorted({r["commit"] for r in rows}),
        "bad": [r for r, ok in zip(rows, fine, strict=True) if not ok],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=[*sorted(KINDS), "table"])
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=Path, help="a line per trial; what is in there is not repeated")
    parser.add_argument("--minutes", type=float, default=math.inf, help="no new trial after so long")
    parser.add_argument("--of", type=Path, help="for table: a folder of files KIND.jsonl")
    parser.add_argument("--out", type=Path, help="for table: the file")
    args = parser.parse_args()
    if args.kind == "table":
        found = {f.stem: summary(_lines(f)) for f in sorted(args.of.glob("*.jsonl"))}
        machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
        args.out.write_text(json.dumps({**machine, "drivers": found}, indent=1) + "\n", encoding="utf-8")
        return
    rows = _lines(args.rows) if args.rows is not None and args.rows.exists() else []
    running = None if args.rows is None else args.rows.with_suffix(".running")
    if running is not None and running.exists():  # an earlier run of this program died in the middle of a trial
        rows.append({**CRASHED, **json.loads(running.read_text(encoding="utf-8"))})
        _keep(args.rows, rows[-1])
        running.unlink()
    until = time.monotonic() + 60 * args.minutes
    for i in range(len(rows), args.n):
        if time.monotonic() > until:
            break
        about = {"seed": args.seed, "trial": i, "commit": code_identity()["commit"]}
        if running is not None:
            running.write_text(json.dumps(about), encoding="utf-8")
        rows.append({**about, **once(args.kind, np.random.default_rng([args.seed, i]))})
        if running is not None:
            _keep(args.rows, rows[-1])
            running.unlink()
    print(json.dumps({"kind": args.kind, **summary(rows)}))


def _keep(file: Path, row: dict[str, Any]) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
