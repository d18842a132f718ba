"""Heights that nearly touch are made to touch."""

from __future__ import annotations

import pytest

from skills.perception_rest import rest_on_supports
from skills.types import ObjectState, Pose, Region
from tests.skills.perception_scene import MODELS, resting

TABLE = {"table": Region("table", (0.0, -1.0), (1.0, 1.0))}


def thing(name: str, pose: Pose) -> ObjectState:
    return MODELS[name].state(pose, 0)


def test_a_thing_that_hangs_or_sinks_a_little_stands():
    for error in (0.006, -0.006):
        state = thing("can", resting("can", 0.5, 0.0).moved(dz=error))
        assert rest_on_supports({"can": state}, TABLE)["can"].bottom_z == pytest.approx(0.0)


def test_a_thing_in_the_air_stays_there():
    state = thing("can", resting("can", 0.5, 0.0).moved(dz=0.05))
    assert rest_on_supports({"can": state}, TABLE)["can"].bottom_z == pytest.approx(0.05)


def test_what_is_known_less_well_may_hang_further():
    """From far off heights are a centimetre or two off: without the error that is to be expected it would hang."""
    state = thing("can", resting("can", 0.5, 0.0).moved(dz=0.014))
    assert rest_on_supports({"can": state}, TABLE)["can"].bottom_z == pytest.approx(0.014)
    assert rest_on_supports({"can": state}, TABLE, errors={"can": 0.012})["can"].bottom_z == pytest.approx(0.0)
    assert rest_on_supports({"can": state}, TABLE, errors={"cup": 0.012})["can"].bottom_z == pytest.approx(0.014)


def test_a_stack_stands_on_itself_and_names_keep_their_order():
    block = thing("block", resting("block", 0.5, 0.0).moved(dz=0.003))
    ball = thing("ball", Pose((0.5, 0.0, 0.05 + 0.035 + 0.006)))
    rested = rest_on_supports({"ball": ball, "block": block}, TABLE)
    assert list(rested) == ["ball", "block"]
    assert rested["ball"].bottom_z == pytest.approx(rested["block"].top_z)


def test_inside_a_bowl_it_stands_on_the_floor_of_the_bowl():
    bowl = thing("bowl", resting("bowl", 0.5, 0.0))
    block = thing("block", resting("block", 0.5, 0.0).moved(dz=0.011))
    rested = rest_on_supports({"bowl": bowl, "block": block}, TABLE)
    assert rested["block"].bottom_z == pytest.approx(0.006)


def test_what_is_held_is_not_touched():
    state = thing("can", resting("can", 0.5, 0.0).moved(dz=0.006))
    assert rest_on_supports({"can": state}, TABLE, held="can")["can"].bottom_z == pytest.approx(0.006)
