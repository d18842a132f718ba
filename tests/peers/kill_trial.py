"""Pulls the peer's plug at random moments: ``python -m tests.peers.kill_trial franka --n 30 --seed 1``.

Counts how often the driver said so within half a second, whether anything that could still send commands was left, and
whether everything ended cleanly. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost, MotionCode, RobotDriver
from tests.peers.start import Peer, franka_peer

ALLOWED = 0.5  # [s] from the killing to the report


def franka(peer: Peer) -> tuple[RobotDriver, Callable[[], int]]:
    """A driver, and how many processes of it could still send something."""
    from skills.drivers.franka import FrankaConfig, FrankaDriver

    driver = FrankaDriver(FrankaConfig(peer.address))
    driver.connect()
    pilots = [driver._arm, driver._hand]
    return driver, lambda: sum(p is not None and p.alive() for p in pilots)


KINDS: dict[str, tuple[Callable[[], AbstractContextManager[Peer]], Callable[[Peer], tuple[RobotDriver, Any]]]] = {
    "franka": (franka_peer, franka),
}


def once(kind: str, rng: np.random.Generator) -> dict[str, Any]:
    """One killing. ``busy``: what the robot was doing; ``reported``: seconds until the driver said so."""
    start, connect = KINDS[kind]
    threads = threading.active_count()
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
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.02)
    return {
        "busy": busy, "reported": reported, "refused": refused == 3, "motion_lost": lost, "senders": senders,
        "closed_s": closing, "threads_left": max(0, threading.active_count() - threads),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--n", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    rows = [once(args.kind, rng) for _ in range(args.n)]
    times = [r["reported"] for r in rows if r["reported"] is not None]
    good = [
        r["reported"] is not None and r["reported"] <= ALLOWED and r["refused"] and r["motion_lost"]
        and r["senders"] == 0 and r["threads_left"] == 0
        for r in rows
    ]  # fmt: skip
    print(
        json.dumps(
            {
                "kind": args.kind, "n": args.n, "seed": args.seed, "good": sum(good), "reported": len(times),
                "latest_s": round(max(times, default=0.0), 3), "median_s": round(float(np.median(times)), 3),
                "senders_left": sum(r["senders"] > 0 for r in rows), 
                "slowest_close_s": round(max(r["closed_s"] for r in rows), 3),
                "while": {k: sum(r["busy"] == k for r in rows) for k in ("moving", "moved", "idle")},
                "bad": [r for r, ok in zip(rows, good, strict=True) if not ok],
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
