from __future__ import annotations

import math

import pytest

from skills.base import BaseSpec, Whereabouts, distance_to_place, station_at, turned_to
from skills.types import Region

PLACES = {
    "table": Region("table", (1.0, 0.0), (2.0, 1.0), 0.7),
    "counter": Region("counter", (-2.0, 0.0), (-1.0, 1.0), 0.9),
}
NAMES = ("table", "counter")


def test_distance_to_a_rectangle():
    assert distance_to_place((1.5, 0.5, 0.0), PLACES["table"]) == 0.0
    assert distance_to_place((0.5, 0.5, 1.0), PLACES["table"]) == pytest.approx(0.5)
    assert distance_to_place((0.7, -0.4, 0.0), PLACES["table"]) == pytest.approx(0.5)


def test_a_base_stands_at_the_nearest_station_or_nowhere():
    assert station_at((0.6, 0.5, 0.0), PLACES, NAMES) == "table"
    assert station_at((-0.6, 0.5, 0.0), PLACES, NAMES) == "counter"
    assert station_at((0.0, 0.5, 0.0), PLACES, NAMES) is None
    assert station_at((0.6, 0.5, 0.0), PLACES, ("counter",)) is None


def test_headings_are_written_the_near_way():
    assert turned_to(math.pi - 0.1, -math.pi) == pytest.approx(-math.pi - 0.1)
    assert turned_to(7.0, 7.1) == pytest.approx(7.0)


def test_visited_means_stood_there_after_the_start():
    seen = Whereabouts(NAMES)
    at_table = (0.6, 0.5, 0.0)
    assert seen.note(10, at_table, None, PLACES) == ("table", frozenset())
    assert seen.note(11, at_table, (0.5, 0.0, 0.0), PLACES)[1] == frozenset()  # driving past is no stay
    assert seen.note(12, at_table, (0.0, 0.0, 0.0), PLACES)[1] == {"table"}
    assert seen.note(13, (0.0, 0.5, 0.0), None, PLACES) == (None, frozenset({"table"}))
    assert seen.note(0, at_table, None, PLACES) == ("table", frozenset())  # a new episode


def test_a_base_without_limits_is_refused():
    with pytest.raises(ValueError, match="positive"):
        BaseSpec((1.0, 1.0, 0.0), (1.0, 1.0, 1.0), 0.3, (0.0, 0.0, 0.7))


def test_reach_rises_from_nearest_to_farthest():
    limits = ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), 0.25, (0.1, 0.0, 0.7))
    assert BaseSpec(*limits, reach=(0.2, 0.4, 0.6)).reach == (0.2, 0.4, 0.6)
    with pytest.raises(ValueError, match="rising from 0"):
        BaseSpec(*limits, reach=(0.4, 0.4, 0.6))
