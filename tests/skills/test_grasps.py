from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.geometry import distance_to, width_along
from skills.grasps import closing_axes, grasp_candidates, graspable_width, grip_force, narrowed
from skills.types import Form, Pose

DOWN = np.array([0, 0, -1.0])


def things(make):
    lying = Pose.of((0.4, 0, 0.033), make.lying(math.pi / 2))
    leaning = Pose.of((0.4, 0, 0.06), make.lying(math.radians(40)))
    return [
        make.block("block", 0.4, 0.1, yaw=0.7),
        make.can("can", 0.4, 0.1),
        make.apple("apple", 0.4, 0.1),
        make.can("fallen can", 0, 0, pose=lying),
        make.thing("leaning box", Form.BOX, (0.05, 0.1, 0.07), 0, 0, pose=leaning),
        make.thing("bottle", Form.CYLINDER, (0.06, 0.06, 0.22), 0.5, 0.1, mass=0.5),
        make.bowl("bowl", 0.4, 0.1, movable=True),
        make.thing("sponge", Form.BOX, (0.11, 0.07, 0.03), 0.4, 0.1, soft=True),
        make.thing("plate", Form.BOWL, (0.18, 0.18, 0.03), 0.4, 0.1, wall=0.006),
    ]


@pytest.mark.parametrize("index", range(9))
def test_every_candidate_grips_the_thing_between_the_pads(make, index):
    """The tool point is in the thing, the closing axis is level, the width is true, the opening fits around it."""
    thing = things(make)[index]
    found = grasp_candidates(thing, FAKE_SPEC)
    assert found.grasps, found.reason
    for grasp in found.grasps:
        pose = grasp.pose_world(thing)
        closing = pose.rotation()[:, 1]
        assert distance_to(thing, np.asarray(pose.position)) < 0.003
        assert abs(closing[2]) < 1e-6
        if grasp.style != "rim":
            assert grasp.width == pytest.approx(width_along(thing, closing), abs=1e-6)
        assert grasp.width < grasp.opening <= FAKE_SPEC.gripper_range[1]
        assert 0 < grasp.score <= 1
        if grasp.style in ("top", "rim"):
            assert np.allclose(pose.rotation()[:, 2], DOWN, atol=1e-6)
            assert pose.position[2] - FAKE_SPEC.pad[1] / 2 > thing.bottom_z  # finger tips stay off the ground


def test_scores_fall(make):
    for thing in things(make):
        scores = [g.score for g in grasp_candidates(thing, FAKE_SPEC).grasps]
        assert scores == sorted(scores, reverse=True)


def test_the_palm_stays_above_tall_things(make):
    bottle = make.thing("bottle", Form.CYLINDER, (0.06, 0.06, 0.22), 0.5, 0.1)
    tops = [g.pose_world(bottle) for g in grasp_candidates(bottle, FAKE_SPEC).grasps if g.style == "top"]
    assert all(p.position[2] + FAKE_SPEC.finger_depth > 0.22 for p in tops)
    assert {g.style for g in grasp_candidates(bottle, FAKE_SPEC).grasps} == {"top", "side"}


def test_both_hand_flips_are_offered(make):
    block = make.block("b", 0.4, 0)
    yaws = {round(g.pose_world(block).yaw, 3) for g in grasp_candidates(block, FAKE_SPEC).grasps}
    assert len(yaws) == 4


def test_refusals_say_why(make):
    fixed = make.block("desk", 0, 0, movable=False)
    heavy = make.block("anvil", 0, 0, mass=9.0)
    thick = make.thing("carton", Form.BOX, (0.2, 0.15, 0.1), 0, 0)
    for thing, word in ((fixed, "fixed"), (heavy, "9.0 kg"), (thick, "15.0 cm")):
        found = grasp_candidates(thing, FAKE_SPEC)
        assert not found.grasps
        assert word in found.reason
    assert graspable_width(FAKE_SPEC) == pytest.approx(0.074)


def test_force_by_weight_and_softness(make):
    light, heavy = make.block("a", 0, 0, mass=0.06), make.block("b", 0, 0, mass=0.7)
    assert grip_force(light, FAKE_SPEC) == 10.0
    assert grip_force(heavy, FAKE_SPEC) == pytest.approx(2.5 * 0.7 * 9.81)
    assert grip_force(replace(heavy, mass=2.5), FAKE_SPEC) == 20.0
    assert grip_force(replace(heavy, soft=True), FAKE_SPEC) == 10.0
    weak = replace(FAKE_SPEC, gripper_force=(1.0, 8.0))
    assert grip_force(heavy, weak) == 8.0


def test_narrowed_opens_less_and_is_liked_less(make):
    grasp = grasp_candidates(make.block("b", 0.4, 0), FAKE_SPEC).grasps[0]
    openings = [g.opening for g in (grasp, *narrowed(grasp))]
    assert openings == sorted(openings, reverse=True)
    assert all(o > grasp.width for o in openings)
    assert all(g.score < grasp.score for g in narrowed(grasp))


@pytest.mark.parametrize("form", [Form.CYLINDER, Form.BOWL])
def test_what_stands_on_its_head_is_closed_on_from_all_around(make, form):
    """Its axis is vertical, so there is no direction across it: that used to end in numbers that are none."""
    cup = make.thing(
        "cup", form, (0.06, 0.06, 0.1), 0, 0, pose=Pose((0.4, 0.0, 0.05), (1.0, 0.0, 0.0, 0.0)), wall=0.004
    )
    assert not cup.upright
    axes = closing_axes(cup)
    assert len(axes) > 1
    assert np.allclose(np.linalg.norm(axes, axis=1), 1.0)
    grasp_candidates(cup, FAKE_SPEC)


def test_a_rim_is_held_harder_where_more_hangs_at_it(make):
    """By the moment of what hangs beside the fingers, within limits; light bowls as before."""
    light = make.thing("bowl", Form.BOWL, (0.16, 0.16, 0.055), 0.4, 0.1, wall=0.006, mass=0.2)
    heavy = make.thing("bin", Form.BIN, (0.24, 0.18, 0.12), 0.4, 0.1, wall=0.006, mass=0.6)
    soft = replace(heavy, soft=True)
    rims = {t.name + str(t.soft): [g for g in grasp_candidates(t, FAKE_SPEC).grasps if g.style == "rim"]
            for t in (light, heavy, soft)}  # fmt: skip
    assert all(g.force == pytest.approx(grip_force(light, FAKE_SPEC)) for g in rims["bowlFalse"])
    assert all(20.0 < g.force <= 40.0 for g in rims["binFalse"])
    assert all(g.force == grip_force(soft, FAKE_SPEC) for g in rims["binTrue"])


def test_spots_of_a_round_rim_are_offered_all_around(make):
    """Where something stands behind a bowl, the first few that are looked at do not all lie there."""
    bowl = make.thing("dish", Form.BOWL, (0.18, 0.18, 0.03), 0.4, 0.1, wall=0.006, mass=0.18)
    rims = [g.pose_world(bowl).position for g in grasp_candidates(bowl, FAKE_SPEC).grasps if g.style == "rim"][:6]
    ways = {round(math.atan2(y - 0.1, x - 0.4), 2) for x, y, _ in rims}
    assert len(ways) == 3
    assert max(abs(math.remainder(a - b, 2 * math.pi)) for a in ways for b in ways) > math.radians(100)
