"""The controller of an imaginary arm, the Liney of docs/drivers.md: a process of its own that speaks lines of text."""

from __future__ import annotations

import select
import socket
import sys
import time

SPEED = 200.0  # [degrees/s] at most
GRIP = 60.0  # [mm/s]
PERIOD = 0.01  # [s]


def serve() -> None:
    """Say the port, then serve one connection after another until the input ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    q, dq, goal = [0.0, 23.0, -46.0, 0.0], [0.0] * 4, [0.0, 23.0, -46.0, 0.0]
    width, fingers, began = 70.0, 70.0, time.monotonic()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        link, _ = listener.accept()
        heard, told = b"", 0.0
        try:
            while True:
                if select.select([link], [], [], PERIOD)[0]:
                    chunk = link.recv(4096)
                    if not chunk:
                        break
                    *lines, heard = (heard + chunk).split(b"\n")
                    for word, *numbers in (line.split() for line in lines if line):
                        if word == b"J":
                            goal = [float(v) for v in numbers]
                        elif word == b"G":
                            fingers = float(numbers[0])
                        elif word == b"S":
                            goal, fingers = list(q), width
                now = time.monotonic()
                step = min(0.05, max(1e-3, now - told)) if told else PERIOD
                told = now
                moved = [max(-SPEED * step, min(SPEED * step, (g - v) * min(1.0, 25 * step)))
                         for g, v in zip(goal, q, strict=True)]  # fmt: skip
                q, dq = [v + m for v, m in zip(q, moved, strict=True)], [m / step for m in moved]
                width += max(-GRIP * step, min(GRIP * step, fingers - width))
                row = [f"{now - began:.4f}", *(f"{v:.5f}" for v in (*q, *dq)), f"{width:.3f}", "0", "ok"]
                link.sendall(("T " + " ".join(row) + "\n").encode())
        except OSError:
            pass
        finally:
            link.close()


if __name__ == "__main__":
    serve()
