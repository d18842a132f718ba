"""The lean copy that cameras render: it shows what the world shows, and follows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from envs.stage import StageSettings, build_stage
from envs.tasks import task_from_data
from sim.camera import render, render_depth
from sim.cameras import carried_cameras, spots
from sim.coarse import clustered, coarse_mesh
from sim.seen import SeenWorld
from skills.types import Pose, Region

THINGS = [
    {"name": "coke can", "at": "table"}, {"name": "blue bowl", "at": "table"}, {"name": "apple", "at": "table"},
    {"name": "white cup", "at": "table", "contents": "rice"}, {"name": "cabinet", "at": "table", "kind": "cabinet"},
]  # fmt: skip


@pytest.fixture(scope="module")
def stage():
    start = {"robot": {"at": "table"}, "objects": THINGS}
    data = {"id": "t", "instruction": "x", "scene": "kitchen", "start": start, "expect": "refuse"}
    with build_stage(task_from_data(data, "test"), 3, StageSettings("oracle")) as made:
        yield made


def shown(names, ids):
    table = np.array([*names, ""])
    return table[ids]


def test_it_shows_what_the_world_shows(stage):
    seen = SeenWorld(stage.world)
    lean = seen.sync()
    for camera in carried_cameras(stage.world):
        spec = camera.spec(stage.world)
        depth, ids, names = render_depth(lean, spec)
        whole = render(stage.world.client, spec)
        mine, theirs = shown(names, ids), shown(whole.names, whole.ids)
        robot = (mine == "robot") != (theirs == "robot")
        assert robot.mean() < 0.01  # the same outline to a pixel
        there = np.isin(theirs, list(stage.world.things)) & (mine == theirs)
        assert there.sum() > 0.97 * np.isin(theirs, list(stage.world.things)).sum()
        assert np.abs(depth - whole.depth)[there].max() < 1e-6
    seen.close()


def test_it_follows_what_moves_and_ends_with_the_world(stage):
    seen = SeenWorld(stage.world)
    stage.world.disturb_move("apple", Pose((0.9, 0.3, 0.9)))
    stage.world.units[0].arrange([0.6], lit=False)
    seen.sync()
    body = seen.things["apple"]
    assert seen.client.getBasePositionAndOrientation(body)[0] == pytest.approx((0.9, 0.3, 0.9))
    assert seen.units[0].positions() == pytest.approx((0.6,))
    mine = seen.client.getJointStates(seen.robot, seen.joints)
    theirs = stage.world.client.getJointStates(stage.world.arm.body, seen.joints)
    assert [r[0] for r in mine] == [r[0] for r in theirs]
    assert seen.stuff["rice"].positions() == stage.world.stuff["rice"].positions()
    stage.world.reset()
    assert not seen.client.open


def test_looking_does_not_change_the_world():
    def after(looks: bool):
        start = {"objects": [{"name": "red block"}, {"name": "lemon"}]}
        data = {"id": "t", "instruction": "x", "scene": "tabletop", "start": start, "expect": "refuse"}
        with build_stage(task_from_data(data, "test"), 1, StageSettings("camera")) as stage:
            if looks:
                stage.body.observe()
            stage.world.step(60)
            return [stage.world.pose(n) for n in stage.world.things]

    assert after(True) == after(False)


def test_close_vertices_become_one_and_what_vanishes_is_left_out(tmp_path):
    vertices = np.array([[0, 0, 0], [0.001, 0, 0], [0.1, 0, 0], [0, 0.1, 0], [0.101, 0, 0]], float)
    triangles = np.array([[0, 2, 3], [1, 4, 3], [0, 1, 2]])
    points, faces = clustered(vertices, triangles, 0.01)
    assert len(points) == 3
    assert len(faces) == 1
    assert sorted(points[:, 0]) == pytest.approx([0.0, 0.0005, 0.1005])
    square = tmp_path / "square.obj"
    square.write_text("v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1/1/1 2/2/1 3/3/1 4/4/1\n")
    text = Path(coarse_mesh(str(square))).read_text()
    assert text.count("f ") == 2
    assert coarse_mesh(str(tmp_path / "other.dae")) is None


def test_places_are_asked_for_all_over():
    points = spots(Region("table", (0.0, 0.0), (1.4, 0.8), 0.74))
    assert points.min(axis=0) == pytest.approx((-0.1, -0.1, 0.69))
    assert points.max(axis=0) == pytest.approx((1.5, 0.9, 1.04))
