"""Camera perception against the truth: a small sample of what `make perception` measures at length."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.camera_perception import camera_perception, model_of, models_of
from sim.objects import make_body
from sim.world import Fixture
from skills.contract_bench import Verdict
from skills.driver import Embodiment
from skills.executor import execute
from skills.library import default_library
from skills.perception import PerceptionSetup
from skills.perception_contract import check_perception
from skills.skill import GroundSkill
from skills.types import Pose

THINGS = [("red block", 0.40, -0.22), ("pepsi can", 0.42, 0.2), ("apple", 0.56, -0.2), ("blue bowl", 0.55, 0.08)]


def eyes(rig, seed: int = 0):
    world = rig.world
    setup = PerceptionSetup(models_of(world.bodies.values()), world.spec.regions, seed, world)
    return camera_perception(setup)


@pytest.fixture
def rig(make_rig):
    made = make_rig(THINGS)
    made.world.settle()
    return made


def body_of(rig, seed: int = 0) -> Embodiment:
    return Embodiment(rig.driver, rig.kinematics, eyes(rig, seed), rig.world.spec.regions)


def test_everything_in_the_open_is_found_within_8_mm(rig):
    seen = body_of(rig).observe().objects
    assert set(seen) == set(rig.world.bodies)
    for name, state in seen.items():
        truth = rig.world.pose(name)
        assert math.dist(state.pose_world.position, truth.position) < 0.008, name
        assert state.shape == rig.world.bodies[name].shape
        assert state.upright


def test_it_does_not_read_the_truth(rig):
    """What moved since the last look is still reported where it was seen."""
    body = body_of(rig)
    before = body.observe().objects["apple"].pose_world
    rig.world.disturb_move("apple", rig.world.pose("apple").moved(0.0, 0.1))
    assert body.observe().objects["apple"].pose_world == before
    rig.driver.wait(12)
    assert math.dist(body.observe().objects["apple"].pose_world.position, rig.world.pose("apple").position) < 0.008


def test_what_a_bowl_hides_is_not_known(make_rig):
    rig = make_rig([("coin", 0.5, 0.0)])
    assert "coin" in body_of(rig).observe().objects
    walls = [((0.004, 0.1, 0.05), x, 0.0) for x in (0.05, -0.05)] + [
        ((0.1, 0.004, 0.05), 0.0, y) for y in (0.05, -0.05)
    ]
    cloche = [Fixture(f"cloche {k}", size, Pose((0.5 + x, y, 0.025))) for k, (size, x, y) in enumerate(walls)]
    cloche.append(Fixture("cloche", (0.1, 0.1, 0.01), Pose((0.5, 0.0, 0.05))))
    spec = rig.world.spec
    covered = type(rig)(replace(spec, fixtures=(*spec.fixtures, *cloche)))
    assert "coin" not in body_of(covered).observe().objects
    covered.close()


def test_the_contract_holds(rig):
    results = check_perception(body_of(rig))
    assert all(r.verdict is Verdict.PASS for r in results), results


def test_equal_seeds_see_equal_things(rig):
    a, b = body_of(rig, 4).observe().objects, body_of(rig, 4).observe().objects
    assert a == b
    assert a != body_of(rig, 5).observe().objects


def test_pick_and_place_with_cameras_alone(rig):
    body = body_of(rig)
    library = default_library()
    for text in ("pick(red block)", "place_in(red block, blue bowl)"):
        step = library.parse(text)
        assert isinstance(step, GroundSkill)
        report = execute(step, body)
        assert report.ok, report.failure
        seen, truth = body.observe().objects["red block"].pose_world, rig.world.pose("red block")
        assert math.dist(seen.position, truth.position) < 0.008
        assert (body.perception.memory.held == "red block") == text.startswith("pick")
    assert math.dist(rig.world.pose("red block").position[:2], rig.world.pose("blue bowl").position[:2]) < 0.05


def test_a_catalogue_knows_forms_not_places():
    bowl = model_of(make_body("blue bowl"))
    assert bowl.outline is not None
    assert np.ptp(bowl.profile[:, 1]) == pytest.approx(bowl.shape.size[2])
    assert model_of(make_body("red block")).colour == "red"


def test_a_real_robot_brings_its_own_cameras():
    with pytest.raises(ValueError, match="a real robot brings its own"):
        camera_perception(PerceptionSetup({}, {}))
