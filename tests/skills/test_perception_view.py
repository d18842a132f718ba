"""Pixels to points and back; what is seen, hidden, gone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skills.perception_view import NO_SIGHT, View
from skills.types import Pose
from tests.skills.perception_scene import BLOCK, BOWL, CAN, FRONT, resting, take


def test_points_lie_on_the_thing():
    pose = resting("block", 0.5, 0.0, 0.4)
    view = take({"block": pose})
    points = view.points("block")
    assert len(points) > 40
    assert np.abs(BLOCK.distances(pose.inverse().apply(points))).max() < 1e-3
    assert len(view.points("block", limit=10)) == 10
    assert view.points("unheard of").shape == (0, 3)


def test_projecting_undoes_lifting():
    view = take({"can": resting("can", 0.5, 0.0)}, FRONT)
    rows, columns = view.pixels("can")
    uv, z = view.project(view.lift(rows, columns))
    assert uv == pytest.approx(np.column_stack([columns, rows]) + 0.5, abs=1e-6)
    assert z == pytest.approx(view.depth[rows, columns])


def test_noise_grows_with_distance():
    view = take({})
    near, far = view.noise(np.array([0.5, 2.5]))
    assert near < 0.002 < 0.008 < far


def test_a_thing_in_the_open_is_visible_and_not_missing():
    pose = resting("block", 0.5, 0.0, 0.3)
    sight = take({"block": pose}).sight(BLOCK, pose)
    assert sight.visible > 0.9
    assert sight.missing < 0.05


def test_what_stands_behind_is_hidden_not_missing():
    behind = resting("block", 0.5, 0.16)
    view = take({"can": resting("can", 0.5, 0.03), "block": behind}, (0.5, -0.8, 0.12))
    sight = view.sight(BLOCK, behind)
    assert sight.visible < 0.3
    assert sight.missing < 0.3


def test_what_is_gone_is_looked_through():
    sight = take({}).sight(CAN, resting("can", 0.5, 0.0))
    assert sight.missing > 0.8
    assert sight.visible > 0.9


def test_the_far_outer_wall_of_a_bowl_is_hidden_by_the_bowl_itself():
    pose = resting("bowl", 0.5, 0.0)
    sight = take({"bowl": pose}, (0.5, -0.8, 0.4)).sight(BOWL, pose)
    assert sight.missing < 0.12


def test_out_of_the_picture_nothing_is_told():
    sight = take({}).sight(CAN, Pose((-5.0, 0.0, 0.0)))
    assert sight == NO_SIGHT
    assert sight.missing == 0.0


def test_sums_keep_the_best_view():
    pose = resting("block", 0.5, 0.0)
    one, other = take({"block": pose}).sight(BLOCK, pose), NO_SIGHT
    assert (one + other).visible == one.visible
    assert (one + one).tested == 2 * one.tested


def test_a_view_of_two_sizes_is_refused():
    view = take({})
    with pytest.raises(ValueError, match="camera 'test'"):
        replace(view, labels=np.zeros((3, 3), np.int32))
    assert isinstance(view, View)
