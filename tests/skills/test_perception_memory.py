"""Seen, felt, remembered, forgotten."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.perception_fit import Fit
from skills.perception_memory import ObjectMemory, Track, _fused
from skills.perception_view import Sight
from skills.types import Form, Mode, Pose, Region, RobotState, Shape
from tests.skills.perception_scene import FRONT, LEFT, MODELS, resting, take

REGIONS = {"table": Region("table", (0.0, -1.0), (1.0, 1.0))}
DOWN = Pose.of((0, 0, 0), (1, 0, 0, 0))
AWAY = Pose((0.3, 0.0, 0.6)) @ DOWN


def robot(tick: int = 0, holding: bool | None = False, width: float = 0.08) -> RobotState:
    return RobotState(tick, tick / 60, (0.0,), (0.0,), width, holding, Mode.IDLE)


def views(things: dict[str, Pose], tick: int = 0):
    return [take(things, eye, noise=0.001, seed=tick + k, tick=tick) for k, eye in enumerate((LEFT, FRONT))]


@pytest.fixture
def memory() -> ObjectMemory:
    return ObjectMemory(MODELS, REGIONS)


def test_what_was_never_seen_is_not_known(memory):
    assert memory.objects() == {}
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    assert list(memory.objects()) == ["can"]


def test_it_stands_on_the_table_to_the_last_digit(memory):
    memory.see(views({"block": resting("block", 0.5, 0.0, 0.3)}), 0)
    seen = memory.objects()["block"]
    assert seen.bottom_z == pytest.approx(0.0, abs=1e-9)
    assert math.dist(seen.pose_world.position, (0.5, 0.0, 0.025)) < 0.004


def test_at_rest_it_is_reported_at_rest(memory):
    things = {"block": resting("block", 0.5, 0.0, 0.3)}
    for tick in range(0, 60, 10):
        memory.see(views(things, tick), tick)
    before = memory.objects()["block"]
    memory.see(views(things, 70), 70)
    after = memory.objects()["block"]
    assert after.pose_world == before.pose_world
    assert after.seen_tick == 70
    assert memory.tracks["block"].looks == 7


def test_what_moved_is_where_it_is_now(memory):
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    memory.see(views({"can": resting("can", 0.45, 0.1)}, 10), 10)
    assert math.dist(memory.objects()["can"].pose_world.position[:2], (0.45, 0.1)) < 0.004


def test_a_thing_that_is_gone_is_forgotten(memory):
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    memory.see(views({}, 10), 10)
    assert memory.objects() == {}


def test_a_thing_that_something_hides_is_remembered_and_grows_stale(memory):
    behind = resting("block", 0.5, 0.16)
    eye = (0.5, -0.8, 0.12)
    memory.see([take({"block": behind}, eye, tick=0)], 0)
    known = memory.objects()["block"].pose_world
    memory.see([take({"can": resting("can", 0.5, 0.05), "bowl": resting("bowl", 0.5, -0.1)}, eye, tick=300)], 300)
    assert math.dist(memory.objects()["block"].pose_world.position, known.position) < 0.01
    assert memory.objects()["block"].seen_tick == 0
    track = memory.tracks["block"]
    assert track.confidence(0) > track.confidence(300) > track.confidence(3000)


def test_out_of_view_it_is_remembered(memory):
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    memory.see([take({}, (3.0, 3.0, 1.0), tick=20, target=(4.0, 4.0, 0.5))], 20)
    assert memory.objects()["can"].seen_tick == 0


def test_what_the_fingers_hold_follows_the_hand(memory):
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    grasp = Pose((0.5, 0.0, 0.08)) @ DOWN
    memory.feel(robot(10, True, 0.062), grasp)
    assert memory.held == "can"
    memory.feel(robot(20, True, 0.062), grasp.moved(0.1, 0.2, 0.3))
    lifted = memory.objects()["can"]
    assert math.dist(lifted.pose_world.position, (0.6, 0.2, 0.355)) < 0.005
    assert lifted.seen_tick == 20
    memory.feel(robot(30, False), grasp.moved(0.1, 0.2, 0.3))
    memory.feel(robot(31, False), AWAY)
    assert memory.held is None
    assert math.dist(memory.objects()["can"].pose_world.position, (0.6, 0.2, 0.355)) < 0.005


def test_a_look_corrects_how_it_sits_between_the_fingers(memory):
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    grasp = Pose((0.5, 0.0, 0.08)) @ DOWN
    memory.feel(robot(10, True, 0.062), grasp)
    slipped = resting("can", 0.5, 0.0).moved(dz=0.2 - 0.02)
    memory.feel(robot(20, True, 0.062), grasp.moved(dz=0.2))
    for tick in (20, 30, 40):
        memory.see(views({"can": slipped}, tick), tick, grasp.moved(dz=0.2))
    assert memory.objects()["can"].pose_world.position[2] == pytest.approx(0.055 + 0.18, abs=0.004)


def test_closed_fingers_far_from_everything_hold_nothing_known(memory):
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    memory.feel(robot(10, True, 0.03), AWAY)
    assert memory.held is None


def test_forgetting_twice_is_harmless(memory):
    memory.forget("can")
    memory.see(views({"can": resting("can", 0.5, 0.0)}), 0)
    memory.forget("can")
    memory.forget("can")
    assert memory.objects() == {}


def test_near_looks_outweigh_far_ones(memory):
    """The mean of sightings goes by how noisy each is: one near look corrects a far one, not the other way round."""
    pose = resting("can", 0.5, 0.0)

    def seen(away: float, noise: float) -> float:
        found = Fit(pose.moved(dx=away), np.eye(3) * 1e-6, 0.001, 100, noise, 0.001, Sight(60, 0, 0, 1.0))
        memory.tracks["can"] = _fused(memory.tracks["can"], found, MODELS["can"], 10)
        return memory.tracks["can"].estimate.position[0] - 0.5

    memory.tracks["can"] = Track(pose.moved(dx=0.006), pose.moved(dx=0.006), 0, 1, 1.0, noise=0.009)
    assert abs(seen(0.0, 0.003)) < 0.001
    assert memory.tracks["can"].noise < 0.004
    assert abs(seen(0.006, 0.009)) < 0.0015
    assert memory.tracks["can"].noise < 0.0045


def test_what_was_taken_for_turned_from_far_off_is_read_anew_from_near():
    """A box glimpsed from afar with its sides exchanged: a near look does not only mend what it believed."""
    tea = replace(MODELS["block"], name="tea", shape=Shape(Form.BOX, (0.09, 0.06, 0.07)))
    memory = ObjectMemory({"tea": tea}, REGIONS)
    true = Pose.from_yaw((0.5, 0.0, 0.035), -0.45)
    wrong = Pose.from_yaw((0.51, 0.012, 0.035), -0.45 + math.pi / 2)
    memory.tracks["tea"] = Track(wrong, wrong, 0, 1, 0.5, 0.002, noise=0.015)
    memory.see([take({"tea": true}, LEFT, 0.001, tick=9, models={"tea": tea})], 9)
    seen = memory.objects()["tea"].pose_world
    assert math.dist(seen.position, true.position) < 0.004
    assert abs(math.sin(seen.yaw - true.yaw)) < 0.05
