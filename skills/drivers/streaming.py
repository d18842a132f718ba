"""Robots that take set-points one by one: a thread samples the path, reads the robot, and brakes on the path."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace

import numpy as np

from skills.driver import DriverError, MotionCode, MotionResult
from skills.drivers.linked import LinkedDriver, LinkMotion, Reading
from skills.drivers.sampling import brake_time, braking, evenly
from skills.types import Array, Mode, RobotSpec

SETTLING = 1.0  # [s] after the last set-point in which the joints may still arrive


class StreamingDriver(LinkedDriver):
    """``stream_rate``: set-points per second. ``lag``: largest distance of a joint from its set-point, beyond which the
    motion is given up; ``goal``: distance at the end that counts as arrived [rad]; ``smoothing`` [s] of the path."""

    def __init__(
        self, spec: RobotSpec, stream_rate: float, lag: float = 0.3, goal: float = 0.02, smoothing: float = 0.03
    ) -> None:
        super().__init__(spec)
        self.stream_rate, self.lag, self.goal, self.smoothing = stream_rate, lag, goal, smoothing
        self._samples: Array | None = None
        self._index, self._braking, self._ended_at = 0.0, False, 0.0
        self._streamed: LinkMotion | None = None
        self._setpoint: Array | None = None
        self._reading: Reading | None = None
        self._stream_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._leaving = threading.Event()

    def _link(self) -> None:
        """Open the vendor's link."""
        raise NotImplementedError

    def _unlink(self) -> None:
        """Release the vendor's link, in any state."""
        raise NotImplementedError

    def _read(self) -> Reading:
        """One reading, from the stream's thread; with ``dq`` empty it is worked out from the positions."""
        raise NotImplementedError

    def _write(self, q: Array) -> None:
        """One set-point (D,), from the stream's thread."""
        raise NotImplementedError

    def _enter_stream(self) -> None:
        """Before the first set-point of a motion, from the stream's thread."""

    def _leave_stream(self) -> None:
        """After the last one, from the stream's thread."""

    def _open(self) -> None:
        self._reading, self._samples, self._setpoint = None, None, None
        self._link()
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"stream {self._spec.name}", daemon=True)
        self._thread.start()

    def _shut(self) -> None:
        self._leaving.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(2.0)
        self._thread = None
        self._unlink()

    def _holds(self, width: float) -> bool | None:
        """Whether fingers ``width`` [m] apart hold something; None: cannot be told."""
        return None

    def _newest(self) -> Reading | None:
        reading = self._reading
        return None if reading is None else replace(reading, holding=self._holds(reading.width))

    def _begin(self, motion: LinkMotion) -> None:
        reading = self._reading
        if reading is None:
            raise DriverError(f"{self._spec.name} gives no readings")
        near = self._setpoint is not None and np.max(np.abs(self._setpoint - np.asarray(reading.q))) < 0.05
        start = self._setpoint if near else np.asarray(reading.q)
        samples = evenly(motion.trajectory, self.stream_rate, start, self.smoothing)
        with self._stream_lock:
            self._samples, self._index, self._braking, self._ended_at = samples, 0.0, False, 0.0
            self._streamed = motion

    def _halt(self) -> None:
        with self._stream_lock:
            samples, at = self._samples, int(self._index)
            if samples is None or self._braking:
                return
            last = len(samples) - 1
            speed = (samples[min(at + 1, last)] - samples[max(0, at - 1)]) * self.stream_rate / 2
            ahead = braking(samples, min(at, last), self.stream_rate, brake_time(speed, self._spec.max_acceleration))
            self._samples, self._index, self._braking = np.vstack([samples[min(at, last)][None], ahead]), 0.0, True

    def _run(self) -> None:
        """The stream: read, write, wait for the next period."""
        period, active = 1.0 / self.stream_rate, False
        last = due = time.monotonic()
        while not self._leaving.is_set():
            try:
                self._take(self._read())
                with self._stream_lock:
                    wanted = self._samples is not None
                if wanted and not active:
                    self._enter_stream()
                    last = time.monotonic()
                active = wanted
                if active and not self._lost and not self._advance(time.monotonic() - last):
                    active = False
                    self._leave_stream()
                last = time.monotonic()
            except Exception as error:
                self.lose(f"{self._spec.name}: {type(error).__name__}: {error}")
                return
            due = max(due + period, time.monotonic() - period)
            self._leaving.wait(max(0.0, due - time.monotonic()))
        if active:
            with suppress(Exception):
                self._leave_stream()

    def _take(self, reading: Reading) -> None:
        before = self._reading
        if before is not None and reading.stamp <= before.stamp:
            return  # nothing new: silence is counted from the last news
        if not reading.dq:
            steps = (0.0,) * len(reading.q)
            if before is not None:
                steps = tuple(
                    (b - a) / (reading.stamp - before.stamp) for a, b in zip(before.q, reading.q, strict=True)
                )
            reading = replace(reading, dq=steps)
        self._reading = reading

    def _advance(self, passed: float) -> bool:
        """Send the set-point that is due; False when the motion is over. Being late slows the path, never jumps."""
        with self._stream_lock:
            samples, motion = self._samples, self._streamed
            assert samples is not None
            assert motion is not None
            self._index = min(self._index + min(passed * self.stream_rate, 2.0), len(samples) - 1.0)
            point, done = samples[int(self._index)], self._index >= len(samples) - 1
        reading = self._reading
        assert reading is not None
        if reading.mode in (Mode.PROTECTIVE, Mode.EMERGENCY):
            return self._over(motion, MotionCode.PROTECTIVE_STOP, reading.why or reading.mode.value)
        self._setpoint = point
        self._write(point)
        off = np.abs(np.asarray(reading.q) - point)
        if float(np.max(off)) > self.lag and not self._braking:
            joint = self._spec.joint_names[int(np.argmax(off))]
            motion.finish(MotionResult(MotionCode.PATH_TOLERANCE, f"{joint} is {np.max(off):.2f} behind its set-point"))
            self._halt()
            return True
        if not done:
            return True
        if self._braking:
            return self._over(motion, MotionCode.CANCELLED, "")
        self._ended_at = self._ended_at or time.monotonic()
        if float(np.max(off)) <= self.goal:
            return self._over(motion, MotionCode.OK, "")
        if time.monotonic() - self._ended_at > SETTLING:
            return self._over(motion, MotionCode.GOAL_TOLERANCE, f"stands {np.max(off):.3f} from the goal")
        return True

    def _over(self, motion: LinkMotion, code: MotionCode, detail: str) -> bool:
        with self._stream_lock:
            self._samples = None
        motion.finish(MotionResult(code, detail))
        return False
