"""The loop: observe, propose, ground, decide, execute, verify, and again, until the goal is measured true.

A plan is entered anew before every step (`planner.entry`): so a step that has become needless is skipped, a step
that came undone is done again, and a plan that no longer leads to the goal is given up before anything moves for it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from envs.goals import Goal
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
from planner.inside import next_shut, sought, steps_to
from planner.nearer import going_there, place_to_look_from
from planner.parts import Answer, Execute, Parts, Usage, nobody
from planner.plan import Act, Ask, Decision, Past, Plan, PlanStep, Proposal, Refuse, Request
from skills.driver import DriverError
from skills.failure import Failure, FailureKind
from skills.state import State
from skills.symbols import Literal, lit
from skills.types import Observation

__all__ = ["Answer", "Execute", "Parts", "Usage", "decide", "nobody", "run"]


@dataclass
class _Spent:
    """Counters of one run."""

    attempts: int = 0
    calls: int = 0
    questions: int = 0
    steps: int = 0
    looks: int = 0  # of the steps, those that only led to a nearer look


@dataclass
class _Run:
    """What one run knows so far."""

    instruction: str
    goal: Goal | None
    spent: _Spent = field(default_factory=_Spent)
    past: list[Past] = field(default_factory=list)
    dialogue: list[tuple[str, str]] = field(default_factory=list)
    proposals: tuple[Proposal, ...] = ()
    start_tick: int | None = None
    last_tick: int = 0
    failure: Failure | None = None
    looked: set[str] = field(default_factory=set)  # places gone to for a nearer look, and containers looked into


def run(instruction: str, parts: Parts, goal: Goal | None = None, budget: Budget | None = None) -> Verdict:
    """Carry out one instruction; everything that happens goes to ``parts.events``.

    ``goal``: given from outside (a task file); None: the goal is the one of the plan that is acted upon first,
    and stays it, so that no later attempt can lower the bar. The driver must be connected. Returns the verdict
    and never raises for what a robot or a person does (failure, link loss, Ctrl-C); whatever else is raised
    comes through after the robot was stopped.
    """
    return _Loop(parts, budget or Budget(), _Run(instruction, goal)).run()


def decide(
    instruction: str, parts: Parts, goal: Goal | None = None, budget: Budget | None = None
) -> tuple[Decision, State]:
    """Only think: observe, propose, ground. Nothing moves."""
    loop = _Loop(parts, budget or Budget(), _Run(instruction, goal))
    loop.tell(Started(instruction, goal))
    observation, state = loop.look()
    return loop.think(observation, state), state


class _Loop:
    """One run of the loop. Kept as an object so that every hop reads the same few things."""

    def __init__(self, parts: Parts, budget: Budget, job: _Run) -> None:
        self.parts, self.budget, self.job = parts, budget, job
        self.body, self.tell = parts.body, parts.events

    # -- the frame ------------------------------------------------------------------------------------

    def run(self) -> Verdict:
        self.tell(Started(self.job.instruction, self.job.goal))
        try:
            verdict = self._work()
        except KeyboardInterrupt as e:
            self._stop()
            why = str(e) or "stopped by a person"
            verdict = self._verdict(Status.INTERRUPTED, f"{why}; the robot holds still")
        except DriverError as e:
            self._stop()
            self.job.failure = Failure(FailureKind.DRIVER, str(e) or type(e).__name__)
            verdict = self._verdict(Status.DRIVER, self.job.failure.detail)
        except BaseException:
            self._stop()
            raise
        self.tell(verdict)
        return verdict

    def _work(self) -> Verdict:
        observation, state = self.look()
        if self.job.goal is not None and not self._unsettled(self.job.goal):
            return self._verdict(Status.REACHED, "the goal already holds; nothing had to move")
        while True:
            spent = self._exhausted()
            if spent:
                return self._verdict(Status.NOT_REACHED, spent)
            decision = self.think(observation, state)
            if isinstance(decision, Ask):
                answer = self._ask(decision)
                if answer is None:
                    return self._verdict(Status.ASKED, "a question is open", question=decision.question)
                self.job.dialogue.append((decision.question, answer))
            elif isinstance(decision, Refuse):
                if self._look_nearer(observation, decision.failure):
                    observation, state = self.look()
                    continue
                self.job.failure = decision.failure
                untouched = self.job.spent.steps == self.job.spent.looks
                status = Status.REFUSED if untouched else Status.NOT_REACHED
                return self._verdict(status, decision.failure.detail)
            else:
                verdict = self._attempt(decision.plan)
                if verdict is not None:
                    return verdict
            observation, state = self.look()

    def _attempt(self, plan: Plan) -> Verdict | None:
        """Carry a plan out, mending it by new grounding while only the world changed; None: think again."""
        while True:
            self.job.spent.attempts += 1
            self.job.goal = self.job.goal or plan.goal
            done, failure, changed = self._carry_out(plan)
            if failure is None:
                return self._verdict(Status.REACHED, "the goal was measured true")
            self.job.failure = failure
            self.job.past.append(Past(tuple(str(s.skill) for s in plan.steps), done, failure))
            if failure.kind is FailureKind.DRIVER and not self._recover():
                return self._verdict(Status.DRIVER, failure.detail)
            spent = self._exhausted()
            if spent:
                return self._verdict(Status.NOT_REACHED, spent)
            self.tell(Replanned(str(failure), failure))
            self._look_inside(sought(failure))
            if not changed or not self.job.proposals:
                return None
            observation, state = self.look()
            decision = self._ground(self._request(observation, state), fresh=False)
            if not isinstance(decision, Act):
                return None
            plan = decision.plan

    # -- hops 2 to 6: look, propose, ground, decide -----------------------------------------------------

    def look(self) -> tuple[Observation, State]:
        """A fresh observation, and what is true in it."""
        observation, state = self._measure()
        self.tell(Observed(observation, state))
        return observation, state

    def think(self, observation: Observation, state: State) -> Decision:
        """Ask the proposer, ground what it says."""
        request = self._request(observation, state)
        began = self.parts.clock()
        self.job.spent.calls += 1
        self.job.proposals = tuple(self.parts.proposer.propose(request, self.budget.proposals))
        self.tell(Proposed(self.job.proposals, self.parts.clock() - began, self.parts.usage()))
        return self._ground(request, fresh=True)

    def _ground(self, request: Request, fresh: bool) -> Decision:
        began = self.parts.clock()
        grounded = self.parts.grounder.ground(request, list(self.job.proposals), self.body)
        self.tell(Decided(grounded, self.parts.clock() - began, fresh))
        return grounded.decision

    def _request(self, observation: Observation, state: State) -> Request:
        job = self.job
        return Request(
            job.instruction, observation, state, self.parts.library, tuple(job.past), tuple(job.dialogue), job.goal,
            self.parts.context,
        )  # fmt: skip

    def _ask(self, ask: Ask) -> str | None:
        answer = None
        if self.job.spent.questions < self.budget.questions:
            self.job.spent.questions += 1
            answer = self.parts.ask(ask.question, ask.options)
        answer = " ".join(answer.split()) if answer else None
        self.tell(Asked(ask.question, ask.options, answer or None))
        return answer or None

    # -- hops 7 to 9: execute, verify, stop --------------------------------------------------------------

    def _carry_out(self, plan: Plan) -> tuple[int, Failure | None, bool]:
        """(steps verified, failure or None for "goal measured true", whether only the world changed)."""
        steps = plan.steps
        position, done, redone = 0, 0, 0
        while True:
            observation, state = self._measure()  # the world may have changed since the last step was verified
            entry = furthest_entry(state, steps, plan.goal)
            if entry is not None and entry < position:
                redone += position - entry
            if entry is None or (entry < len(steps) and redone > len(steps)):  # or: undone again and again
                where = f"before its step {position + 1}" if position < len(steps) else "after its last step"
                detail = f"the plan no longer reaches the goal {where}"
                return done, Failure(FailureKind.GOAL, detail, unmet=plan.goal.unmet(state)), True
            if entry < position:
                self.tell(Replanned(f"step {entry + 1}, {steps[entry].skill}, came undone and is done again"))
            for i in range(position, entry):
                self.tell(StepSkipped(i, steps[i]))
            position = entry
            if entry == len(steps):
                unmet = self._unsettled(plan.goal)
                if not unmet:
                    return done, None, False
                redone += 1
                if redone > len(steps):
                    return done, Failure(FailureKind.GOAL, "the goal held but did not last", unmet=unmet), True
                continue
            failure = self._step(entry, steps[entry], observation)
            if failure is not None:
                return done, failure, False
            position, done = entry + 1, done + 1

    def _step(self, index: int, step: PlanStep, observation: Observation) -> Failure | None:
        skill, args = step.skill.skill, step.skill.args
        left = self.budget.ticks - self._ticks()
        if left < skill.max_ticks:  # never start what would have to be cut off in mid-air
            detail = f"{max(left, 0)} of {self.budget.ticks} ticks are left, {skill.name} may need {skill.max_ticks}"
            return Failure(FailureKind.TIMEOUT, detail, step=index)
        self.body.kinematics.sync(observation)
        affordance = skill.affordance(observation, self.body.kinematics, args)
        self.tell(StepStarted(index, step, affordance))
        began = self.parts.clock()
        self.job.spent.steps += 1
        report = self.parts.execute(step.skill, self.body, step_index=index)
        failure = None if report.failure is None else replace(report.failure, step=index)
        try:
            after, state = self._measure()
        except DriverError:
            if failure is None:
                raise
            after, state = observation, self.parts.sense(observation)  # the link is gone: the last thing that was seen
        self.tell(StepDone(index, step, report, failure, after, state, self.parts.clock() - began))
        return failure

    def _look_inside(self, name: str | None) -> None:
        """Open what is shut until ``name`` is seen; what it is not in is shut again."""
        observation, state = self._measure()
        said, looked = self.job.instruction, self.job.looked
        name = None if name in observation.objects else name
        while name is not None and (shut := next_shut(observation, state, said, looked)) is not None:
            looked.add(shut)
            for goal in (lit("open", shut), lit("known", name), lit("closed", shut)):
                for step in steps_to(goal, self.parts.library, observation, state, self.body):
                    if self._step(0, step, observation) is not None:
                        break
                    observation, state = self._measure()
                self.body.look_around()
                observation, state = self._measure()
                if name in observation.objects:
                    return

    def _look_nearer(self, observation: Observation, failure: Failure) -> bool:
        """Go to where what the failure is about was seen from far off, and look; whether there is something new."""
        job = self.job
        place = place_to_look_from(observation, failure, job.goal, job.looked)
        step = None if place is None else going_there(place, self.parts.library, observation, self.body)
        if place is None or step is None:
            return False
        job.looked.add(place)
        job.spent.looks += 1
        if self._step(0, step, observation) is not None:
            return False
        self.body.look_around()
        return True

    def _unsettled(self, goal: Goal) -> tuple[Literal, ...]:
        """What is missing of the goal in two measurements, with a pause between in which things come to rest."""
        for settled in (False, True):
            if settled:
                self.body.driver.wait(self.budget.settle_ticks)
            observation, state = self._measure()
            unmet = goal.unmet(state)
            self.tell(GoalChecked(goal, unmet, settled, observation, state))
            if unmet:
                return unmet
        return ()

    def _measure(self) -> tuple[Observation, State]:
        observation = self.body.observe()
        self.job.last_tick = observation.tick
        if self.job.start_tick is None:
            self.job.start_tick = observation.tick
        return observation, self.parts.sense(observation)

    # -- budgets, endings ---------------------------------------------------------------------------------

    def _ticks(self) -> int:
        return self.job.last_tick - (self.job.start_tick or 0)

    def _exhausted(self) -> str | None:
        """Which budget is spent, in words; None when there is some of each left."""
        spent, budget = self.job.spent, self.budget
        for used, limit, what in (
            (spent.attempts, budget.attempts, "attempts"),
            (spent.calls, budget.calls, "calls to the proposer"),
            (self._ticks(), budget.ticks, "control ticks"),
        ):
            if used >= limit:
                return f"the budget of {limit} {what} is spent"
        return None

    def _recover(self) -> bool:
        try:
            self.body.driver.recover()
        except DriverError:
            return False
        self.tell(Recovered("the robot is ready again"))
        return True

    def _stop(self) -> None:
        with suppress(Exception):  # a dead link must not hide why the run ended
            self.body.driver.stop()

    def _verdict(self, status: Status, reason: str, question: str | None = None) -> Verdict:
        goal, unmet = self.job.goal, tuple[Literal, ...]()
        with suppress(DriverError):
            _, state = self._measure()
            unmet = goal.unmet(state) if goal is not None and status is not Status.REACHED else ()
        failure = None if status is Status.REACHED else self.job.failure
        return Verdict(status, reason, goal, unmet, failure, question, self._ticks())
