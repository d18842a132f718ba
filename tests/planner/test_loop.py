from __future__ import annotations

import pytest

from envs.goals import Goal
from planner import loop
from planner.budget import Budget
from planner.entry import furthest_entry
from planner.events import (
    Asked,
    Decided,
    GoalChecked,
    Observed,
    Proposed,
    Recovered,
    Replanned,
    Started,
    Status,
    StepDone,
    StepSkipped,
    StepStarted,
    Verdict,
)
from planner.plan import Ask, PlanStep, Refuse
from planner.propose.scripted import FirstFitGrounder, ScriptedGrounder, ScriptedProposer, say
from skills.driver import DriverError
from skills.failure import Failure, FailureKind
from skills.predicates import symbolic_state
from skills.skill import Affordance
from skills.symbols import lit, parse_literal
from skills.types import Mode, Pose
from stories import GOAL, QUICK, STEPS, Listening, block, fake, parts, table

INSIDE = Goal.of([parse_literal(GOAL[0])])


def test_a_plan_is_carried_out_and_the_goal_is_measured_twice():
    body, heard = table(), Listening()
    verdict = loop.run("put it in", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[heard]), budget=QUICK)
    assert verdict.status is Status.REACHED
    assert verdict.goal == INSIDE
    assert verdict.failure is None
    assert verdict.ticks > 0
    kinds = [type(e) for e in heard.events]
    assert kinds[:4] == [Started, Observed, Proposed, Decided]
    assert kinds[-3:] == [GoalChecked, GoalChecked, Verdict]
    first, second = heard.of(GoalChecked)
    assert (first.settled, second.settled) == (False, True)
    assert second.observation.tick - first.observation.tick == QUICK.settle_ticks
    assert [str(e.step.skill) for e in heard.of(StepDone)] == list(STEPS)
    assert symbolic_state(body.observe()).holds(parse_literal(GOAL[0]))


def test_a_goal_from_outside_that_holds_already_moves_nothing():
    body, heard, proposer = table(), Listening(), ScriptedProposer.of(STEPS, GOAL)
    goal = Goal.of([lit("at", "red block", "left side")])
    verdict = loop.run("leave it there", parts(body, proposer, listeners=[heard]), goal, QUICK)
    assert verdict.status is Status.REACHED
    assert not heard.of(StepStarted)
    assert not proposer.requests


def test_a_slip_is_measured_told_to_the_next_proposal_and_tried_again():
    """The first grasp slips; the second attempt gets the failure as history and succeeds."""
    body, heard, proposer = table(), Listening(), ScriptedProposer.of(STEPS, GOAL)
    world = fake(body).world
    world.slippery = frozenset({"red block"})

    def firm_again(event):
        if isinstance(event, Replanned):
            world.slippery = frozenset()

    verdict = loop.run("put it in", parts(body, proposer, listeners=[heard, firm_again]), budget=QUICK)
    assert verdict.status is Status.REACHED
    assert len(heard.of(Replanned)) == 1
    failure = heard.of(StepDone)[0].failure
    assert failure is not None
    assert failure.step == 0
    (past,) = proposer.requests[1].past
    assert past.failure == failure
    assert past.steps == STEPS
    assert past.done == 0
    assert proposer.requests[1].goal == INSIDE  # the bar cannot be lowered by a later proposal


def test_success_is_never_claimed_when_every_attempt_fails():
    body, heard = table(), Listening()
    fake(body).world.slippery = frozenset({"red block"})
    verdict = loop.run("put it in", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[heard]), budget=QUICK)
    assert verdict.status is Status.NOT_REACHED
    assert "3 attempts" in verdict.reason
    assert verdict.unmet == (parse_literal(GOAL[0]),)
    assert verdict.failure is not None
    assert len(heard.of(Decided)) == 3


def test_a_step_that_somebody_else_did_is_skipped():
    """Between the two steps of the first block a hand puts the second block in: its steps are not needed."""
    body, heard = table(), Listening()
    steps = [*STEPS, "pick(green block)", "place_in(green block, blue bowl)"]
    goal = [*GOAL, "in(green block, blue bowl)"]

    def helping_hand(event):
        if isinstance(event, StepDone) and event.index == 1:
            put(body, "green block", 0.5, -0.13, 0.028)

    verdict = loop.run(
        "both", parts(body, ScriptedProposer.of(steps, goal), listeners=[heard, helping_hand]), budget=QUICK
    )
    assert verdict.status is Status.REACHED
    assert [e.index for e in heard.of(StepDone)] == [0, 1]
    assert [e.index for e in heard.of(StepSkipped)] == [2, 3]


def test_a_step_that_came_undone_is_done_again():
    """A hand takes the first block out of the bowl after the second one: the plan is entered again at its start."""
    body, heard = table(), Listening()
    steps = [*STEPS, "pick(green block)", "place_in(green block, blue bowl)"]
    goal = [*GOAL, "in(green block, blue bowl)"]
    proposer = ScriptedProposer.of(steps, goal)

    def meddling_hand(event):
        if isinstance(event, StepDone) and event.index == 3 and len(heard.of(StepDone)) == 4:
            put(body, "red block", 0.5, 0.15, 0.02)

    verdict = loop.run("both", parts(body, proposer, listeners=[heard, meddling_hand]), budget=QUICK)
    assert verdict.status is Status.REACHED
    assert [e.index for e in heard.of(StepDone)] == [0, 1, 2, 3, 0, 1]
    assert "came undone" in heard.of(Replanned)[0].reason
    assert len(proposer.requests) == 1


def test_endless_meddling_ends_with_the_budget():
    body, heard = table(), Listening()

    def meddling_hand(event):
        if isinstance(event, StepDone) and event.index == 1:
            put(body, "red block", 0.5, 0.15, 0.02)

    verdict = loop.run(
        "put it in", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[heard, meddling_hand]), budget=QUICK
    )
    assert verdict.status is Status.NOT_REACHED
    assert verdict.unmet
    assert verdict.failure is not None
    assert verdict.failure.kind is FailureKind.GOAL


def test_a_goal_that_does_not_last_is_not_success():
    """The block is in the bowl at the first look and out of it at the second."""
    body = table()

    def thief(event):
        if isinstance(event, GoalChecked) and not event.settled and not event.unmet:
            put(body, "red block", 0.5, 0.15, 0.02)

    verdict = loop.run("x", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[thief]), budget=Budget(attempts=1))
    assert verdict.status is Status.NOT_REACHED
    assert verdict.unmet == (parse_literal(GOAL[0]),)


def test_when_the_world_changed_the_earlier_proposals_are_judged_again_before_the_model_is_asked():
    """The block is moved onto a spot where the plan's rest (place) is impossible: another proposal takes over."""
    body, heard = table(), Listening()
    first = ["pick(green block)", "place_in(green block, blue bowl)", *STEPS]
    proposer = ScriptedProposer(lambda r: [say(r, first, GOAL), say(r, STEPS, GOAL)])

    class Meddler:
        done = False

        def __call__(self, event):
            if isinstance(event, StepDone) and not self.done:
                self.done = True  # the green block leaves the hand and lies on the red one
                world = fake(body).world
                world.held = None
                put(body, "green block", 0.42, -0.2, 0.02)
                put(body, "red block", 0.36, 0.25, 0.02)

    verdict = loop.run("x", parts(body, proposer, listeners=[heard, Meddler()]), INSIDE, QUICK)
    assert verdict.status is Status.REACHED
    assert len(proposer.requests) == 1


def test_a_refusal_moves_nothing_and_says_why():
    body, heard = table(), Listening()
    failure = Failure(FailureKind.UNKNOWN_OBJECT, "no object 'sponge'; present: red block")
    grounder = ScriptedGrounder([Refuse(failure)])
    verdict = loop.run("fetch the sponge", parts(body, ScriptedProposer(), grounder, [heard]), budget=QUICK)
    assert verdict.status is Status.REFUSED
    assert verdict.failure == failure
    assert verdict.ticks == 0
    assert not heard.of(StepStarted)


def test_a_refusal_after_motion_is_a_failure_not_a_refusal():
    body = table()
    fake(body).world.slippery = frozenset({"red block"})
    steps = FirstFitGrounder()
    refuse = Refuse(Failure(FailureKind.UNREACHABLE, "no way left"))

    class Turns:
        asked = 0

        def ground(self, request, proposals, body):
            self.asked += 1
            return (
                steps.ground(request, proposals, body)
                if self.asked == 1
                else ScriptedGrounder([refuse]).ground(request, proposals, body)
            )

    verdict = loop.run("x", parts(body, ScriptedProposer.of(STEPS, GOAL), Turns()), budget=QUICK)
    assert verdict.status is Status.NOT_REACHED
    assert verdict.reason == "no way left"


def test_a_question_nobody_answers_ends_the_run_before_anything_moves():
    body, heard = table(), Listening()
    grounder = ScriptedGrounder([Ask("Which block?", ("red block", "green block"))])
    verdict = loop.run("put the block in", parts(body, ScriptedProposer(), grounder, [heard]), budget=QUICK)
    assert verdict.status is Status.ASKED
    assert verdict.question == "Which block?"
    assert heard.of(Asked)[0].answer is None
    assert verdict.ticks == 0


def test_an_answer_goes_into_the_dialogue_and_the_run_goes_on():
    body, proposer = table(), ScriptedProposer.of(STEPS, GOAL)
    fits = FirstFitGrounder()

    class Asking:
        def ground(self, request, proposals, body):
            if not request.dialogue:
                return ScriptedGrounder([Ask("Which block?", ("red block",))]).ground(request, proposals, body)
            return fits.ground(request, proposals, body)

    made = parts(body, proposer, Asking(), ask=lambda question, options: f" the  {options[0]} ")
    verdict = loop.run("put the block in", made, budget=QUICK)
    assert verdict.status is Status.REACHED
    assert proposer.requests[1].dialogue == (("Which block?", "the red block"),)


def test_questions_have_a_budget():
    body, heard = table(), Listening()
    asking = ScriptedGrounder([lambda r: Ask("Which?")] * 9)
    made = parts(body, ScriptedProposer(), asking, [heard], ask=lambda question, options: "that one")
    verdict = loop.run("x", made, budget=Budget(questions=2))
    assert verdict.status is Status.ASKED
    assert [e.answer for e in heard.of(Asked)] == ["that one", "that one", None]


def test_a_step_is_not_started_when_the_ticks_left_do_not_cover_it():
    body, heard = table(), Listening()
    made = parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[heard])
    verdict = loop.run("x", made, budget=Budget(ticks=100, attempts=1))
    assert verdict.status is Status.NOT_REACHED
    assert verdict.failure is not None
    assert verdict.failure.kind is FailureKind.TIMEOUT
    assert "100" in verdict.failure.detail
    assert verdict.ticks == 0


@pytest.mark.parametrize("when", [3, 60, 200])
def test_ctrl_c_in_the_middle_of_a_motion_stops_the_robot(when):
    body, heard = table(), Listening()
    driver = fake(body)
    advance, count = driver._advance, [0]

    def interrupted() -> None:
        count[0] += 1
        if count[0] == when:
            raise KeyboardInterrupt
        advance()

    driver._advance = interrupted
    verdict = loop.run("x", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[heard]), budget=QUICK)
    assert verdict.status is Status.INTERRUPTED
    assert driver.read_state().mode is Mode.STOPPED
    assert isinstance(heard.events[-1], Verdict)


def test_a_link_that_is_lost_is_driver_trouble():
    body = table()

    def unplug(event):
        if isinstance(event, StepStarted) and event.index == 1:
            fake(body).close()

    verdict = loop.run("x", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[unplug]), budget=QUICK)
    assert verdict.status is Status.DRIVER
    assert verdict.failure is not None
    assert verdict.failure.kind is FailureKind.DRIVER


def test_a_protective_stop_is_recovered_from_and_the_plan_made_anew():
    body, heard, proposer = table(), Listening(), ScriptedProposer.of(STEPS, GOAL)

    class Bump:
        done = False

        def __call__(self, event):
            if isinstance(event, StepStarted) and event.index == 0 and not self.done:
                self.done = True
                fake(body).enter(Mode.PROTECTIVE)

    verdict = loop.run("x", parts(body, proposer, listeners=[heard, Bump()]), budget=QUICK)
    assert verdict.status is Status.REACHED
    assert heard.of(Recovered)
    assert len(proposer.requests) == 2


def test_an_emergency_stop_is_left_to_the_person():
    body = table()

    def button(event):
        if isinstance(event, StepStarted):
            fake(body).enter(Mode.EMERGENCY)

    verdict = loop.run("x", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[button]), budget=QUICK)
    assert verdict.status is Status.DRIVER


def test_a_fault_of_the_program_stops_the_robot_and_comes_through():
    body = table()

    class Broken:
        name = "broken"

        def propose(self, request, k):
            raise ZeroDivisionError("oops")

    with pytest.raises(ZeroDivisionError):
        loop.run("x", parts(body, Broken()), budget=QUICK)
    assert body.driver.read_state().mode is Mode.STOPPED


def test_the_affordance_is_recomputed_from_the_present_at_every_step():
    body, heard = table(), Listening()

    def nudge(event):
        if isinstance(event, Decided):
            put(body, "red block", 0.40, 0.2, 0.02)

    loop.run("x", parts(body, ScriptedProposer.of(STEPS, GOAL), listeners=[heard, nudge]), budget=QUICK)
    started = heard.of(StepStarted)[0]
    skill = started.step.skill
    fresh = skill.skill.affordance(table_with_red_at(0.40, 0.2), body.kinematics, skill.args)
    assert started.affordance == fresh


def test_decide_moves_nothing():
    body = table()
    before = body.observe()
    decision, state = loop.decide("x", parts(body, ScriptedProposer.of(STEPS, GOAL)))
    assert decision.plan.goal == INSIDE
    assert not state.holds(parse_literal(GOAL[0]))
    after = body.observe()
    assert after.tick == before.tick
    assert after.objects == before.objects


def test_the_furthest_entry_is_the_last_step_from_which_the_goal_is_still_reached():
    body = table()
    made = parts(body, ScriptedProposer())
    state = symbolic_state(body.observe())
    request = loop._Loop(made, QUICK, loop._Run("x", None))._request(body.observe(), state)
    steps = [PlanStep(s, None, Affordance(1.0), 0.0, "lm") for s in say(request, STEPS, GOAL).steps]
    assert furthest_entry(state, steps, INSIDE) == 0
    held = state.apply(steps[0].skill.operator)
    assert furthest_entry(held, steps, INSIDE) == 1
    assert furthest_entry(held.apply(steps[1].skill.operator), steps, INSIDE) == 2
    assert furthest_entry(state, steps[1:], INSIDE) is None


def put(body, name: str, x: float, y: float, z: float) -> None:
    """What a hand from outside does."""
    from dataclasses import replace

    world = fake(body).world
    world.objects[name] = replace(world.objects[name], pose_world=Pose((x, y, z)))


def table_with_red_at(x: float, y: float):
    """An observation of the start with the red block elsewhere."""
    body = table()
    fake(body).world.objects["red block"] = block("red block", x, y)
    return body.observe()


def test_driver_errors_while_stopping_do_not_hide_the_verdict():
    body = table()

    class Dead:
        def __getattr__(self, name):
            raise DriverError("the cable is out")

    from dataclasses import replace

    dead = replace(body, driver=Dead())
    verdict = loop.run("x", parts(dead, ScriptedProposer.of(STEPS, GOAL)), budget=QUICK)
    assert verdict.status is Status.DRIVER
    assert verdict.reason == "the cable is out"
