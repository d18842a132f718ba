from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from envs.footprint import clearance, footprint
from envs.placement import PlacementError, place
from envs.task import ObjectStart
from envs.tasks import make_task, task_from_data


def draw(objects, seed=0, **more):
    if more:
        starts = {"objects": [dict(zip(("name", "at", "kind"), o, strict=False)) for o in objects]}
        data = {"id": "t", "instruction": "go", "scene": "tabletop", "start": starts, **more}
        task = task_from_data(data)
    else:
        task = make_task("go", objects=[ObjectStart(name=o) if isinstance(o, str) else o for o in objects])
    layout = place(task, task.scene_object, np.random.default_rng(seed))
    return layout, {p.body.name: p for p in layout.placed}, task


def outlines(layout):
    return [
        footprint(p.body.shape, *p.pose_world.position[:2], p.pose_world.yaw)
        for p in layout.placed
        if p.pose_world.position[2] < p.body.shape.size[2]
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_default_tabletop_leaves_room_for_fingers(seed):
    layout, placed, task = draw([o.name for o in make_task("go").objects], seed)
    assert layout.gap >= 0.03
    assert all(clearance(a, b) >= 0.03 for a, b in itertools.combinations(outlines(layout), 2))
    table = task.scene_object.regions["table"]
    assert all(table.contains(*p.pose_world.position[:2]) for p in placed.values())
    again, _, _ = draw([o.name for o in make_task("go").objects], seed)
    assert again == layout


def test_forty_things_fit_or_are_named():
    layout, _, _ = draw([f"block {i}" for i in range(40)])
    assert len(layout.placed) == 40
    assert all(clearance(a, b) >= layout.gap for a, b in itertools.combinations(outlines(layout), 2))
    with pytest.raises(
        PlacementError, match=r"40 things do not fit: no free spot for 'bowl \d+'.* in table .*use fewer"
    ):
        draw([f"bowl {i}" for i in range(40)])
    crowd = [ObjectStart(name=f"bowl {i}", at="middle") for i in range(5)]
    with pytest.raises(PlacementError, match="in middle"):
        draw(crowd)


def test_places_stacks_contents_and_the_hand():
    starts = [
        ObjectStart(name="red block", at="top left corner"),
        ObjectStart(name="green block", at="red block"),
        ObjectStart(name="blue block", at="green block"),
        ObjectStart(name="basket", at="right side"),
        ObjectStart(name="apple", at="basket"),
        ObjectStart(name="lemon", at="basket"),
        ObjectStart(name="sponge", at="gripper"),
    ]
    layout, placed, task = draw(starts)
    assert layout.holding == "sponge"
    x, y, z = placed["red block"].pose_world.position
    assert task.scene_object.regions["top left corner"].contains(x, y)
    for name, height in (("green block", 0.04), ("blue block", 0.08)):
        assert placed[name].pose_world.position == pytest.approx((x, y, z + height), abs=0.003)
    basket = placed["basket"]
    for name in ("apple", "lemon"):
        inside = basket.pose_world.inverse().apply(placed[name].pose_world.position)
        assert abs(inside[0]) < 0.11
        assert abs(inside[1]) < 0.075
    pair = [placed[n].pose_world.position for n in ("apple", "lemon")]
    assert math.dist(*pair) > 0.06


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ([ObjectStart(name="apple"), ObjectStart(name="red block", at="apple")], "'apple', it is round: 'red block'"),
        ([ObjectStart(name="cup"), ObjectStart(name="sponge", at="cup")], "'sponge' is too large to lie in 'cup'"),
        (
            [ObjectStart(name="red block"), *(ObjectStart(name=n, at="red block") for n in ("tin", "can"))],
            "'tin', 'can' do not fit on 'red block' side by side",
        ),
        (
            [ObjectStart(name="red block", at="gripper"), ObjectStart(name="tin", at="red block")],
            "what the gripper holds: tin on red block",
        ),
    ],
)
def test_what_cannot_be_is_named(objects, message):
    with pytest.raises(PlacementError, match=message):
        draw(objects)


def test_tall_neighbours_leave_room_for_the_hand():
    for seed in range(5):
        _, placed, _ = draw(["bottle", "red block"], seed)
        a, b = (placed[n].pose_world.position[:2] for n in ("bottle", "red block"))
        assert math.dist(a, b) > 0.06 + 0.031 + 0.02


def test_no_start_at_which_the_goal_holds_by_luck():
    goal = {"any": [["at(red block, left side)"]]}
    for seed in range(12):
        _, placed, task = draw([("red block",), ("tin",)], seed, goal=goal)
        assert not task.scene_object.regions["left side"].contains(*placed["red block"].pose_world.position[:2])
        _, placed, task = draw([("red block",), ("tin",)], seed, expect="refuse", forbidden=["not at(tin, left side)"])
        assert task.scene_object.regions["left side"].contains(*placed["tin"].pose_world.position[:2])
    with pytest.raises(PlacementError, match="a goal holds already"):
        draw(
            [("red block",)],
            0,
            goal={
                "any": [[f"at(red block, {side})"] for side in ("left side", "right side", "middle")]
                + [["not at(red block, left side)"]]
            },
        )


def test_the_goal_s_region_keeps_a_free_spot():
    goal = {"any": [["at(bread, middle)", "at(plate, left side)"]]}
    things = [("bread", "right side"), ("plate", "right side"), *((n,) for n in ("bowl", "basket", "tin", "can"))]
    for seed in range(6):
        _, placed, task = draw(things, seed, goal=goal)
        others = [
            footprint(p.body.shape, *p.pose_world.position[:2], p.pose_world.yaw)
            for n, p in placed.items()
            if n not in ("bread", "plate")
        ]
        region = task.scene_object.regions["middle"]
        spots = itertools.product(
            np.linspace(region.low[0], region.high[0], 8), np.linspace(region.low[1], region.high[1], 12)
        )
        shape = placed["bread"].body.shape
        assert any(all(clearance(footprint(shape, x, y, 0), o) > 0.02 for o in others) for x, y in spots)


def test_what_lies_on_its_side_keeps_its_distance():
    names = ("water bottle", "coke can", "tea box", "mug")
    objects = [ObjectStart(name=n, lying=n != "tea box") for n in names]
    _, placed, _ = draw(objects, 3)
    for name in ("water bottle", "coke can", "mug"):
        pose, shape = placed[name].pose_world, placed[name].body.shape
        assert pose.tilt == pytest.approx(math.pi / 2)
        assert pose.position[2] == pytest.approx(shape.size[0] / 2, abs=0.002)
    assert placed["tea box"].pose_world.tilt == pytest.approx(0.0, abs=1e-6)
    ends = [placed[n].pose_world.apply((0, 0, z)) for n in ("water bottle", "coke can") for z in (-0.05, 0.05)]
    assert min(np.linalg.norm(a - b) for a, b in itertools.product(ends[:2], ends[2:])) > 0.05


def test_a_ball_does_not_lie():
    with pytest.raises(PlacementError, match="'apple' is round"):
        draw([ObjectStart(name="apple", lying=True)])
