"""A bus of six Feetech STS3215 servos on a pseudo-terminal, as an SO-101 has: ping, read and write, one or many.

Ours, written from the maker's public register table. Registers hold the calibration of `CALIBRATION`. Its standard
input takes "thing WIDTH_PERCENT" (what lies between the fingers) or "mute" (the cable is pulled).
"""

from __future__ import annotations

import argparse
import os
import pty
import struct
import sys
import threading
import time
import tty
from contextlib import suppress

PING, READ, WRITE, SYNC_READ, SYNC_WRITE, ALL = 1, 2, 3, 0x82, 0x83, 0xFE
FIRMWARE, MODEL, LOW, HIGH, OFFSET, TORQUE, GOAL, PRESENT, SPEED = 0, 3, 9, 11, 31, 40, 42, 56, 58
STS3215 = 777
LAG, FASTEST = 0.04, 3000.0  # [s], [steps/s] of a servo
CALIBRATION = {
    "shoulder_pan": (1, 700, 3400), "shoulder_lift": (2, 800, 3300), "elbow_flex": (3, 800, 3300),
    "wrist_flex": (4, 800, 3300), "wrist_roll": (5, 0, 4095), "gripper": (6, 2000, 3400),
}  # fmt: skip


class Servo:
    """One servo's registers."""

    def __init__(self, number: int, low: int, high: int) -> None:
        self.data = bytearray(256)
        self.data[FIRMWARE : FIRMWARE + 2] = bytes([3, 10])
        self.data[5] = number
        for address, value in ((MODEL, STS3215), (LOW, low), (HIGH, high), (OFFSET, 0)):
            self.data[address : address + 2] = struct.pack("<H", value)
        self.position = float(low + high) / 2 if number != 6 else float(high)
        self.word(GOAL, int(self.position))
        self.least = 0.0
        self.last = time.monotonic()

    def word(self, address: int, value: int | None = None) -> int:
        if value is not None:
            self.data[address : address + 2] = struct.pack("<H", value & 0xFFFF)
        return int(struct.unpack("<H", self.data[address : address + 2])[0])

    def move(self) -> None:
        """As far as it gets since the last look."""
        now = time.monotonic()
        dt, self.last = now - self.last, now
        way = 0.0
        if self.data[TORQUE]:
            way = (self.word(GOAL) - self.position) * min(1.0, dt / LAG)
            way = max(-FASTEST * dt, min(FASTEST * dt, way))
        stuck = self.least and self.position + way < self.least <= self.position + 1e-6
        self.position = self.least if stuck else self.position + way
        self.word(PRESENT, round(self.position))


class Bus:
    """Answers packets."""

    def __init__(self, line: int) -> None:
        self.line, self.mute = line, False
        self.servos = {n: Servo(n, low, high) for n, low, high in CALIBRATION.values()}

    def answer(self, number: int, payload: bytes = b"") -> None:
        body = bytes([number, len(payload) + 2, 0]) + payload
        if not self.mute:
            os.write(self.line, b"\xff\xff" + body + bytes([~sum(body) & 0xFF]))

    def obey(self, number: int, what: int, rest: bytes) -> None:
        for servo in self.servos.values():
            servo.move()
        if what == SYNC_READ:
            for each in rest[2:]:
                if each in self.servos:
                    self.answer(each, bytes(self.servos[each].data[rest[0] : rest[0] + rest[1]]))
        elif what == SYNC_WRITE:
            size = rest[1]
            for i in range(2, len(rest), size + 1):
                self.write(rest[i], rest[0], rest[i + 1 : i + 1 + size])
        elif number == ALL and what == PING:
            for each in self.servos:
                self.answer(each)
        elif number in self.servos:
            if what == PING:
                self.answer(number)
            elif what == READ:
                self.answer(number, bytes(self.servos[number].data[rest[0] : rest[0] + rest[1]]))
            elif what == WRITE:
                self.write(number, rest[0], rest[1:])
                self.answer(number)

    def write(self, number: int, address: int, values: bytes) -> None:
        if number in self.servos and not self.mute:
            self.servos[number].data[address : address + len(values)] = values

    def run(self) -> None:
        waiting = b""
        while True:
            waiting += os.read(self.line, 256)
            while (start := waiting.find(b"\xff\xff")) >= 0 and len(waiting) >= start + 4:
                size = waiting[start + 3]
                packet = waiting[start : start + 4 + size]
                if len(packet) < 4 + size:
                    break
                waiting = waiting[start + 4 + size :]
                if packet[-1] == ~sum(packet[2:-1]) & 0xFF:
                    self.obey(packet[2], packet[4], packet[5:-1])


def main() -> None:
    argparse.ArgumentParser().parse_args()
    with suppress(OSError):  # it stands for hardware, which no other load slows down
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    line, other = pty.openpty()
    tty.setraw(other)
    bus = Bus(line)

    def hear() -> None:
        for text in sys.stdin:
            words = text.split()
            if words[:1] == ["thing"]:
                low, high = CALIBRATION["gripper"][1:]
                bus.servos[6].least = low + float(words[1]) / 100 * (high - low)
            bus.mute = words == ["mute"]
        os._exit(0)

    threading.Thread(target=hear, daemon=True).start()
    print("ready", os.ttyname(other), flush=True)
    bus.run()


if __name__ == "__main__":
    main()
