"""Poses from points: every form, standing, lying, leaning, half hidden."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.perception_fit import MIN_POINTS, Fit, fit, fit_near, own_points, smallest_rectangle, ways_to_lie
from skills.perception_turns import nearest_reading, turn_between, turned
from skills.perception_view import View
from skills.types import Pose
from tests.skills.perception_scene import BLOCK, BOWL, CAN, FRONT, LEFT, MODELS, resting, take

LYING = Pose.of((0, 0, 0), (0, math.sqrt(0.5), 0, math.sqrt(0.5)))


def estimate(name: str, views: list[View], floor: float | None = 0.0) -> Fit:
    points = np.concatenate([v.points(name) for v in views])
    noise = np.concatenate([v.measured(name)[1] for v in views])
    found = fit(points, MODELS[name], views, floor, noise)
    assert found is not None
    return found


def off(found: Fit, truth: Pose) -> float:
    return math.dist(found.pose_world.position, truth.position)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("seed", range(3))
def test_one_noisy_view_gives_position_and_heading(name, seed):
    rng = np.random.default_rng(seed)
    truth = resting(name, 0.5 + rng.uniform(-0.08, 0.08), rng.uniform(-0.08, 0.08), rng.uniform(-3, 3))
    found = estimate(name, [take({name: truth}, noise=0.002, seed=seed)])
    assert off(found, truth) < 0.008
    assert found.visible > 0.8
    turn = turn_between(nearest_reading(MODELS[name], found.pose_world, truth), truth)
    assert turn < math.radians(6)


@pytest.mark.parametrize("name", MODELS)
def test_without_noise_it_is_exact(name):
    truth = resting(name, 0.47, 0.05, 0.7)
    found = estimate(name, [take({name: truth}, LEFT), take({name: truth}, FRONT)])
    assert off(found, truth) < 0.001
    assert found.residual < 0.0005


@pytest.mark.parametrize("yaw", [0.2, 1.4, -0.8])
def test_a_fallen_can_is_seen_lying(yaw):
    truth = Pose.from_yaw((0.5, 0.03, 0.031), yaw) @ LYING
    found = estimate("can", [take({"can": truth}, noise=0.002), take({"can": truth}, FRONT, noise=0.002)])
    assert off(found, truth) < 0.005
    assert abs(found.pose_world.rotation()[:, 2] @ truth.rotation()[:, 2]) > 0.99
    assert found.pose_world.tilt == pytest.approx(math.pi / 2, abs=0.05)


def test_a_bowl_upside_down():
    truth = Pose((0.5, 0.0, 0.0275), (1.0, 0.0, 0.0, 0.0))
    found = estimate("bowl", [take({"bowl": truth}, noise=0.001)])
    assert found.pose_world.tilt > 3.0
    assert off(found, truth) < 0.006


def test_a_leaning_can_is_seen_leaning():
    truth = turned(resting("can", 0.5, 0.0).moved(dz=0.01), np.array([1.0, 0.2, 0.0]), 0.5)
    found = estimate("can", [take({"can": truth}, noise=0.001), take({"can": truth}, FRONT, noise=0.001)])
    assert found.pose_world.tilt == pytest.approx(0.5, abs=0.08)
    assert off(found, truth) < 0.008


def test_a_thing_half_hidden_by_another():
    truth = resting("block", 0.5, 0.12, 0.2)
    views = [take({"can": resting("can", 0.53, 0.05), "block": truth}, (0.5, -0.8, 0.45), noise=0.001)]
    found = estimate("block", views)
    assert found.visible < 0.9
    assert off(found, truth) < 0.012


def test_only_the_lower_part_is_seen_and_the_floor_tells_the_rest():
    truth = resting("can", 0.5, 0.0)
    view = take({"can": truth})
    points = view.points("can")
    low = points[points[:, 2] < 0.05]
    found = fit(low, CAN, (), 0.0)
    assert found is not None
    assert found.pose_world.position[2] == pytest.approx(0.055, abs=0.012)


def test_near_keeps_the_tilt_and_swinging_finds_it():
    truth = turned(Pose((0.5, 0.0, 0.3)), np.array([0.0, 1.0, 0.0]), 0.6, np.array([0.42, 0.0, 0.3]))
    start = Pose((0.5, 0.0, 0.3))
    points = take({"bowl": truth}, (0.5, -0.8, 0.7)).points("bowl")
    stiff = fit_near(points, BOWL, start)
    swung = fit_near(points, BOWL, start, swing=(np.array([0.42, 0.0, 0.3]), np.array([0.0, 1.0, 0.0])))
    assert stiff is not None
    assert swung is not None
    assert stiff.pose_world.tilt < 1e-6
    assert swung.pose_world.tilt == pytest.approx(0.6, abs=0.06)
    assert swung.cost < stiff.cost


def test_too_few_points_say_nothing():
    few = np.zeros((MIN_POINTS - 1, 3))
    assert fit(few, BLOCK) is None
    assert fit_near(few, BLOCK, Pose()) is None


def test_far_points_are_trusted_less():
    truth = resting("block", 0.5, 0.0)
    near, far = take({"block": truth}, noise=0.0), take({"block": truth}, FRONT, noise=0.01)
    points = np.concatenate([near.points("block"), far.points("block")])
    noise = np.concatenate([np.full(len(near.points("block")), 0.002), np.full(len(far.points("block")), 0.012)])
    found = fit(points, BLOCK, (), 0.0, noise)
    assert found is not None
    assert off(found, truth) < 0.004
    assert found.noise > 0.003


@pytest.mark.parametrize("strays", [1, 4, 7])
def test_pixels_of_the_wall_behind_do_not_move_a_thing(strays):
    """Few pixels show it, and some at its edge measured what is behind."""
    truth = resting("ball", 0.5, 0.05)
    own = take({"ball": truth}).points("ball", 12)
    behind = own[:strays] + np.array([0.05, 0.4, -0.03])
    points, noise = own_points(np.concatenate([behind, own]), np.full(len(own) + strays, 0.003), MODELS["ball"])
    assert np.array_equal(points, own)
    assert noise.shape == (len(own),)
    found = fit(points, MODELS["ball"], (), 0.0, noise)
    assert found is not None
    assert off(found, truth) < 0.006


@pytest.mark.parametrize("name", MODELS)
def test_no_pixel_of_the_thing_itself_is_dropped(name):
    view = take({name: resting(name, 0.5, 0.0, 0.4)}, noise=0.004)
    points, noise = view.measured(name)
    assert own_points(points, noise, MODELS[name])[0].shape == points.shape


def test_an_end_of_a_long_thing_leaves_open_where_the_rest_is():
    stick = replace(BLOCK, name="stick", shape=replace(BLOCK.shape, size=(0.16, 0.026, 0.016)))
    truth = Pose.from_yaw((0.5, 0.0, 0.008), 0.4)
    view = take({"stick": truth}, models={"stick": stick})
    points, noise = view.measured("stick")
    whole = fit(points, stick, [view], 0.0, noise)
    end = points[truth.inverse().apply(points)[:, 0] > 0.06]
    blind = replace(view, labels=np.full_like(view.labels, -1), depth=np.where(view.depth > 0, 0.2, 0.0))  # all hidden
    part = fit(end, stick, [blind], 0.0)
    assert whole is not None
    assert part is not None
    assert whole.slack < 0.005
    assert part.slack > 0.02


def test_ways_to_lie():
    assert len(ways_to_lie(BLOCK)) == 3
    assert len(ways_to_lie(CAN)) == 2
    assert len(ways_to_lie(BOWL)) == 3
    assert len(ways_to_lie(MODELS["ball"])) == 1


def test_the_smallest_rectangle_turns_with_the_points():
    rng = np.random.default_rng(0)
    flat = rng.uniform((-0.1, -0.02), (0.1, 0.02), (400, 2))
    angle = math.radians(33)
    c, s = math.cos(angle), math.sin(angle)
    found, low, high = smallest_rectangle(flat @ np.array([[c, s], [-s, c]]))
    assert found == pytest.approx(angle, abs=math.radians(3))
    assert sorted(high - low) == pytest.approx([0.04, 0.2], abs=0.01)


def test_what_is_seen_from_far_off_is_not_taken_for_fallen():
    """A can three metres away is three pixels wide: a camera half a pixel off looks past one side of it."""
    tilts = []
    for seed in range(14):
        rng = np.random.default_rng(seed)
        truth = resting("can", 0.5 + rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1))
        view = take({"can": truth}, eye=(0.5, -2.9, 1.0), noise=0.012, seed=seed)
        askew = turned(Pose(), np.array([0.0, 0.0, 1.0]), rng.choice([-1.0, 1.0]) * 0.5 / view.focal[0])
        camera = view.pose_world_camera
        seen = replace(view, pose_world_camera=Pose.of(camera.position, (askew @ camera).orientation))
        tilts.append(estimate("can", [seen]).pose_world.tilt)
    assert max(tilts) < math.radians(10)
