from __future__ import annotations

from dataclasses import replace

import pytest

from skills.driver import DriverError
from skills.drivers.fake import fake_embodiment
from skills.executor import execute, expected_effects
from skills.failure import Blame, FailureKind
from skills.library import default_library
from skills.skill import GroundSkill, Skill
from skills.symbols import lit
from skills.types import Mode, Region

LIBRARY = default_library()
TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))
PICK = GroundSkill(LIBRARY["pick"], ("red block",))
PLACE = GroundSkill(LIBRARY["place_in"], ("red block", "bowl"))


@pytest.fixture
def body(make):
    return fake_embodiment([make.block("red block", 0.4, 0.1), make.bowl("bowl", 0.6, -0.2)], [TABLE])


def world_of(body):
    return body.driver.driver.world


def test_a_good_step_reports_evidence(body):
    report = execute(PICK, body, step_index=0)
    assert report.ok
    assert report.expected == (lit("holding", "red block"),)
    assert report.measured == {lit("holding", "red block"): True}
    assert {str(a) for a in report.gained} == {"holding(red block)"}
    assert "at(red block, table)" in {str(a) for a in report.lost}
    assert [c.kind for c in report.commands] == ["grip", "follow", "follow", "grip", "follow"]
    assert report.ticks >= sum(c.ticks for c in report.commands)


def test_effects_leave_out_the_rest_posture():
    assert expected_effects(PICK.operator) == (lit("holding", "red block"),)
    assert set(expected_effects(PLACE.operator)) == {lit("in", "red block", "bowl"), ~lit("holding", "red block")}


def test_unknown_objects_and_wrong_types(body):
    unknown = execute(GroundSkill(LIBRARY["pick"], ("green block",)), body)
    assert unknown.failure.kind is FailureKind.UNKNOWN_OBJECT
    assert "present: bowl, red block" in unknown.failure.detail
    wrong = execute(GroundSkill(LIBRARY["pick"], ("bowl",)), body)
    assert wrong.failure.kind is FailureKind.WRONG_TYPE


def test_a_grasp_that_slips_is_an_effect_failure_after_one_retry(body):
    world_of(body).slippery = frozenset({"red block"})
    report = execute(PICK, body, step_index=2)
    assert report.failure.kind is FailureKind.EFFECT
    assert report.failure.unmet == (lit("holding", "red block"),)
    assert report.failure.step == 2
    assert report.failure.blame is Blame.SKILL
    assert "closed on nothing" in report.failure.detail
    assert sum(c.why.startswith("close on") for c in report.commands) == 2
    assert report.measured == {lit("holding", "red block"): False}


def test_losing_it_on_the_way_breaks_the_invariant_and_stops(body):
    """The thing falls while it is carried: noticed in motion, the arm halts, the failure names the literal."""
    assert execute(PICK, body).ok
    start = world_of(body).tick
    passed = []

    def drop():
        passed.append(1)
        if world_of(body).tick == start + 20:
            world_of(body).open_fingers()

    report = execute(PLACE, body, step_index=1, on_tick=drop)
    assert report.failure.kind is FailureKind.INVARIANT
    assert report.failure.unmet == (lit("holding", "red block"),)
    assert len(passed) < 40
    state = body.driver.read_state()
    assert state.mode is Mode.IDLE
    assert max(map(abs, state.dq)) == 0.0


def test_one_bad_reading_is_no_loss(body, monkeypatch):
    assert execute(PICK, body).ok
    fake, start = body.driver.driver, world_of(body).tick
    real = fake.read_state

    def flicker():
        state = real()
        return replace(state, holding=False) if state.tick == start + 8 else state

    monkeypatch.setattr(fake, "read_state", flicker)
    assert execute(PLACE, body).ok


def test_effects_are_measured_not_believed(body, make):
    """A controller that does nothing and says all is well is found out."""

    def idle(obs, kinematics, args):
        return None
        yield

    lazy = Skill(LIBRARY["pick"].operator, LIBRARY["pick"].affordance, idle)
    report = execute(GroundSkill(lazy, ("red block",)), body)
    assert report.failure.kind is FailureKind.EFFECT
    assert report.failure.unmet == (lit("holding", "red block"),)


def test_the_tick_budget_is_kept(body):
    hasty = replace(LIBRARY["pick"], max_ticks=50)
    report = execute(GroundSkill(hasty, ("red block",)), body)
    assert report.failure.kind is FailureKind.TIMEOUT
    assert report.ticks == 51
    assert body.driver.read_state().mode is Mode.IDLE


def test_driver_trouble_is_a_driver_failure(body, monkeypatch):
    fake = body.driver.driver
    calls = []

    def broken(ticks=1):
        calls.append(ticks)
        if len(calls) > 30:
            raise DriverError("link lost")
        type(fake).wait(fake, ticks)

    monkeypatch.setattr(fake, "wait", broken)
    report = execute(PICK, body, step_index=0)
    assert report.failure.kind is FailureKind.DRIVER
    assert "link lost" in report.failure.detail
    assert report.failure.blame is Blame.DRIVER
    assert fake.read_state().mode is Mode.STOPPED


def test_a_disconnected_robot_fails_before_anything(body):
    body.driver.close()
    report = execute(PICK, body)
    assert report.failure.kind is FailureKind.DRIVER
    assert "connect" in report.failure.detail


def test_protective_stop_in_motion(body):
    fake, start = body.driver.driver, world_of(body).tick

    def bump():
        if world_of(body).tick == start + 30:
            fake.enter(Mode.PROTECTIVE)

    report = execute(PICK, body, on_tick=bump)
    assert report.failure.kind is FailureKind.DRIVER


def test_ctrl_c_stops_the_robot_and_goes_on(body):
    start = world_of(body).tick

    def interrupt():
        if world_of(body).tick == start + 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(PICK, body, on_tick=interrupt)
    state = body.driver.read_state()
    assert state.mode is Mode.STOPPED
    assert max(map(abs, state.dq)) == 0.0


def test_equal_runs_are_equal(make):
    reports = []
    for _ in range(2):
        body = fake_embodiment([make.block("red block", 0.4, 0.1), make.bowl("bowl", 0.6, -0.2)], [TABLE])
        reports.append([execute(s, body) for s in (PICK, PLACE)])
        reports[-1].append(world_of(body).objects["red block"].pose_world)
    assert [r.commands for r in reports[0][:2]] == [r.commands for r in reports[1][:2]]
    assert reports[0][2] == reports[1][2]
