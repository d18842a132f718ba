"""The oracle tells the truth, as a perception."""

from __future__ import annotations

import pytest

from sim.joinery import make_unit
from sim.perception import OraclePerception, WithFurniture
from sim.units import PlacedUnit
from sim.world import World, WorldSpec
from skills.types import Form, Pose


def test_it_reports_where_things_are(make_world):
    world = make_world([("red block", 0.45, -0.2), ("top drawer", 0.6, 0.3)], top_drawer="receptacle")
    perception = OraclePerception(world)
    assert perception.name == "oracle"
    world.disturb_move("red block", Pose((0.6, -0.3, 0.0205)))
    world.step(8)
    seen = perception.objects()
    assert list(seen) == ["red block", "top drawer"]
    assert seen["red block"].pose_world.position == pytest.approx((0.6, -0.3, 0.02), abs=1e-3)
    assert seen["red block"].seen_tick == 2
    assert (seen["red block"].colour, seen["red block"].kind) == ("red", "block")
    assert not seen["top drawer"].movable
    assert seen["top drawer"].shape.form is Form.BIN


def test_furniture_is_known_beside_what_another_perception_sees():
    class Blind:
        name = "blind"

        def objects(self):
            return {}

    chest = PlacedUnit(make_unit("chest", "drawer unit", 2), Pose((0.8, 0.0, 0.15)))
    with World(WorldSpec(fixtures=(), objects=(), units=(chest,))) as world:
        eyes = WithFurniture(Blind(), world)
        assert set(eyes.objects()) == {"chest", "top drawer", "bottom drawer"}
        assert eyes.objects()["top drawer"].joint.closed
        assert eyes.name == "blind"
        eyes.feel(None, None)  # nothing that wants it
