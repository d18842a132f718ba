from __future__ import annotations

import numpy as np
import pytest

from sim.twin_faults import Happening, LinkFaults, TwinEvent, Weather
from skills.driver_config import ConfigError, read_config
from skills.types import Mode, RobotState

STATE = RobotState(10, 2.0, (0.1, 0.2), (0.0, 0.0), 0.04, None, Mode.IDLE)


def weather(**faults) -> Weather:
    return Weather(LinkFaults(**faults), np.random.default_rng(0), 60.0)


def test_without_faults_nothing_changes():
    w = weather()
    assert w.reading(STATE) == STATE
    assert w.delay() == 0
    assert not any(w.lost(t) for t in range(1000))


def test_delay_and_jitter_are_counted_in_ticks():
    delays = [weather(latency=0.05).delay()] + [d for w in [weather(latency=0.05, jitter=0.05)] for d in
                                                [w.delay() for _ in range(200)]]  # fmt: skip
    assert delays[0] == 3
    assert min(delays) == 3
    assert max(delays) == 6


def test_the_share_of_lost_messages_is_the_one_that_was_said():
    w = weather(drop=0.2)
    lost = sum(w.lost(t) for t in range(5000))
    assert 0.17 < lost / 5000 < 0.23


def test_in_a_gap_everything_is_lost_and_after_it_nothing():
    w = weather(gap_every=2.0, gap=0.2)
    lost = np.array([w.lost(t) for t in range(60 * 100)])
    starts = np.flatnonzero(np.diff(lost.astype(int)) == 1)
    assert 25 < len(starts) < 75
    assert 0.05 < lost.mean() < 0.15
    lengths = [int(np.argmin(lost[s + 1 :])) for s in starts[:-1]]
    assert min(lengths) >= 12


def test_noise_and_a_clock_of_its_own():
    w = weather(noise=0.01, width_noise=0.001, clock_rate=1.1, clock_offset=100.0)
    readings = [w.reading(STATE) for _ in range(500)]
    assert readings[0].stamp == pytest.approx(102.2)
    q = np.array([r.q for r in readings])
    assert q.mean(axis=0) == pytest.approx(STATE.q, abs=0.002)
    assert q.std(axis=0) == pytest.approx([0.01, 0.01], rel=0.15)


def test_the_same_seed_gives_the_same_weather():
    draws = [
        [w.delay(), w.lost(3), w.reading(STATE).q] for w in (weather(jitter=0.1, drop=0.3, noise=0.1) for _ in "ab")
    ]
    assert draws[0] == draws[1]


def test_events_have_a_time():
    w = Weather(LinkFaults(events=(Happening(TwinEvent.STILL, 10, 5),)), np.random.default_rng(0), 60.0)
    assert [w.on(TwinEvent.STILL, t) for t in (9, 10, 14, 15)] == [False, True, True, False]
    assert not w.on(TwinEvent.FREEZE, 12)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"drop": 1.0}, "drop: a share"),
        ({"latency": -1}, "latency: not below 0"),
        ({"clock_rate": 0}, "clock_rate: above 0"),
        ({"events": [{"kind": "explode"}]}, "'explode' is none of protective"),
        ({"latencyy": 1}, "did you mean 'latency'"),
    ],
)
def test_faults_that_make_no_sense_are_named(data, says):
    with pytest.raises(ConfigError, match=says):
        read_config(LinkFaults, data)
