from __future__ import annotations

import math

import numpy as np
import pytest

from sim.joinery import KINDS, JoineryError, make_unit
from sim.objects import make_body
from sim.recorder import Recorder
from sim.units import PlacedUnit, states_at_start
from sim.video import show
from sim.world import Fixture, Placed, World, WorldSpec
from skills.opening import as_if_moved
from skills.types import Pose

FLOOR = Fixture("table", (1.4, 1.6, 0.05), Pose((0.45, 0.0, -0.025)))


def standing(unit, x=0.8, y=0.0, yaw=math.pi):
    return PlacedUnit(unit, Pose.from_yaw((x, y, unit.body.shape.size[2] / 2), yaw))


def world_of(*units, objects=()):
    return World(WorldSpec(fixtures=(FLOOR,), objects=tuple(objects), units=units))


@pytest.fixture
def chest():
    with world_of(standing(make_unit("chest", "drawer unit", 2))) as world:
        yield world


def pull(world, name, force, steps):
    unit = next(u for u in world.units if name in u.unit.names)
    link = unit.unit.link(name)
    for _ in range(steps):
        world.client.applyExternalForce(unit.body, link, [force, 0, 0], [0, 0, 0], world.client.LINK_FRAME)
        world.step()


def test_friction_holds_a_drawer_and_its_limits_stop_it(chest):
    pull(chest, "top drawer", 2.0, 120)  # less than the brake
    assert chest.joint("top drawer").position == pytest.approx(0.0, abs=1e-4)
    pull(chest, "top drawer", 12.0, 480)
    joint = chest.joint("top drawer")
    assert joint.open
    assert joint.position == pytest.approx(joint.travel, abs=2e-3)
    assert chest.joint("bottom drawer").closed
    pull(chest, "top drawer", -12.0, 600)
    assert chest.joint("top drawer").position == pytest.approx(0.0, abs=2e-3)


def test_contents_move_with_the_drawer_by_contact():
    unit = standing(make_unit("chest", "drawer unit", 2))
    inside = states_at_start(unit)["top drawer"]
    block = make_body("red block")
    at = inside.pose_world.moved(dz=0.032 - inside.shape.size[2] / 2)
    with world_of(unit, objects=[Placed(block, at)]) as world:
        world.settle()
        before = world.pose("red block").position
        pull(world, "top drawer", 8.0, 480)
        moved = np.subtract(world.pose("red block").position, before)
        assert moved[0] < -0.2  # the front looks to -x
        assert world.truth().touching("red block").keys() == {"top drawer"}


def test_a_door_keeps_its_distance_from_the_hinge_and_the_twin_is_the_same_joint():
    with world_of(standing(make_unit("cabinet", "cabinet", start={"cabinet": 0.5}))) as world:
        door, whole = world.joint("cabinet door"), world.joint("cabinet")
        assert door.position == whole.position == pytest.approx(0.5 * door.travel)
        for share in (0.0, 0.7, 1.0):
            moved = as_if_moved({n: world.state(n) for n in world.bodies}, "cabinet", share * door.travel)
            world.units[0].arrange([share * door.travel], False)
            seen = world.state("cabinet door")
            assert moved["cabinet door"].pose_world.position == pytest.approx(seen.pose_world.position, abs=1e-6)
            assert moved["cabinet"].joint.handle.centre == pytest.approx(seen.joint.handle.centre, abs=1e-6)


def test_what_is_described_before_the_start_is_what_the_physics_shows():
    for kind in KINDS:
        placed = standing(make_unit("thing", kind, switches="lamp" if kind == "button" else None), 0.7, 0.1, 2.0)
        with world_of(placed) as world:
            for name, state in states_at_start(placed).items():
                assert world.state(name).pose_world.position == pytest.approx(state.pose_world.position, abs=1e-6)
                assert world.state(name).joint == state.joint or state.joint is not None


def test_a_button_latches_and_switches_its_lamp():
    button, lamp = make_unit("button", "button", switches="lamp"), make_unit("lamp", "lamp")
    with world_of(standing(button, 0.5), standing(lamp, 0.5, 0.4)) as world:
        for pressed in (True, False, True):
            unit = world.units[0]
            for _ in range(60):
                world.client.applyExternalForce(unit.body, 0, [0, 0, -12], [0, 0, 0], world.client.LINK_FRAME)
                world.step()
            for _ in range(120):
                world.step()
            assert world.joint("button").pressed is pressed
            assert world.joint("lamp").lit is pressed


def test_recordings_show_drawers_where_they_were(chest):
    recorder = Recorder(chest, every=8)
    pull(chest, "bottom drawer", 10.0, 200)
    frame = recorder.stop().frames[-1]
    with World(chest.spec) as other:
        show(other, frame)
        assert other.joint("bottom drawer").position == pytest.approx(chest.joint("bottom drawer").position, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "kind", "more", "words"),
    [
        ("chest", "wardrobe", {}, "no kind 'wardrobe'; kinds: drawer unit"),
        ("chest", "drawer unit", {"drawers": 7}, "1 to 3 drawers, got 7"),
        ("cabinet", "cabinet", {"drawers": 2}, "only a drawer unit"),
        ("button", "button", {}, "switches a lamp"),
        ("chest", "drawer unit", {"start": {"left drawer": 1.0}}, "parts: bottom drawer, middle drawer, top drawer"),
    ],
)
def test_what_cannot_be_made_names_the_choices(name, kind, more, words):
    with pytest.raises(JoineryError, match=words):
        make_unit(name, kind, **more)
