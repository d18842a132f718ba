"""The oracle tells the truth, as a perception."""

from __future__ import annotations

import pytest

from sim.perception import OraclePerception
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
