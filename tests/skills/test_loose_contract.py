"""The promises of `pour` and `wipe` without physics, on a gantry that tilts: from their preconditions their effects
come true, with one of them missing nothing moves, affordances explain themselves. In physics: test_joint_trials.py."""

from __future__ import annotations

import pytest

from skills.drivers.fake import fake_embodiment
from skills.drivers.fake_kinematics import TILTING_SPEC
from skills.executor import execute
from skills.failure import FailureKind
from skills.library import default_library
from skills.loose import Grains, Patch
from skills.predicates import symbolic_state
from skills.skill import GroundSkill
from skills.symbols import GroundAtom
from skills.types import Form, ObjectState, Pose, Region, Shape

LIBRARY = default_library()
REGIONS = (Region("table", (0.2, -0.5), (0.9, 0.5)),)
POUR, WIPE = ("rice", "cup", "bowl"), ("spill", "sponge")


def rice(x: float, y: float) -> ObjectState:
    points = tuple((x + 0.006 * (i % 4), y + 0.006 * (i // 4), 0.012) for i in range(12))
    return ObjectState("rice", "stuff", Shape(Form.SPHERE, (0.014,) * 3), Pose(points[0]), 0.001, movable=False,
                       grains=Grains(0.007, points))  # fmt: skip


def spill(x: float, y: float, clean: bool = False) -> ObjectState:
    cells = tuple((x + 0.015 * i, y + 0.015 * j, 0.0) for i in range(-4, 5) for j in range(-3, 4))
    shape = Shape(Form.BOX, (0.135, 0.105, 0.002))
    patch = Patch(cells, 0.015, (clean,) * len(cells))
    return ObjectState("spill", "spill", shape, Pose((x, y, 0.001)), movable=False, patch=patch)


def body_with(make, holding: str | None = None, clean: bool = False, filled: bool = True):
    cup = make.thing("cup", Form.BOWL, (0.08, 0.08, 0.085), 0.4, 0.3, wall=0.004)
    sponge = make.thing("sponge", Form.BOX, (0.1, 0.065, 0.03), 0.7, 0.3, wipes=True, soft=True)
    stuff = rice(0.4, 0.3) if filled else rice(0.5, -0.3)
    body = fake_embodiment(
        [cup, make.bowl("bowl", 0.5, -0.3), sponge, spill(0.6, 0.05, clean), stuff], REGIONS, TILTING_SPEC
    )
    if holding is not None:
        report = execute(GroundSkill(LIBRARY["pick"], (holding,)), body)
        assert report.ok, report.failure
    return body


def step(name: str) -> GroundSkill:
    return GroundSkill(LIBRARY[name], POUR if name == "pour" else WIPE)


@pytest.mark.parametrize(
    ("name", "held", "effect"), [("pour", "cup", "in(rice, bowl)"), ("wipe", "sponge", "clean(spill)")]
)
def test_from_its_preconditions_its_effects_come_true(make, name, held, effect):
    body = body_with(make, held)
    obs = body.observe()
    ground = step(name)
    before = symbolic_state(obs)
    assert effect not in {str(a) for a in before.atoms}
    assert ground in LIBRARY.applicable(before)
    assert ground.skill.affordance(obs, body.kinematics, ground.args).value > 0.5
    report = execute(ground, body)
    assert report.ok, report.failure
    after = symbolic_state(body.observe()).atoms
    assert effect in {str(a) for a in after}
    predicted = before.apply(ground.operator).atoms
    assert {a for a in predicted ^ after if a.predicate not in ("home", "upright")} == set()


CASES = [
    ("pour", "holding(cup)", {}),
    ("pour", "in(rice, cup)", {"holding": "cup", "filled": False}),
    ("wipe", "holding(sponge)", {}),
    ("wipe", "clean(spill)", {"holding": "sponge", "clean": True}),
]


@pytest.mark.parametrize(("name", "missing", "scene"), CASES)
def test_refuses_when_a_precondition_is_missing(make, name, missing, scene):
    body = body_with(make, **scene)
    world, q = body.perception.objects(), body.driver.read_state().q
    report = execute(step(name), body, step_index=2)
    assert report.failure is not None
    assert report.failure.kind is FailureKind.PRECONDITION
    assert missing in {str(x.atom) for x in report.failure.unmet}
    assert body.driver.read_state().q == q
    assert body.perception.objects() == world
    assert report.commands == ()


@pytest.mark.parametrize("name", ["pour", "wipe"])
def test_affordances_explain_themselves(make, name):
    """Also before anything is in the hand; the same question gets the same answer."""
    body = body_with(make)
    obs, ground = body.observe(), step(name)
    a, b = (ground.skill.affordance(obs, body.kinematics, ground.args) for _ in range(2))
    assert a == b
    assert a.factors
    assert a.value > 0.5 or a.reason


def test_a_gantry_that_does_not_tilt_cannot_pour_and_says_so(make):
    cup = make.thing("cup", Form.BOWL, (0.08, 0.08, 0.085), 0.4, 0.3, wall=0.004)
    body = fake_embodiment([cup, make.bowl("bowl", 0.5, -0.3), rice(0.4, 0.3)], REGIONS)
    assert execute(GroundSkill(LIBRARY["pick"], ("cup",)), body).ok
    obs = body.observe()
    said = LIBRARY["pour"].affordance(obs, body.kinematics, POUR)
    assert said.value == 0.0
    assert "out of reach" in said.reason
    report = execute(step("pour"), body)
    assert report.failure is not None
    assert report.failure.kind is FailureKind.UNREACHABLE
    assert GroundAtom("in", ("rice", "cup")) in symbolic_state(body.observe()).atoms


def test_a_filled_cup_is_put_down_with_what_is_in_it(make):
    body = body_with(make, "cup")
    assert execute(GroundSkill(LIBRARY["place_at"], ("cup", "table")), body).ok
    known = {str(a) for a in symbolic_state(body.observe()).atoms}
    assert {"in(rice, cup)", "at(cup, table)", "at(rice, table)"} <= known
