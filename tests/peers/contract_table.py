"""The contract of each driver against its peer: ``python -m tests.peers.contract_table twin franka --out FILE``.

``ros2`` and ``ros2 actions`` run with the interpreter of that environment (`tests.peers.start`). Results are merged
into the file, driver by driver.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planner.identity import code_identity
from skills.contract import CheckResult, Verdict, check_driver
from skills.driver import RobotDriver
from tests.peers.start import action_options, arm_options, franka_peer, ros2_peer, rosbridge_peer
from tests.skills.drivers.ros_bench import CONSENT, staged

DOMAIN = 20 + os.getpid() % 80
Made = tuple[type[RobotDriver], str | None, Mapping[str, Any] | None]


@contextmanager
def simulated(name: str) -> Iterator[Made]:
    """Drivers that need no peer."""
    from sim.driver import PyBulletDriver
    from sim.twin import TwinDriver
    from skills.drivers.fake import FakeDriver

    yield {"fake": FakeDriver, "pybullet": PyBulletDriver, "twin": TwinDriver}[name], None, None


@contextmanager
def franka(_: str) -> Iterator[Made]:
    """Stops of its own the independent server makes by a reflex only, which `test_franka` provokes."""
    from skills.drivers.franka import FrankaDriver

    class Cut(FrankaDriver):
        def sever(self) -> None:
            for pilot in (self._arm, self._hand):
                if pilot is not None:
                    os.kill(pilot.pid, signal.SIGSTOP)

    with franka_peer() as peer:
        yield Cut, "move franka", {"host": peer.address}


@contextmanager
def ros2(name: str) -> Iterator[Made]:
    """Topics and services, or actions."""
    from skills.drivers.ros2 import Ros2Driver

    actions = "actions" in name
    with ros2_peer(DOMAIN, *(["--actions"] if actions else [])) as peer:
        yield staged(Ros2Driver, peer), CONSENT, (action_options if actions else arm_options)(domain=DOMAIN)


@contextmanager
def rosbridge(name: str) -> Iterator[Made]:
    """Topics and services, or actions of ROS 1 or 2."""
    from skills.drivers.rosbridge import RosbridgeDriver

    actions, version = "actions" in name, 1 if name.endswith("1") else 2
    with rosbridge_peer() as peer:
        options = (action_options if actions else arm_options)(host=peer.address, version=version)
        yield staged(RosbridgeDriver, peer), CONSENT, options


KINDS: dict[str, Callable[[str], Any]] = {
    "fake": simulated, "pybullet": simulated, "twin": simulated, "franka": franka, "ros2": ros2, "ros2 actions": ros2,
    "rosbridge": rosbridge, "rosbridge actions 2": rosbridge, "rosbridge actions 1": rosbridge,
}  # fmt: skip


def summary(results: list[CheckResult]) -> dict[str, Any]:
    """Numbers and names."""
    return {
        "kept": sum(r.verdict is Verdict.PASS for r in results),
        "broken": {r.name: r.detail for r in results if not r.ok},
        "not_tried": [r.name for r in results if r.verdict is Verdict.SKIP],
        "found": {r.name: r.detail for r in results if r.verdict is Verdict.PASS},
        "commit": code_identity()["commit"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=list(KINDS))
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    for name in args.names:
        with KINDS[name](name) as (driver, consent, options):
            found = summary(check_driver(driver, consent, options))
        all_of_them = json.loads(args.out.read_text(encoding="utf-8")) if args.out.exists() else {}
        all_of_them[name] = found
        args.out.write_text(json.dumps(all_of_them, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {found['kept']} kept, broken {found['broken']}, not tried {found['not_tried']}", flush=True)


if __name__ == "__main__":
    main()
