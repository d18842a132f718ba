"""Worlds: reproducible, separate, honest about what touches what."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest

from sim.kinematics import ArmKinematics
from sim.objects import make_body
from sim.truth import Truth
from sim.world import Fixture, Placed, World, WorldSpec
from skills.types import Form, Pose

THINGS = [("red block", 0.45, -0.2), ("blue bowl", 0.55, 0.2), ("pepsi can", 0.6, 0.0), ("apple", 0.4, 0.1)]


def everything(truth: Truth) -> bytes:
    numbers: list[float] = [*truth.q, *truth.dq, truth.gripper_width]
    for name in truth.poses:
        pose = truth.poses[name]
        numbers += [*pose.position, *pose.orientation, *truth.velocities[name], *truth.spins[name]]
    return np.array(numbers).tobytes()


def play(world: World) -> list[bytes]:
    out = []
    home = world.robot.spec.home
    for i in range(150):
        world.arm.command([h + 0.1 * np.sin(i / 30) for h in home], [0.0] * 7)
        if i == 60:
            world.disturb_push("apple", (0.05, 0.02, 0.0))
        world.step()
        out.append(everything(world.truth(contacts=False)))
    return out


def test_two_fresh_worlds_are_equal_bit_for_bit_and_so_is_a_reset(tabletop):
    with World(tabletop(THINGS)) as first, World(tabletop(THINGS)) as second:
        a, b = play(first), play(second)
        assert a == b
        first.reset()
        assert first.tick == 0
        assert play(first) == a


def test_two_worlds_do_not_disturb_each_other(tabletop):
    with World(tabletop(THINGS)) as alone:
        expected = play(alone)
    with World(tabletop(THINGS)) as one, World(tabletop([("apple", 0.5, 0.0)])) as other:
        other.client.setGravity(0, 0, 3)
        other.step(10)
        assert play(one) == expected
        other.close()
        one.step()


def test_contacts_are_pairs_of_names_with_forces(make_world):
    world = make_world(THINGS)
    world.step(120)
    truth = world.truth()
    weight = make_body("pepsi can").mass * 9.81
    assert truth.force("table", "pepsi can") == pytest.approx(weight, rel=0.02)
    assert truth.force("pepsi can", "table") == truth.force("table", "pepsi can")
    assert truth.touching("red block").keys() == {"table"}
    assert truth.supports("blue bowl") == ("table",)
    assert truth.force("apple", "red block") == 0.0
    assert truth.held() is None
    assert truth.still()


@pytest.mark.parametrize("name", ["red block", "pepsi can", "apple", "blue bowl"])
def test_start_with_something_in_the_hand_held_by_friction(tabletop, name):
    with World(tabletop(THINGS, holding=name)) as world:
        assert world.tick == 0
        before = world.pose(name)
        world.step(240)
        truth = world.truth()
        assert truth.held() == name
        assert set(truth.touching(name)) == {"gripper left finger", "gripper right finger"}
        assert truth.poses[name].position == pytest.approx(before.position, abs=2e-3)
        assert world.client.getNumConstraints() == 1  # the gearing between the fingers, nothing else
        world.arm.grip(0.08, 10.0)
        world.step(240)
        assert world.pose(name).position[2] < before.position[2] - 0.1


def test_hooks_run_every_so_often_and_can_be_removed(make_world):
    world = make_world()
    seen: list[int] = []
    remove = world.on_step(lambda w: seen.append(w.tick), every=4)
    world.step(12)
    remove()
    world.step(8)
    assert seen == [4, 8, 12]
    with pytest.raises(ValueError, match="at least 1"):
        world.on_step(lambda w: None, every=0)


def test_disturbances(make_world):
    world = make_world(THINGS)
    world.step(60)
    world.disturb_move("red block", Pose((0.7, -0.3, 0.0205)))
    assert world.pose("red block").position[:2] == (0.7, -0.3)
    before = world.pose("pepsi can").position[0]
    world.disturb_push("pepsi can", (0.2, 0.0, 0.0))
    world.settle()
    assert world.pose("pepsi can").position[0] > before + 0.02
    with pytest.raises(KeyError, match="no object 'cup'; present: red block"):
        world.disturb_push("cup", (0, 0, 0))


def test_bad_specs_are_named():
    block = Placed(make_body("red block"), Pose())
    with pytest.raises(ValueError, match="used twice: red block"):
        WorldSpec(objects=(block, block))
    with pytest.raises(ValueError, match="cannot hold 'cup'; objects: red block"):
        WorldSpec(objects=(block,), holding="cup")


def test_things_that_leave_the_table_end_on_the_floor(make_world):
    world = make_world([("red block", 0.5, 0.0)])
    world.disturb_move("red block", Pose((0.5, 0.9, 0.1)))
    world.step(480)
    assert world.truth().supports("red block") == ("floor",)


def test_resting_things_feel_what_happens_around_them(make_world):
    """Things at rest cost no time; that must never keep them from falling or being pushed."""
    world = make_world([("red block", 0.45, 0.0), ("green block", 0.6, 0.0), ("apple", 0.7, 0.2)])
    world.disturb_move("green block", Pose((0.45, 0.0, 0.0605)))
    world.step(600)  # long enough at rest
    world.disturb_move("red block", Pose((0.7, -0.2, 0.0205)))
    world.step(120)
    assert world.pose("green block").position[2] == pytest.approx(0.02, abs=1e-3)
    world.step(600)
    world.disturb_push("red block", (0.0, 0.05, 0.0))
    world.disturb_move("green block", Pose((0.7, 0.2, 0.12)))
    world.step(60)
    assert world.pose("red block").position[1] > -0.19
    assert world.pose("green block").position[2] < 0.1
    world.step(240)
    assert world.truth().supports("apple")


@pytest.mark.parametrize("height", [0.398, 0.446, 0.482])
def test_what_falls_into_a_can_lies_on_its_floor(height):
    """A ring falls a centimetre in a time step and is two thick: it must not end up within the floor."""
    can = Fixture("can", (0.5, 0.5, 0.24), Pose((0.5, 0.0, 0.12)), wall=0.012)
    foot = Fixture("foot", (0.46, 0.46, 0.32), Pose((0.5, 0.0, -0.16)))
    names = ("ring", "bracelet", "necklace")
    tilts = [Pose.of((0.35 + 0.1 * i, 0.0, height), (0.01 * (i + 1), 0.004, 0.0, 1.0)) for i in range(3)]
    rings = tuple(Placed(make_body(n), pose) for n, pose in zip(names, tilts, strict=True))
    with contextlib.closing(
        World(WorldSpec(base=Pose((-0.3, 0.0, 0.0)), fixtures=(can, foot), objects=rings))
    ) as world:
        world.step(480)
        for name in names:
            assert world.truth().supports(name) == ("can",)
            assert world.pose(name).position[2] == pytest.approx(0.012 + 0.011, abs=0.002)


@pytest.mark.parametrize("form", [Form.CYLINDER, Form.SPHERE, Form.BOX])
def test_furniture_is_touched_where_it_is_seen(form):
    """A round person has no corners: the physics and the thinking client measure the same distance."""
    person = Fixture("person", (0.4, 0.4, 0.4), Pose((2.0, 2.0, 0.6)), form=form)
    world = World(WorldSpec(fixtures=(person,)))
    thinking = ArmKinematics(world.spec)

    def gap(client, body):
        ball = client.createMultiBody(0.0, client.createCollisionShape(client.GEOM_SPHERE, radius=0.01))
        client.resetBasePositionAndOrientation(ball, (2.3, 2.3, 0.6), (0, 0, 0, 1))
        return min(row[8] for row in client.getClosestPoints(ball, body, 1.0))

    mine = gap(world.client, world.client.body("person"))
    corner = 0.1 if form is Form.BOX else 0.3 - 0.2 / math.sqrt(2)
    assert mine == pytest.approx(corner * math.sqrt(2) - 0.01, abs=0.002)
    assert gap(thinking.scene.client, thinking.scene._obstacles["person"].body) == pytest.approx(mine, abs=1e-4)
    thinking.close()
    world.close()
