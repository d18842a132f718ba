from __future__ import annotations

import math

import numpy as np
import pytest

from skills.geometry import (
    bottom_heights,
    covers,
    distance_to,
    distances_to,
    plan_gaps,
    plan_radius,
    resting_gap,
    top_heights,
    width_along,
)
from skills.types import Form, Pose


def at(*points) -> np.ndarray:
    return np.array(points, float)


def test_heights_of_upright_forms(make):
    block, can, ball = make.block("b", 0, 0), make.can("c", 0, 0), make.apple("a", 0, 0)
    centre, off = at((0, 0)), at((0.03, 0.0))
    assert top_heights(block, centre)[0] == pytest.approx(0.04)
    assert bottom_heights(block, centre)[0] == pytest.approx(0.0)
    assert top_heights(block, off)[0] == -np.inf
    assert bottom_heights(block, off)[0] == np.inf
    assert top_heights(can, off)[0] == pytest.approx(0.12)
    assert top_heights(ball, off)[0] == pytest.approx(0.035 + math.sqrt(0.035**2 - 0.03**2))


def test_heights_of_a_fallen_can(make):
    can = make.can("c", 0, 0, pose=Pose.of((0, 0, 0.033), make.lying(math.pi / 2)))
    assert top_heights(can, at((0, 0.05)))[0] == pytest.approx(0.066)
    assert top_heights(can, at((0.02, 0.05)))[0] == pytest.approx(0.033 + math.sqrt(0.033**2 - 0.02**2))
    assert top_heights(can, at((0.0, 0.07)))[0] == -np.inf


@pytest.mark.parametrize("seed", range(20))
def test_heights_agree_with_points_inside_a_tilted_form(make, seed):
    """A vertical line lies inside the solid exactly between the two heights, whatever the pose and form."""
    rng = np.random.default_rng(seed)
    form = [Form.BOX, Form.CYLINDER, Form.SPHERE][seed % 3]
    size = (0.06, 0.06, 0.06) if form is Form.SPHERE else (0.05, 0.05 if form is Form.CYLINDER else 0.08, 0.11)
    thing = make.thing("t", form, size, 0, 0, pose=Pose.of(rng.uniform(-0.1, 0.1, 3), rng.normal(size=4)))
    xy = np.asarray(thing.pose_world.position)[:2] + rng.uniform(-0.07, 0.07, (200, 2))
    low, high = bottom_heights(thing, xy), top_heights(thing, xy)
    hit = np.isfinite(low)
    assert hit.any()
    assert not hit.all()
    for share, inside in ((0.02, True), (0.98, True), (-0.05, False), (1.05, False)):
        z = low[hit] + share * (high[hit] - low[hit])
        thick = high[hit] - low[hit] > 1e-3
        d = distances_to(thing, np.column_stack([xy[hit], z]))[thick]
        assert ((d < 0) == inside).all()


def test_a_bowl_offers_only_its_rim_from_above(make):
    bowl = make.bowl("bowl", 0, 0)
    assert top_heights(bowl, at((0.0, 0.0)))[0] == -np.inf
    assert top_heights(bowl, at((0.082, 0.0)))[0] == pytest.approx(0.06)


def test_distance_to_solids_and_shells(make):
    assert distance_to(make.block("b", 0, 0), at((0, 0, 0.05))[0]) == pytest.approx(0.01)
    assert distance_to(make.block("b", 0, 0), at((0, 0, 0.02))[0]) == pytest.approx(-0.02)
    bowl = make.bowl("bowl", 0, 0)
    assert distance_to(bowl, at((0, 0, 0.045))[0]) == pytest.approx(0.04)  # above the floor, far from the wall
    assert distance_to(bowl, at((0.0825, 0, 0.05))[0]) == pytest.approx(-0.0025)
    assert distance_to(bowl, at((0.07, 0, 0.05))[0]) == pytest.approx(0.01)
    assert distance_to(make.apple("a", 0, 0), at((0.1, 0, 0.035))[0]) == pytest.approx(0.065)


def test_resting_gap(make):
    base = make.block("b", 0, 0)
    assert resting_gap(make.block("a", 0.01, 0, 0.045), base) == pytest.approx(0.005)
    assert resting_gap(make.apple("a", 0.0, 0, 0.04), base) == pytest.approx(0.0, abs=1e-9)
    assert resting_gap(make.block("a", 0.1, 0, 0.04), base) == math.inf
    assert resting_gap(make.block("a", 0.039, 0), base) == pytest.approx(-0.04)  # beside, not above


def test_plan_gaps_and_radius(make):
    block = make.block("b", 0.1, 0.2, yaw=math.pi / 4)
    assert plan_gaps(block, at((0.1, 0.2)))[0] == pytest.approx(-0.02)
    corner = 0.02 * math.sqrt(2)
    assert plan_gaps(block, at((0.1 + corner + 0.03, 0.2)))[0] == pytest.approx(0.03)
    assert plan_gaps(make.can("c", 0, 0), at((0.1, 0)))[0] == pytest.approx(0.067)
    assert plan_radius(block) == pytest.approx(corner)
    assert plan_radius(make.can("c", 0, 0)) == pytest.approx(0.033)


def test_covers_and_width(make):
    block = make.block("b", 0, 0, yaw=math.pi / 4)
    assert covers(block, 0.027, 0)
    assert not covers(block, 0.031, 0)
    assert covers(block, 0.031, 0, slack=0.004)
    assert width_along(block, np.array([1.0, 1.0, 0])) == pytest.approx(0.04)
    assert width_along(block, np.array([1.0, 0, 0])) == pytest.approx(0.04 * math.sqrt(2))
    assert width_along(make.can("c", 0, 0), np.array([0, 0, 2.0])) == pytest.approx(0.12)
