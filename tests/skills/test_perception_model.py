"""Signed distances and surface samples of the models."""

from __future__ import annotations

import numpy as np
import pytest

from skills.perception_model import ObjectModel
from skills.types import Form, Pose, Shape
from tests.skills.perception_scene import BALL, BIN, BLOCK, BOWL, CAN, MODELS


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)
def test_samples_lie_on_the_surface_and_normals_point_outwards(model):
    points, normals = model.samples
    assert len(points) == len(normals) > 40
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0)
    inset = 2e-3 if model is BIN else 1e-6  # samples of a bin's inner walls are drawn over the whole face
    assert np.abs(model.distances(points)).max() < inset + 1e-9
    assert (model.distances(points + 1e-3 * normals) > 0).all()


def test_distances_of_known_points():
    assert BLOCK.distances(np.array([[0.05, 0, 0], [0, 0, 0], [0.03, 0.02, 0.025]])) == pytest.approx(
        [0.02, -0.02, 0.0]
    )
    assert BALL.distances(np.array([[0, 0, 0.05]])) == pytest.approx([0.015])
    assert CAN.distances(np.array([[0, 0, 0.065], [0.041, 0, 0]])) == pytest.approx([0.01, 0.01])


def test_a_bowl_is_hollow_and_tapers():
    inside, wall, floor, beside = np.array([[0, 0, 0.02], [0.077, 0, 0.026], [0.0, 0, -0.0245], [0.078, 0, -0.0275]])
    d = BOWL.distances(np.array([inside, wall, floor, beside]))
    assert d[0] > 0.03
    assert d[1] < 0
    assert d[2] == pytest.approx(-0.003)
    assert d[3] > 0.01  # straight walls would have it on the surface


def test_a_round_form_without_an_outline_has_straight_walls():
    cup = ObjectModel("cup", "cup", Shape(Form.BOWL, (0.08, 0.08, 0.085), 0.004))
    assert cup.profile.shape == (6, 2)
    assert cup.distances(np.array([[0.04, 0, 0.0], [0.038, 0, 0.0], [0.0, 0, 0.0425]])) == pytest.approx(
        [0.0, -0.002, 0.036], abs=1e-9
    )


def test_the_state_carries_what_the_catalogue_knows():
    state = BLOCK.state(Pose((1, 2, 3)), 7)
    assert (state.name, state.colour, state.seen_tick, state.pose_world.position) == ("block", "red", 7, (1, 2, 3))
