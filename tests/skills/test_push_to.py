"""push_to on the gantry: strokes, looks between them, and refusals. In physics: tests/envs/test_joint_trials.py."""

from __future__ import annotations

import pytest

from skills.drivers.fake import fake_embodiment
from skills.executor import execute
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.push_to import push_affordance
from skills.types import Form, Region

LIBRARY = default_library()
TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))
LEFT = Region("left", (0.2, -0.5), (0.9, -0.25))
SHELF = Region("shelf", (0.2, 0.6), (0.9, 0.7), 0.3)


def body_of(*things):
    return fake_embodiment(things, [TABLE, LEFT, SHELF])


def low_box(make, x=0.5, y=0.1, yaw=0.3, name="slab"):
    return make.thing(name, Form.BOX, (0.16, 0.14, 0.05), x, y, yaw=yaw, mass=3.5)


@pytest.mark.parametrize("yaw", [0.0, 0.3, 1.0])
def test_a_thing_too_large_to_grasp_gets_there(make, yaw):
    body = body_of(low_box(make, yaw=yaw), make.can("can", 0.8, 0.3))
    before = body.perception.objects()["can"]
    step = LIBRARY.parse("push_to(slab, left)", symbolic_state(body.observe()))
    report = execute(step, body)
    assert report.ok, report.failure
    pushes = [c for c in report.commands if c.why == "push slab"]
    assert len(pushes) >= 2
    assert body.perception.objects()["can"] == before
    after = body.perception.objects()["slab"]
    assert after.pose_world.yaw == pytest.approx(yaw)
    assert after.bottom_z == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("things", "where", "why"),
    [
        (lambda m: [m.apple("slab", 0.5, 0.1)], "left", "roll away"),
        (lambda m: [low_box(m)], "shelf", "does not stand on the surface of shelf"),
        (lambda m: [low_box(m)], "moon", "no place 'moon'; there are: left, shelf, table"),
        (lambda m: [m.block("slab", 0.5, 0.1, 0.05), low_box(m, name="base")], "left", "in or on base"),
        (
            lambda m: [low_box(m, x=0.5), *(m.can(f"c{i}", 0.24 + 0.09 * i, -0.36) for i in range(8))],
            "left",
            "in the way",
        ),
        (lambda m: [low_box(m, x=0.93, y=0.0, yaw=0.78)], "left", "stand on the surface"),
    ],
)
def test_the_affordance_says_why_not(make, things, where, why):
    body = body_of(*things(make))
    found = push_affordance(body.observe(), body.kinematics, ("slab", where))
    assert found.value < 0.1
    assert why in found.reason


def test_nothing_moves_when_there_is_no_way(make):
    sides = ((0.0, 0.1, 0.3, 0.02), (0.0, -0.1, 0.3, 0.02), (0.11, 0.0, 0.02, 0.16), (-0.11, 0.0, 0.02, 0.16))
    walls = [
        make.thing(f"wall {i}", Form.BOX, (sx, sy, 0.1), 0.5 + dx, 0.1 + dy) for i, (dx, dy, sx, sy) in enumerate(sides)
    ]
    body = body_of(low_box(make, yaw=0.0), *walls)
    report = execute(LIBRARY.parse("push_to(slab, left)"), body)
    assert report.failure is not None
    assert "wall" in report.failure.detail
    assert report.commands == ()
