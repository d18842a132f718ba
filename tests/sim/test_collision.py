"""Collision answers: margins, ignored things, held things, no memory of earlier questions."""

from __future__ import annotations

import numpy as np
import pytest

from sim.collision import MARGIN
from sim.kinematics import ArmKinematics
from skills.driver import Held
from skills.types import Form, Pose, Shape

THINGS = [("pepsi can", 0.5, 0.0), ("blue bowl", 0.55, 0.3), ("red block", 0.4, -0.25)]


@pytest.fixture
def thinker(tabletop, make_world):
    spec = tabletop(THINGS)
    world = make_world(THINGS)
    k = ArmKinematics(spec)
    k.scene.sync({n: b.state(world.pose(n)) for n, b in world.bodies.items()})
    yield k
    k.close()


def posture(k, pose):
    return k.solutions(pose, k.spec.home)[0]


def test_free_at_home(thinker):
    assert thinker.obstacle(thinker.spec.home) is None


def test_the_hand_in_a_can_or_the_table_is_named(thinker, down):
    assert thinker.obstacle(posture(thinker, down(0.5, 0.045, 0.05))) == "pepsi can"
    assert thinker.obstacle(posture(thinker, down(0.7, -0.1, -0.03))) == "table"
    q = posture(thinker, down(0.5, 0.045, 0.05))
    assert thinker.obstacle(q, ignore=frozenset(["pepsi can"])) is None


def test_the_margin_is_kept(thinker, down):
    radius, finger = 0.031, 0.0145 + 0.04  # outer face of an open finger; its root and the palm are above the can
    for gap, hit in ((MARGIN - 0.004, "pepsi can"), (MARGIN + 0.004, None)):
        assert thinker.obstacle(posture(thinker, down(0.5, radius + finger + gap, 0.095))) == hit


def test_the_robot_hits_itself(thinker):
    assert thinker.obstacle([0.0, -1.7, 0.0, -3.0, 0.0, 1.2, 0.0]) == "robot"


def test_what_is_held_counts_and_is_not_inflated(thinker, down):
    held = Held("red block", Pose())
    resting = posture(thinker, down(0.7, -0.1, 0.0205))  # half a millimetre above the table
    assert thinker.obstacle(resting, held) is None
    assert thinker.obstacle(posture(thinker, down(0.7, -0.1, 0.018)), held) == "table"
    inside = posture(thinker, down(0.55, 0.3, 0.05))
    assert thinker.obstacle(inside, held, frozenset(["blue bowl"])) is None
    at_can = posture(thinker, down(0.5, 0.0, 0.125))
    assert thinker.obstacle(at_can, held) == "pepsi can"


def test_a_bowl_has_no_lid(thinker, down):
    held = Held("red block", Pose())
    assert thinker.obstacle(posture(thinker, down(0.55, 0.3, 0.04)), held) is None


def test_an_unknown_held_thing_is_named(thinker, down):
    with pytest.raises(KeyError, match="no object 'cup' to hold"):
        thinker.obstacle(posture(thinker, down(0.5, 0.0, 0.3)), Held("cup", Pose()))


def test_things_that_are_gone_do_not_block(thinker, down, make_world):
    q = posture(thinker, down(0.5, 0.045, 0.05))
    thinker.scene.sync({})
    assert thinker.obstacle(q) is None


def test_answers_do_not_depend_on_earlier_questions(thinker, down):
    rng = np.random.default_rng(2)
    postures = [posture(thinker, down(rng.uniform(0.4, 0.6), rng.uniform(-0.3, 0.3), 0.06)) for _ in range(20)]
    first = [thinker.obstacle(q) for q in postures]
    backwards = [thinker.obstacle(q) for q in reversed(postures)]
    assert first == backwards[::-1]
    assert {None, "pepsi can"} <= set(first)


def test_the_boxes_leave_out_nothing_that_is_near(thinker, down):
    """Asked about every link and every obstacle, the physics says the same as about those whose boxes overlap."""
    scene = thinker.scene
    rng = np.random.default_rng(6)
    every = [(b.link, n) for b in scene._boxes for n in scene._obstacles if b.link not in scene._first_links]
    every += [(b.link, n) for b in scene._boxes for n, o in scene._obstacles.items() if o.shape is not None]
    touched = 0
    for _ in range(60):
        q = posture(thinker, down(rng.uniform(0.35, 0.65), rng.uniform(-0.35, 0.35), rng.uniform(0.0, 0.1)))
        found = {name for _, name in scene._distances(q, every, None, None)}
        hit = thinker.obstacle(q)
        assert (hit in found) if found else hit is None
        touched += bool(found)
    assert 5 < touched < 60


def test_what_comes_to_stand_in_the_way_later_counts(thinker, down):
    q = posture(thinker, down(0.62, -0.12, 0.06))
    assert thinker.obstacle(q) is None
    thinker.scene.add_fixture("post", Shape(Form.BOX, (0.04, 0.04, 0.4)), Pose((0.62, -0.12, 0.2)))
    assert thinker.obstacle(q) == "post"
    assert thinker.obstacle(q, None, frozenset({"post"})) is None


def test_a_path_equals_its_points(thinker, down):
    a, b = posture(thinker, down(0.5, -0.15, 0.06)), posture(thinker, down(0.5, 0.15, 0.06))
    path = a + np.linspace(0, 1, 30)[:, None] * (b - a)
    hit = thinker.scene.first_hit(path)
    singles = [thinker.obstacle(q) for q in path]
    assert hit is not None
    assert singles[hit.index] == hit.name
    assert all(s is None for s in singles[: hit.index])


def test_fingers_that_are_less_open_need_less_room(thinker, down):
    q = posture(thinker, down(0.5, 0.031 + 0.0265 + 0.02 + MARGIN + 0.004, 0.09))
    assert thinker.obstacle(q) == "pepsi can"
    thinker.spread(0.04)
    assert thinker.obstacle(q) is None


def test_what_lies_in_a_held_bowl_travels_along(thinker, down, make_world):
    world = make_world([*THINGS[1:], ("pepsi can", 0.55, 0.3)])
    thinker.scene.sync({n: b.state(world.pose(n)) for n, b in world.bodies.items()})
    rim = down(0.55, 0.3 - 0.074, 0.045)
    held = Held("blue bowl", rim.inverse() @ world.pose("blue bowl"))
    thinker.spread(0.02)
    q = posture(thinker, rim.moved(dz=0.02))
    assert thinker.obstacle(q, held) is None
    beside = posture(thinker, down(0.4, -0.25 - 0.074, 0.045))
    assert thinker.obstacle(beside, held) == "red block"
