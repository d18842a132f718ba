"""Shapes in the physics: hollow things are hollow, sizes are true."""

from __future__ import annotations

import numpy as np
import pytest

from sim.bodies import add_body, bowl_profile, hollow_parts, lathe
from sim.client import Client
from sim.objects import make_body
from skills.types import Form, Pose, Shape


@pytest.mark.parametrize("container", ["blue bowl", "white mug", "plate", "tray", "basket"])
def test_a_small_ball_falls_inside(make_world, container):
    world = make_world([(container, 0.5, 0.0)])
    shape = world.bodies[container].shape
    client = world.client
    ball = client.createMultiBody(0.02, client.createCollisionShape(client.GEOM_SPHERE, radius=0.012))
    client.resetBasePositionAndOrientation(ball, [0.5, 0.0, shape.size[2] + 0.03], [0, 0, 0, 1])
    world.step(360)
    x, y, z = client.getBasePositionAndOrientation(ball)[0]
    assert np.hypot(x - 0.5, y) < min(shape.size[:2]) / 2
    assert z == pytest.approx(shape.wall + 0.012, abs=0.004)


def test_a_block_rests_on_the_floor_of_a_bowl_and_does_not_push_it(make_world):
    world = make_world([("blue bowl", 0.5, 0.0), ("red block", 0.5, -0.3)])
    world.disturb_move("red block", Pose((0.51, 0.01, 0.08)))
    world.settle()
    x, y, z = world.pose("red block").position
    assert z == pytest.approx(0.02 + 0.006, abs=0.001)
    assert np.hypot(x - 0.5, y) < 0.04
    assert world.pose("blue bowl").position[2] == pytest.approx(0.0275, abs=0.001)


@pytest.mark.parametrize("name", ["red block", "apple", "can", "bowl", "mug", "basket", "fork"])
def test_a_body_is_as_large_as_its_shape_says(name):
    client, body = Client(), make_body(name)
    made = add_body(client, body, Pose())
    client.performCollisionDetection()
    low, high = client.getAABB(made)
    slack = 0.006 if body.shape.form is Form.BOWL else 0.002  # a ring of flats; the library's own margin
    assert np.subtract(high, low) == pytest.approx(body.shape.size, abs=2 * slack)
    assert np.add(high, low) / 2 == pytest.approx([0, 0, 0], abs=0.002)
    client.close()


def test_only_the_base_of_a_bowl_stands_on_the_table(make_world):
    world = make_world([("blue bowl", 0.5, 0.0)])
    world.step(120)
    rows = world.client.getContactPoints(bodyA=world.client.body("blue bowl"))
    assert 3 <= len([r for r in rows if r[9] > 0]) <= 4


def test_inflated_parts_grow_on_every_side():
    shape = Shape(Form.BIN, (0.2, 0.15, 0.05), 0.006)
    for thin, thick in zip(hollow_parts(shape), hollow_parts(shape, 0.008), strict=True):
        assert np.subtract(thick.half, thin.half) == pytest.approx([0.008] * 3)


def test_lathe_makes_a_closed_smooth_mesh():
    shape = make_body("bowl").shape
    vertices, indices, normals = lathe(bowl_profile(shape), sides=24)
    assert vertices.max(0) == pytest.approx([0.08, 0.08, 0.0275], abs=1e-6)
    assert vertices.min(0) == pytest.approx([-0.08, -0.08, -0.0275], abs=1e-6)
    assert max(indices) == len(vertices) - 1
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0)
    rim = vertices[np.argmax(vertices[:, 2])]
    assert np.hypot(rim[0], rim[1]) == pytest.approx(0.08, abs=1e-6)


def test_what_is_not_movable_stays(make_world):
    world = make_world([("top drawer", 0.5, 0.0)], top_drawer="receptacle")
    before = world.pose("top drawer")
    with pytest.raises(ValueError, match="'top drawer' is fixed"):
        world.disturb_push("top drawer", (5.0, 0.0, 0.0))
    world.step(60)
    assert world.pose("top drawer") == before
