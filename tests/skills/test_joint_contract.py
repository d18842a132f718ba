"""What skills on joints promise before anything moves: they refuse when a precondition is missing (on the gantry). That
their effects come true needs physics: tests/envs/test_joint_trials.py."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from skills.drivers.fake import fake_embodiment
from skills.executor import execute
from skills.failure import FailureKind
from skills.handling import Handling, Way
from skills.library import default_library
from skills.mechanisms import Handle, Mechanism, Motion
from skills.open_ import _way_out
from skills.predicates import symbolic_state
from skills.skill import GroundSkill
from skills.symbols import GroundAtom
from skills.types import Region

LIBRARY = default_library()
REGIONS = (Region("table", (0.2, -0.5), (0.9, 0.5)),)
JOINTS = ("open", "close", "press", "press_again")
CASES = [(LIBRARY[n], m) for n in JOINTS for m in LIBRARY[n].operator.preconditions if m.atom.predicate != "in_reach"]
OTHERS = {"pour", "turn_upright"}  # what they need: test_loose_contract.py, test_turn_upright.py
CASES += [
    (LIBRARY[n], m)
    for n in LIBRARY
    if n not in OTHERS
    for m in LIBRARY[n].operator.preconditions
    if m.atom.predicate == "accessible"
]


def scene(make, opened: bool, pressed: bool, first: str | None):
    """A drawer with a lemon and a block in it, a button, two more things; one of them held."""
    drawer = Mechanism(
        Motion.SLIDE, "chest", (-1.0, 0.0, 0.0), travel=0.2, position=0.19 if opened else 0.0,
        handle=Handle((0.59, 0.0, 0.06), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)), parts=("drawer",),
    )  # fmt: skip
    switch = Mechanism(Motion.BUTTON, "button", (0.0, 0.0, -1.0), travel=0.008, position=0.005 if pressed else 0.0)
    body = fake_embodiment(
        [
            make.bin("drawer", 0.75, 0.0, joint=drawer),
            make.block("lemon box", 0.70, 0.0, 0.006),
            make.block("button", 0.5, 0.3, movable=False, joint=switch),
            make.block("red block", 0.4, -0.2),
            make.bowl("bowl", 0.5, -0.35),
        ],
        REGIONS,
    )
    if first is not None:
        assert execute(GroundSkill(LIBRARY["pick"], (first,)), body).ok
    return body


def lacking(make, skill, missing):
    """A step and a scene in which nothing but ``missing`` speaks against it."""
    for opened, pressed, first in itertools.product((False, True), (False, True), (None, "red block")):
        body = scene(make, opened, pressed, first)
        state = symbolic_state(body.observe())
        for step in LIBRARY.ground(state):
            unmet = state.unmet(step.operator.preconditions)
            if step.skill.name == skill.name and [u.atom.predicate for u in unmet] == [missing.atom.predicate]:
                return step, body
    raise AssertionError(f"no scene that lacks only {missing} for {skill.name}")


@pytest.mark.parametrize(("skill", "missing"), CASES, ids=lambda x: getattr(x, "name", str(x)))
def test_refuses_when_a_precondition_is_missing(make, skill, missing):
    step, body = lacking(make, skill, missing)
    world, q = body.perception.objects(), body.driver.read_state().q
    report = execute(step, body, step_index=3)
    assert report.failure is not None
    assert report.failure.kind is FailureKind.PRECONDITION
    bound = dict(zip((p.name for p in skill.operator.parameters), step.args, strict=True))
    named = GroundAtom(missing.atom.predicate, tuple(bound[a] for a in missing.atom.args))
    assert named in {x.atom for x in report.failure.unmet}
    assert body.driver.read_state().q == q
    assert body.perception.objects() == world
    assert report.commands == ()


def test_without_furniture_nothing_can_be_opened_or_pressed(make):
    state = symbolic_state(make.seen(make.block("red block", 0.4, 0), make.bowl("bowl", 0.6, 0)))
    assert not {g.skill.name for g in LIBRARY.ground(state)} & set(JOINTS)


def test_affordances_explain_themselves(make):
    """A gantry that only points down cannot take a bar from the front, and says so."""
    body = scene(make, False, False, None)
    obs = body.observe()
    for step in LIBRARY.ground(symbolic_state(obs)):
        if step.skill.name in JOINTS:
            a, b = (step.skill.affordance(obs, body.kinematics, step.args) for _ in range(2))
            assert a == b
            assert a.factors
            assert a.value > 0.5 or a.reason


def test_a_hand_that_was_stopped_early_backs_off_from_where_it_is(make):
    """What is shut sooner than expected stops the arm: the planned way back then begins elsewhere."""
    body = scene(make, True, False, None)
    obs, kin = body.observe(), body.kinematics
    here = np.asarray(obs.robot.q)
    planned = kin.line(here, obs.pose_world_tool.moved(dz=0.1), 0.2)
    way = Way((obs.pose_world_tool,), 0.0, False, 1.0, 0.0, (0,), (0,))
    found = Handling(way, here, planned, planned, planned)
    assert _way_out(obs, kin, "drawer", found) is planned
    stopped = replace(obs, robot=replace(obs.robot, q=tuple(planned.positions[-1])))
    fresh = _way_out(stopped, kin, "drawer", found)
    assert np.allclose(fresh.positions[0], planned.positions[-1])
