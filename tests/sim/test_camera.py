"""Cameras see every thing where it is, at its distance."""

from __future__ import annotations

import numpy as np
import pytest

from sim.camera import BACKGROUND, CameraSpec, close_camera, facing_camera, pixel_of, side_camera, take
from sim.objects import make_body
from sim.world import Placed, World, WorldSpec
from skills.types import Pose

THINGS = [
    ("red block", 0.35, -0.35),
    ("blue bowl", 0.55, 0.35),
    ("pepsi can", 0.7, 0.0),
    ("sponge", 0.4, 0.2),
    ("green block", 0.8, -0.4),
]


def test_every_object_is_seen_and_named(make_world):
    world = make_world(THINGS)
    picture = take(world, facing_camera(world.spec))
    assert picture.rgb.shape == (480, 640, 3)
    assert picture.rgb.dtype == np.uint8
    seen = picture.seen()
    for name, _, _ in THINGS:
        assert seen.get(name, 0) > 100, f"{name} is not seen: {seen}"
    assert seen["robot"] > 3000
    assert "floor" not in seen


def test_pixels_show_the_right_thing_at_the_right_distance(make_world):
    world = make_world(THINGS)
    camera = facing_camera(world.spec, 320, 240)
    picture = take(world, camera)
    eye, forward = np.array(camera.eye), np.subtract(camera.target, camera.eye)
    forward = forward / np.linalg.norm(forward)
    for name in ("red block", "green block", "sponge"):
        rows, columns = np.nonzero(picture.mask(name))
        want = pixel_of(camera, [world.pose(name).position])[0]
        assert [columns.mean(), rows.mean()] == pytest.approx(want, abs=4)
        distance = float((np.array(world.pose(name).position) - eye) @ forward)
        assert np.median(picture.depth[picture.mask(name)]) == pytest.approx(distance, abs=0.05)
    with pytest.raises(KeyError, match=r"no body 'cup' in this picture; known: .*red block"):
        picture.mask("cup")


def test_colours_are_what_they_are_called(make_world):
    world = make_world(THINGS)
    picture = take(world, facing_camera(world.spec, 320, 240))
    red = picture.rgb[picture.mask("red block")].mean(0)
    green = picture.rgb[picture.mask("green block")].mean(0)
    assert red[0] > 1.8 * red[1]
    assert green[1] > 1.4 * green[0]


def test_it_looks_into_bowls():
    bowl, block = make_body("blue bowl"), make_body("red block")
    spec = WorldSpec(objects=(Placed(bowl, Pose((0.5, 0.0, 0.0275))), Placed(block, Pose((0.5, 0.0, 0.027)))))
    with World(spec) as world:
        assert take(world, facing_camera(spec)).seen()["red block"] > 50


def test_it_follows_the_robot_and_equal_worlds_give_equal_pictures():
    base = Pose.from_yaw((1.0, -2.0, 0.5), 1.2)
    spec = WorldSpec(base=base)
    with World(spec) as one, World(spec) as two:
        a, b = take(one, facing_camera(spec, 160, 120)), take(two, facing_camera(spec, 160, 120))
    assert a.seen()["robot"] > 200
    assert np.array_equal(a.rgb, b.rgb)
    assert np.array_equal(a.depth, b.depth)
    assert (a.ids == BACKGROUND).any()


def test_other_views(make_world):
    world = make_world(THINGS)
    assert take(world, close_camera(world, "pepsi can", width=160, height=120)).seen()["pepsi can"] > 500
    assert "robot" in take(world, side_camera(world.spec, 160, 120)).seen()


def test_bad_cameras_are_refused():
    with pytest.raises(ValueError, match="at least 8 x 8"):
        CameraSpec((0, 0, 1), (0, 0, 0), width=2)
    with pytest.raises(ValueError, match="near < far"):
        CameraSpec((0, 0, 1), (0, 0, 0), near=3, far=1)
