from __future__ import annotations

import math

import pytest

from skills.approach import from_a_stand
from skills.driver import MotionFailure, NoMotion
from skills.executor import execute
from skills.failure import Blame, Failure, FailureKind
from skills.library import default_library
from skills.runner import Runner
from skills.skill import Affordance, GroundSkill, Settle
from skills.symbols import lit
from tests.skills.rooms import room

LIBRARY = default_library()


def test_what_is_out_of_reach_at_the_place_is_reached_from_another_stand(make):
    """The gantry reaches 1 m ahead and 0.7 m aside: not from one end of the table to the other."""
    body = room(make.block("red block", 1.5, 0.45, 0.7), stand=(1.0, -0.9, 0.0))
    obs = body.observe()
    assert obs.robot_at == "table"
    step = GroundSkill(LIBRARY["pick"], ("red block",))
    assert step.skill.affordance(obs, body.kinematics, step.args).value > 0.5
    report = execute(step, body)
    assert report.ok, report.failure
    assert [c.kind for c in report.commands].count("drive") == 1
    assert body.observe().robot_at == "table"


def test_within_reach_nothing_drives(make):
    body = room(make.block("red block", 1.3, 0.1, 0.7), stand=(0.6, 0.1, 0.0))
    report = execute(GroundSkill(LIBRARY["pick"], ("red block",)), body)
    assert report.ok, report.failure
    assert "drive" not in [c.kind for c in report.commands]


def test_the_next_stand_is_tried_when_the_controller_finds_no_way_before_moving(make):
    stands = []

    def affordance(obs, kinematics, args):
        return Affordance(1.0, {"free": 1.0})

    def controller(obs, kinematics, args):
        stands.append(obs.robot.base)
        if len(stands) == 1:
            return Failure(FailureKind.UNREACHABLE, "not from here", blame=Blame.AFFORDANCE)
        yield Settle(1)
        return None

    body = room(make.block("red block", 1.3, 0.1, 0.7), stand=(0.6, 0.1, 0.0))
    _, act = from_a_stand(lambda obs, args: [(1.3, 0.1, 0.7)], affordance, controller)
    assert Runner(body, (), 3000).run(act(body.observe(), body.kinematics, ("red block",))) is None
    assert len(stands) == 2
    assert math.dist(stands[0][:2], stands[1][:2]) > 0.05


def test_a_stand_is_not_tried_again_when_the_thing_has_stirred(make):
    """Things settle by some nanometres: the stands around them are still the same ones."""
    stands, calls = [], []

    def points(obs, args):
        calls.append(1)
        return [(1.3 + 1e-9 * len(calls), 0.1, 0.7)]

    def controller(obs, kinematics, args):
        stands.append(obs.robot.base)
        return Failure(FailureKind.UNREACHABLE, "not from here", blame=Blame.AFFORDANCE)
        yield

    body = room(make.block("red block", 1.3, 0.1, 0.7), stand=(0.6, 0.1, 0.0))
    _, act = from_a_stand(points, lambda obs, kinematics, args: Affordance(1.0, {"free": 1.0}), controller)
    failure = Runner(body, (), 6000).run(act(body.observe(), body.kinematics, ("red block",)))
    assert failure is not None
    assert len(stands) > 2
    assert min(math.dist(a[:2], b[:2]) for i, a in enumerate(stands) for b in stands[:i]) > 0.05


def test_a_stand_that_no_way_leads_to_is_passed_over(make, monkeypatch):
    asked, stands = [], []

    def affordance(obs, kinematics, args):
        return Affordance(float(obs.robot.base[0] != 0.6), {"free": 1.0})

    def controller(obs, kinematics, args):
        stands.append(obs.robot.base)
        yield Settle(1)
        return None

    body = room(make.block("red block", 1.3, 0.1, 0.7), stand=(0.6, 0.1, 0.0))
    route = body.kinematics.route

    def shut_off(start, goal, q, held=None):
        asked.append(goal)
        if goal == asked[0]:
            return MotionFailure(NoMotion.PATH_NONE, "no way for the base was found")
        return route(start, goal, q, held)

    monkeypatch.setattr(body.kinematics, "route", shut_off)
    _, act = from_a_stand(lambda obs, args: [(1.3, 0.1, 0.7)], affordance, controller)
    assert Runner(body, (), 3000).run(act(body.observe(), body.kinematics, ("red block",))) is None
    assert len(stands) == 1
    assert math.dist(stands[0][:2], asked[0][:2]) > 0.05


def test_a_failure_after_something_moved_is_the_answer(make):
    tried = []

    def affordance(obs, kinematics, args):
        return Affordance(1.0, {"free": 1.0})

    def controller(obs, kinematics, args):
        tried.append(1)
        yield Settle(1)
        return Failure(FailureKind.COLLISION, "bumped", blame=Blame.SKILL)

    body = room(stand=(0.6, 0.1, 0.0))
    _, act = from_a_stand(lambda obs, args: [(1.3, 0.1, 0.7)], affordance, controller)
    failure = Runner(body, (), 3000).run(act(body.observe(), body.kinematics, ()))
    assert failure is not None
    assert failure.detail == "bumped"
    assert tried == [1]


@pytest.mark.parametrize(
    ("held", "step", "missing"),
    [
        (None, ("pick", "blue block"), "blue block"),
        ("red block", ("place_on", "red block", "blue block"), "blue block"),
        ("red block", ("place_in", "red block", "bowl"), "bowl"),
        ("red block", ("place_at", "red block", "counter"), "counter"),
    ],
)
def test_at_another_place_it_refuses_and_nothing_moves(make, held, step, missing):
    body = room(
        make.block("red block", 1.3, 0.1, 0.7), make.block("blue block", -1.3, 0.1, 0.9),
        make.bowl("bowl", -1.3, -0.2, 0.9), stand=(0.6, 0.1, 0.0),
    )  # fmt: skip
    if held is not None:
        assert execute(GroundSkill(LIBRARY["pick"], (held,)), body).ok
    before = body.driver.read_state()
    report = execute(GroundSkill(LIBRARY[step[0]], step[1:]), body)
    assert report.failure is not None
    assert report.failure.kind is FailureKind.PRECONDITION
    assert report.failure.unmet == (lit("in_reach", missing),)
    assert body.driver.read_state() == before
