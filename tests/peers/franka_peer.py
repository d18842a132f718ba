"""Runs the independent Franka protocol server (franka-sim, MuJoCo physics) on one loopback address.

Started by `tests.peers.start` with the interpreter of the server's own environment; prints "ready" when it listens.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

HAND = """
<mujoco>
  <worldbody>
    <body name="hand">
      <inertial pos="0 0 0.04" mass="0.7" diaginertia="0.001 0.0025 0.0017"/>
      <body name="left_finger" pos="0 0 0.0584">
        <inertial pos="0 0 0" mass="0.015" diaginertia="2.4e-6 2.4e-6 7.5e-7"/>
        <joint name="finger_joint1" type="slide" axis="0 1 0" range="0 0.04" damping="10"/>
        <geom type="box" size="0.01 0.004 0.025" pos="0 0.004 0.025"/>
      </body>
      <body name="right_finger" pos="0 0 0.0584" quat="0 0 0 1">
        <inertial pos="0 0 0" mass="0.015" diaginertia="2.4e-6 2.4e-6 7.5e-7"/>
        <joint name="finger_joint2" type="slide" axis="0 1 0" range="0 0.04" damping="10"/>
        <geom type="box" size="0.01 0.004 0.025" pos="0 0.004 0.025"/>
      </body>
    </body>
  </worldbody>
</mujoco>
"""


def listening(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--model", required=True, help="folder with fr3.xml and its meshes in assets/")
    parser.add_argument("--object-width", type=float)
    parser.add_argument("--lax", action="store_true", help="do not enforce motion limits")
    parser.add_argument("--comm", action="store_true", help="enforce communication constraints")
    args = parser.parse_args()
    with suppress(OSError):  # it stands for hardware, which no other load slows down
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    folder = Path(tempfile.mkdtemp(prefix="franka-peer-"))
    (folder / "hand.xml").write_text(HAND)
    os.environ["FR3_MJCF"] = str(Path(args.model) / "fr3.xml")
    os.environ["FRANKA_HAND_MJCF"] = str(folder / "hand.xml")
    from franka_sim.franka_sim_server import FrankaSimServer

    server = FrankaSimServer(
        host=args.host,
        gripper_physics=True,
        gripper_object_width=args.object_width,
        enforce_comm_constraints=args.comm,
        enforce_motion_limits=not args.lax,
    )

    def leave() -> None:  # with the one who started it
        sys.stdin.read()
        os._exit(0)

    def announce() -> None:
        for port in (1337, 1338):
            while not listening(args.host, port):
                time.sleep(0.05)
        print("ready", flush=True)

    threading.Thread(target=leave, daemon=True).start()
    threading.Thread(target=announce, daemon=True).start()
    server.start()


if __name__ == "__main__":
    main()
