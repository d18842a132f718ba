"""A server of ours for RTDE, the state protocol of Universal Robots' controllers: handshake, recipe, packages.

Its standard input takes "to Q1 .. Q6" (where the joints go, as if servoJ had said so), "protective", "emergency",
"release". Written from the maker's public description of the protocol, version 2.
"""

from __future__ import annotations

import argparse
import os
import socket
import struct
import sys
import threading
import time
from contextlib import suppress

import numpy as np

PORT = 30004
LAG = 0.03  # [s] of a joint behind its set-point
SIX = (
    "q",
    "qd",
    "qdd",
    "current",
    "moment",
    "output",
    "pose",
    "speed",
    "force",
    "temperatures",
    "voltage",
    "wrench",
    "inertia",
)
TYPES = {
    "actual_robot_current": "DOUBLE",
    "timestamp": "DOUBLE", "robot_mode": "INT32", "safety_mode": "INT32", "joint_mode": "VECTOR6INT32",
    "actual_tool_accelerometer": "VECTOR3D", "payload_cog": "VECTOR3D", "runtime_state": "UINT32",
    "robot_status_bits": "UINT32", "safety_status_bits": "UINT32", "actual_digital_input_bits": "UINT64",
    "actual_digital_output_bits": "UINT64", "payload_inertia": "VECTOR6D",
}  # fmt: skip
PACK = {
    "DOUBLE": "d", "INT32": "i", "UINT32": "I", "UINT64": "Q", "VECTOR6D": "6d", "VECTOR3D": "3d", "VECTOR6INT32": "6i",
}  # fmt: skip
SAFETY = {"": (1, 1), "protective": (3, 4), "emergency": (7, 64 + 128)}  # safety mode, safety status bits


def kind_of(name: str) -> str:
    """The type of a variable, from its name."""
    if name in TYPES:
        return TYPES[name]
    if name.startswith("output_int"):
        return "INT32"
    if name.startswith(("output_bit", "input_bit")):
        return "UINT32"
    if name.split("_")[-1] in (
        "q",
        "qd",
        "qdd",
        "current",
        "moment",
        "output",
        "pose",
        "speed",
        "force",
        "temperatures",
    ):
        return "VECTOR6D"
    return "VECTOR6D" if name in ("actual_joint_voltage", "ft_raw_wrench") else "DOUBLE"


class Arm:
    """Joints of first order behind a set-point."""

    def __init__(self) -> None:
        self.q = np.array([0.0, -1.57, 1.57, -1.57, -1.57, 0.0])
        self.qd, self.goal, self.stop = np.zeros(6), self.q.copy(), ""
        self.began = self.last = time.monotonic()

    def values(self) -> dict[str, object]:
        """What changes; everything else is zero."""
        now = time.monotonic()
        dt, self.last = max(1e-4, now - self.last), now
        before = self.q
        self.q = before + (self.goal - before) * (1 - np.exp(-dt / LAG))
        self.qd = (self.q - before) / dt
        mode, bits = SAFETY[self.stop]
        return {
            "timestamp": now - self.began, "actual_q": self.q, "target_q": self.goal, "actual_qd": self.qd,
            "robot_mode": 7, "safety_mode": mode,
            "safety_status_bits": bits, "robot_status_bits": 3, "runtime_state": 2,
            "speed_scaling": 1.0, "target_speed_fraction": 1.0, "joint_mode": [255] * 6,
        }  # fmt: skip


class Session(threading.Thread):
    """One client."""

    def __init__(self, link: socket.socket, arm: Arm) -> None:
        super().__init__(daemon=True)
        self.link, self.arm, self.names, self.rate, self.sending = link, arm, [], 125.0, False
        self.lock = threading.Lock()

    def say(self, kind: int, payload: bytes) -> None:
        with self.lock:
            self.link.sendall(struct.pack(">HB", len(payload) + 3, kind) + payload)

    def run(self) -> None:
        stream = self.link.makefile("rb")
        with suppress(OSError, struct.error):
            while True:
                size, kind = struct.unpack(">HB", stream.read(3))
                self.answer(kind, stream.read(size - 3))
        self.sending = False

    def answer(self, kind: int, payload: bytes) -> None:
        if kind == ord("V"):
            self.say(kind, b"\x01")
        elif kind == ord("v"):
            self.say(kind, struct.pack(">4I", 5, 12, 0, 0))
        elif kind == ord("O"):
            (self.rate,) = struct.unpack(">d", payload[:8])
            self.names = [n for n in payload[8:].decode().split(",") if n]
            self.say(kind, b"\x01" + ",".join(map(kind_of, self.names)).encode())
        elif kind == ord("I"):
            self.say(kind, b"\x01" + ",".join(kind_of(n) for n in payload.decode().split(",")).encode())
        elif kind == ord("S"):
            self.say(kind, b"\x01")
            self.sending = True
            threading.Thread(target=self.stream, daemon=True).start()
        elif kind == ord("P"):
            self.sending = False
            self.say(kind, b"\x01")

    def stream(self) -> None:
        with suppress(OSError):
            while self.sending:
                values, packed = self.arm.values(), b"\x01"
                for name in self.names:
                    form = PACK[kind_of(name)]
                    n = int(form[:-1] or 1)
                    value = values.get(name, [0] * n if n > 1 else 0)
                    packed += struct.pack(">" + form, *(value if n > 1 else [value]))
                self.say(ord("U"), packed)
                time.sleep(1 / self.rate)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    args = parser.parse_args()
    with suppress(OSError):  # it stands for hardware, which no other load slows down
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    arm = Arm()

    def hear() -> None:
        for line in sys.stdin:
            words = line.split()
            if words[:1] == ["to"] and not arm.stop:
                arm.goal = np.array([float(w) for w in words[1:7]])
            elif words and words[0] in ("protective", "emergency"):
                arm.goal, arm.stop = arm.q.copy(), words[0]
            elif words == ["release"]:
                arm.stop = ""
        os._exit(0)

    threading.Thread(target=hear, daemon=True).start()
    with socket.create_server((args.host, PORT)) as server:
        print("ready", flush=True)
        while True:
            link, _ = server.accept()
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Session(link, arm).start()


if __name__ == "__main__":
    main()
