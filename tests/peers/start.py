"""Starts the robots' peers, each in a process and an environment of its own, and ends them."""

from __future__ import annotations

import itertools
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GROUNDPLAN_PEERS", Path.home() / ".cache" / "groundplan" / "peers"))


def installed(name: str) -> bool:
    """Whether the environment of a peer has been made (``make peers``)."""
    return (HOME / name / "ready").exists()


class Peer:
    """A running peer. ``address``: of this one alone, so that several can run side by side."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def kill(self) -> None:
        """As if its plug were pulled."""
        self.process.kill()
        self.process.wait()

    def tell(self, word: str) -> None:
        """Say a line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Close its input, on which it leaves by itself; harmless when it is gone."""
        if self.process.poll() is None and self.process.stdin is not None:
            self.process.stdin.close()
            try:
                self.process.wait(3.0)
            except subprocess.TimeoutExpired:
                self.kill()


_used = itertools.count(1)


def own_address() -> str:
    """A loopback address of this process, another one with each call."""
    pid = os.getpid()
    return f"127.{next(_used) % 255}.{pid // 256 % 256}.{1 + pid % 254}"


@contextmanager
def peer(interpreter: Path, script: str, *words: str, address: str = "", seconds: float = 60.0) -> Iterator[Peer]:
    """Run ``script`` of this folder until the block ends; it prints "ready" when it can be talked to."""
    process = subprocess.Popen(
        [str(interpreter), str(HERE / script), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line.strip())

    threading.Thread(target=listen, daemon=True).start()
    running = Peer(process, address)
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                said = lines.get(timeout=0.1).split()
                if said[:1] == ["ready"]:
                    running.address = said[1] if len(said) > 1 else address
                    break
            except queue.Empty:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the peer {script} did not become ready (exit {process.poll()})") from None
        yield running
    finally:
        running.end()


@contextmanager
def franka_peer(*words: str) -> Iterator[Peer]:
    """The independent Franka server on an address of its own."""
    folder, address = HOME / "franka", own_address()
    with peer(
        folder / "bin" / "python", "franka_peer.py", "--host", address, "--model", str(folder / "model"), *words,
        address=address,
    ) as running:  # fmt: skip
        yield running


def arm_options(**more: object) -> dict[str, object]:
    """The configuration of a driver for the simulated arm that our own ROS peers have (plain data, as from YAML)."""
    six = [6.0] * 6
    topics = {
        "command": "/arm/joint_trajectory", "stop": "/arm/stop", "recover": "/arm/recover",
        "protective": "/arm/protective", "emergency": "/arm/emergency",
        "gripper_command": "/gripper/joint_trajectory", "gripper_joint": "finger",
    }  # fmt: skip
    arm = {
        "joint_names": ["shoulder", "upper", "elbow", "forearm", "wrist", "flange"], "lower": [-v / 2 for v in six],
        "upper": [v / 2 for v in six], "max_velocity": [2.0] * 6, "max_acceleration": six,
        "home": [0.0, -0.6, 1.2, 0.0, 0.8, 0.0],
    }  # fmt: skip
    return {"arm": arm, "topics": topics, "name": "bench arm", **more}


def action_options(**more: object) -> dict[str, object]:
    """The same with actions in place of topics."""
    options = arm_options(**more)
    topics = dict(options["topics"])  # type: ignore[call-overload]
    topics |= {
        "command": "", "gripper_command": "", "trajectory_action": "/arm/follow_joint_trajectory",
        "gripper_action": "/gripper/gripper_cmd",
    }  # fmt: skip
    return {**options, "topics": topics}


@contextmanager
def ros2_peer(domain: int, *words: str) -> Iterator[Peer]:
    """A ROS 2 node of ours in another process, heard on this machine only."""
    os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
    os.environ["ROS_DOMAIN_ID"] = str(domain)
    with peer(HOME / "ros" / "bin" / "python", "ros_arm_peer.py", *words, address=str(domain)) as running:
        yield running


@contextmanager
def rosbridge_peer(*words: str) -> Iterator[Peer]:
    """A server of ours for the rosbridge protocol, in another process."""
    address = own_address()
    with peer(Path(sys.executable), "rosbridge_peer.py", "--host", address, *words, address=address) as running:
        yield running


@contextmanager
def rtde_peer() -> Iterator[Peer]:
    """A server of ours for the state protocol of Universal Robots, in another process."""
    address = own_address()
    with peer(Path(sys.executable), "rtde_peer.py", "--host", address, address=address) as running:
        yield running


@contextmanager
def servo_peer() -> Iterator[Peer]:
    """A bus of servos on a pseudo-terminal, in another process; ``address``: its serial port."""
    with peer(Path(sys.executable), "servo_peer.py") as running:
        yield running


def main() -> None:
    """``python -m tests.peers.start NAME ...``: run the interpreter of a peer's environment with these words."""
    interpreter = HOME / sys.argv[1] / "bin" / "python"
    sys.exit(subprocess.run([str(interpreter), *sys.argv[2:]]).returncode)


if __name__ == "__main__":
    main()
