"""Open loop: think once, carry every step out, look at nothing. The baselines run so; ours does not.

Same parts, same events, same record as `planner.loop.run`, so that both can be compared, shown and replayed alike.
"""

from __future__ import annotations

from contextlib import suppress

from envs.goals import Goal
from planner.budget import Budget
from planner.events import Asked, Decided, Observed, Proposed, Started, Status, StepDone, StepStarted, Verdict
from planner.loop import Parts
from planner.plan import Ask, Plan, PlanStep, Refuse, Request
from skills.driver import DriverError
from skills.failure import Failure, FailureKind
from skills.types import Observation


def run(instruction: str, parts: Parts, goal: Goal | None = None, budget: Budget | None = None) -> Verdict:
    """Carry out one instruction without any feedback; content when the last step has been tried.

    A step that fails is noted and the next one is tried; one whose preconditions fail moves nothing. Only driver
    trouble and the tick budget end it early. Never raises for what a robot or a person does.
    """
    budget = budget or Budget()
    parts.events(Started(instruction, goal))
    run = _Run(parts, budget)
    try:
        verdict = run.work(instruction, goal)
    except KeyboardInterrupt:
        run.stop()
        verdict = run.verdict(Status.INTERRUPTED, "stopped by a person; the robot holds still")
    except DriverError as error:
        run.stop()
        detail = str(error) or type(error).__name__
        verdict = run.verdict(Status.DRIVER, detail, Failure(FailureKind.DRIVER, detail))
    except BaseException:
        run.stop()
        raise
    parts.events(verdict)
    return verdict


class _Run:
    def __init__(self, parts: Parts, budget: Budget) -> None:
        self.parts, self.budget = parts, budget
        self.goal: Goal | None = None
        self.start = self.now = 0

    def work(self, instruction: str, goal: Goal | None) -> Verdict:
        parts = self.parts
        observation = self._look()
        self.start = observation.tick
        state = parts.sense(observation)
        parts.events(Observed(observation, state))
        request = Request(instruction, observation, state, parts.library, goal=goal)
        began = parts.clock()
        proposals = parts.proposer.propose(request, self.budget.proposals)
        parts.events(Proposed(tuple(proposals), parts.clock() - began, parts.usage()))
        began = parts.clock()
        grounded = parts.grounder.ground(request, proposals, parts.body)
        parts.events(Decided(grounded, parts.clock() - began))
        decision = grounded.decision
        if isinstance(decision, Ask):
            parts.events(Asked(decision.question, decision.options, None))
            return self.verdict(Status.ASKED, "a question is open", question=decision.question)
        if isinstance(decision, Refuse):
            return self.verdict(Status.REFUSED, decision.failure.detail, decision.failure)
        return self._carry_out(decision.plan)

    def _carry_out(self, plan: Plan) -> Verdict:
        self.goal = plan.goal
        for i, step in enumerate(plan.steps):
            failure = self._step(i, step)
            if failure is not None and failure.kind is FailureKind.DRIVER:
                return self.verdict(Status.DRIVER, failure.detail, failure)
            left = self.budget.ticks - (self.now - self.start)
            if left <= 0:
                return self.verdict(Status.NOT_REACHED, f"the budget of {self.budget.ticks} control ticks is spent")
        return self.verdict(Status.REACHED, "every step was carried out; nothing was checked")

    def _step(self, index: int, step: PlanStep) -> Failure | None:
        parts = self.parts
        parts.events(StepStarted(index, step, step.affordance))
        began = parts.clock()
        report = parts.execute(step.skill, parts.body, step_index=index)
        after = self._look()
        event = StepDone(index, step, report, report.failure, after, parts.sense(after), parts.clock() - began)
        parts.events(event)
        return report.failure

    def _look(self) -> Observation:
        observation = self.parts.body.observe()
        self.now = observation.tick
        return observation

    def stop(self) -> None:
        with suppress(Exception):  # a dead link must not hide why the run ended
            self.parts.body.driver.stop()

    def verdict(
        self, status: Status, reason: str, failure: Failure | None = None, question: str | None = None
    ) -> Verdict:
        return Verdict(status, reason, self.goal, (), failure, question, self.now - self.start)
