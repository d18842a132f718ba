from __future__ import annotations

import math

from skills.executor import execute
from skills.failure import FailureKind
from skills.go_to import choose_stands, places_of_interest, what_is_held
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.skill import GroundSkill
from skills.symbols import lit
from tests.skills.rooms import REGIONS, room

LIBRARY = default_library()


def step(name, *args):
    return GroundSkill(LIBRARY[name], args)


def test_it_drives_and_both_effects_are_measured(make):
    body = room(make.block("red block", 1.3, 0.1, 0.7))
    report = execute(step("go_to", "table"), body)
    assert report.ok, report.failure
    assert report.measured == {lit("robot_at", "table"): True, lit("visited", "table"): True}
    assert [c.kind for c in report.commands].count("drive") == 1
    assert execute(step("go_to", "counter"), body).ok
    state = symbolic_state(body.observe())
    assert state.holds(lit("robot_at", "counter"))
    assert not state.holds(lit("robot_at", "table"))
    assert state.holds(lit("visited", "table"))


def test_going_where_it_stands_moves_nothing_and_counts_as_a_visit(make):
    body = room(stand=(0.6, 0.0, 0.0))
    before = body.observe().robot.base
    assert not symbolic_state(body.observe()).holds(lit("visited", "table"))
    report = execute(step("go_to", "table"), body)
    assert report.ok, report.failure
    assert body.observe().robot.base == before


def test_what_is_held_comes_along(make):
    body = room(make.block("red block", 1.3, 0.1, 0.7), stand=(0.6, 0.1, 0.0))
    assert execute(step("pick", "red block"), body).ok
    assert execute(step("go_to", "counter"), body).ok
    held = what_is_held(body.observe())
    assert held is not None
    assert held.name == "red block"
    assert body.observe().objects["red block"].pose_world.position[0] < 0.5


def test_a_robot_that_stands_still_refuses(make):
    from skills.drivers.fake import fake_embodiment

    body = fake_embodiment([make.block("red block", 0.4, 0.1)], [REGIONS[0]])
    obs = body.observe()
    affordance = LIBRARY["go_to"].affordance(obs, body.kinematics, ("table",))
    assert affordance.value == 0.0
    assert "does not drive" in affordance.reason
    report = execute(step("go_to", "table"), body)
    assert report.failure is not None
    assert report.failure.kind is FailureKind.WRONG_TYPE  # no place there is a station


def test_points_of_interest_are_things_for_an_empty_hand_and_free_spots_for_a_full_one(make):
    body = room(make.block("red block", 1.3, 0.1, 0.7), make.block("blue block", -1.3, 0.1, 0.9), stand=(0.6, 0.1, 0.0))
    obs = body.observe()
    (point,) = places_of_interest(obs, "table")
    assert math.dist(point, obs.objects["red block"].pose_world.position) < 1e-9
    assert execute(step("pick", "red block"), body).ok
    spots = places_of_interest(body.observe(), "counter")
    assert len(spots) > 3
    assert all(REGIONS[1].contains(x, y) for x, y, _ in spots)


def test_the_same_question_gets_the_same_stands(make):
    body = room(make.block("red block", 1.3, 0.1, 0.7))
    obs = body.observe()
    assert choose_stands(obs, body.kinematics, "table") == choose_stands(obs, body.kinematics, "table")
