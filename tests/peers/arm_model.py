"""A simulated arm behind a trajectory controller, for peers of ours: joints of first order behind a cubic reference.

Needs numpy only, so that it runs in any peer's environment. The controller replaces a running trajectory by the next
one, from where its reference is; fingers close at a given speed and stop at ``thing``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

JOINTS = ("shoulder", "upper", "elbow", "forearm", "wrist", "flange")
FINGER = "finger"
LAG = 0.025  # [s] of a joint behind its reference
HOME = (0.0, -0.6, 1.2, 0.0, 0.8, 0.0)


class ArmModel:
    """``thing``: width of what lies between the fingers [m], None: nothing. ``finger`` is at half the width."""

    def __init__(self, thing: float | None = None) -> None:
        self.q = np.asarray(HOME, float)
        self.dq = np.zeros(len(JOINTS))
        self.finger, self.finger_goal, self.finger_speed = 0.04, 0.04, 0.05
        self.thing = thing
        self.stop = ""  # "", "protective" or "emergency"
        self.time = 0.0
        self.received = 0
        self.held = False  # someone holds the arm: its joints follow no reference
        self._reference = self.q.copy()
        self._speed = np.zeros(len(JOINTS))
        self._plan: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._began = 0.0

    @property
    def reference(self) -> np.ndarray:
        """Where the controller wants the joints now."""
        return self._reference

    def take(self, joints: Sequence[str], times: Sequence[float], places: Sequence, speeds: Sequence) -> str:
        """A trajectory; the complaint, or ""."""
        self.received += 1
        if self.stop:
            return f"in a stop of kind {self.stop}"
        if tuple(joints) == (FINGER,):
            goal = float(places[-1][0])
            self.finger_goal = min(max(goal, 0.0), 0.04)
            self.finger_speed = max(abs(self.finger_goal - self.finger) / max(times[-1], 1e-3), 1e-3)
            return ""
        if sorted(joints) != sorted(JOINTS):
            return f"joints {list(joints)} are not mine"
        order = [list(joints).index(n) for n in JOINTS]
        t, q, v = np.asarray(times, float), np.asarray(places, float)[:, order], np.asarray(speeds, float)[:, order]
        if t[0] > 1e-6:
            t, q, v = np.insert(t, 0, 0.0), np.vstack([self._reference, q]), np.vstack([self._speed, v])
        self._plan, self._began = (t, q, v), self.time
        return ""

    def halt(self, kind: str = "") -> None:
        """Hold here; ``kind``: in a stop that only `release` ends."""
        self._plan, self._reference, self._speed = None, self.q.copy(), np.zeros(len(JOINTS))
        self.finger_goal = self.finger
        self.stop = kind or self.stop

    def release(self) -> None:
        """Out of a stop."""
        self.stop = ""

    def step(self, dt: float) -> None:
        """Let ``dt`` seconds pass."""
        self.time += dt
        plan = self._plan
        if plan is not None:
            self._follow(*plan)
        before = self.q.copy()
        if not self.held:
            self.q = self.q + (self._reference + self._speed * LAG - self.q) * (1 - np.exp(-dt / LAG))
        self.dq = (self.q - before) / dt
        way = float(np.clip(self.finger_goal - self.finger, -self.finger_speed * dt, self.finger_speed * dt))
        least = 0.0 if self.thing is None or self.thing / 2 > self.finger + 1e-9 else self.thing / 2
        self.finger = max(self.finger + way, least)

    def _follow(self, t: np.ndarray, q: np.ndarray, v: np.ndarray) -> None:
        now = self.time - self._began
        if now >= t[-1]:
            self._reference, self._speed, self._plan = q[-1].copy(), np.zeros(len(JOINTS)), None
            return
        i = int(np.searchsorted(t, now, side="right")) - 1
        h = t[i + 1] - t[i]
        s = (now - t[i]) / h
        a, b, va, vb = q[i], q[i + 1], v[i] * h, v[i + 1] * h
        self._reference = (2 * s**3 - 3 * s**2 + 1) * a + (s**3 - 2 * s**2 + s) * va
        self._reference = self._reference + (3 * s**2 - 2 * s**3) * b + (s**3 - s**2) * vb
        self._speed = ((6 * s**2 - 6 * s) * (a - b) + (3 * s**2 - 4 * s + 1) * va + (3 * s**2 - 2 * s) * vb) / h
