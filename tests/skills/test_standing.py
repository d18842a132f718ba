from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from skills.base import distance_to_place, station_at
from skills.standing import _from_all_sides, as_if_at, in_front_of, stands_at, stands_for
from tests.skills.rooms import REGIONS, STATIONS, room

TABLE = REGIONS[0]


def test_stands_around_a_point_are_free_at_the_place_and_in_reach(make):
    body = room(make.block("red block", 1.3, 0.2, 0.7))
    obs = body.observe()
    body.kinematics.sync(obs)
    found = list(stands_for(obs, body.kinematics, "table", [(1.3, 0.2, 0.72)], obs.robot.q))
    assert 2 <= len(found) <= 6
    for stand in found:
        assert station_at(stand, obs.regions, STATIONS) == "table"
        assert distance_to_place(stand, TABLE) >= body.kinematics.spec.base.radius
        assert 0.3 <= math.dist(stand[:2], (1.3, 0.2)) <= 0.8
    assert all(math.dist(a[:2], b[:2]) > 0.12 for a, b in itertools.combinations(found, 2))
    assert found == list(stands_for(obs, body.kinematics, "table", [(1.3, 0.2, 0.72)], obs.robot.q))


def test_a_stand_for_a_place_serves_what_lies_there(make):
    body = room(stand=(0.0, 0.0, 0.0))
    obs = body.observe()
    points = [(1.1, 0.3, 0.72), (1.1, 0.4, 0.72), (1.15, 0.35, 0.72)]
    best = stands_at(obs, body.kinematics, "table", points, obs.robot.q)[0]
    assert all(0.3 < math.dist(best[:2], p[:2]) < 0.72 for p in points)
    assert abs(best[2] - math.atan2(0.35 - best[1], 1.1 - best[0])) < 0.3  # it faces them


def test_nowhere_to_stand_gives_no_stands(make):
    body = room()
    obs = body.observe()
    assert list(stands_for(obs, body.kinematics, "table", [(0.0, 5.0, 0.7)], obs.robot.q)) == []


def test_as_if_at_carries_the_arm_and_what_it_holds(make):
    body = room(make.block("red block", 1.3, 0.2, 0.7))
    obs = body.observe()
    there = as_if_at(obs, (0.5, 0.0, math.pi / 2), obs.robot.q)
    body.kinematics.stand((0.5, 0.0, math.pi / 2))
    assert np.allclose(there.pose_world_tool.matrix(), body.kinematics.forward(obs.robot.q).matrix(), atol=1e-9)
    assert there.robot_at == "table"
    assert there.objects == obs.objects  # nothing is held


@pytest.mark.parametrize("base", [(0.0, 0.0, 0.0), (3.0, 0.0, 0.0), (1.3, 2.0, 0.0), (1.3, 0.0, 0.0)])
def test_in_front_of_a_place_means_outside_and_facing_it(base):
    x, y, yaw = in_front_of(TABLE, base, 0.25)
    assert not TABLE.contains(x, y) or base == (1.3, 0.0, 0.0)
    ahead = (x + 0.45 * math.cos(yaw), y + 0.45 * math.sin(yaw))
    assert TABLE.contains(*ahead)


def test_the_next_stand_is_on_another_side():
    """Of stands in the order of their cost, neighbours on one side first, the sides of the point take turns."""
    point = (1.0, 0.0, 0.7)
    south = [(1.0 + dx, -0.6, math.pi / 2) for dx in (0.0, 0.05, -0.05)]
    north = [(1.0, 0.6, -math.pi / 2)]
    west = [(0.4, 0.0, 0.0), (0.4, 0.05, 0.0)]
    ranked = [*south, *north, *west]
    found = _from_all_sides(ranked, point)
    assert found[:3] == [south[0], north[0], west[0]]
    assert sorted(found) == sorted(ranked)
    assert _from_all_sides([], point) == []


def test_a_side_with_few_free_stands_gets_its_turn(make, monkeypatch):
    """As at a counter before a wall: behind it all stands are free, before it only the farther ones."""
    body = room(make.block("red block", 1.3, 0.0, 0.7), stand=(0.6, 0.0, 0.0))
    obs, kin, point = body.observe(), body.kinematics, (1.3, 0.0, 0.7)

    def standable(stands, q, held=None):
        return [s[0] > 1.3 or math.dist(s[:2], point[:2]) > 0.62 for s in stands]

    monkeypatch.setattr(kin, "standable", standable)
    found = list(stands_for(obs, kin, "table", [point], kin.spec.home))
    assert any(s[0] < 1.0 for s in found)
    assert all(standable(found, ()))
