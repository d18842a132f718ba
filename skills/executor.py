"""One ground skill, done: preconditions observed, controller run, invariants watched, effects measured afresh.

Nothing moves when a precondition is unmet. Success is what predicates say of a new observation, never what a
controller believes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from skills.driver import DriverError, Embodiment
from skills.failure import DEFAULT_BLAME, Blame, Failure, FailureKind
from skills.predicates import symbolic_state
from skills.runner import Broken, CommandRecord, OutOfTicks, Runner
from skills.second_look import look_again
from skills.skill import GroundSkill, Settle
from skills.state import State
from skills.symbols import GroundAtom, GroundOperator, Literal

VERIFY_TICKS = 120  # control ticks that things may take to come to rest before effects are measured


@dataclass(frozen=True)
class StepReport:
    """What one step did. ``measured``: every expected literal, as observed afterwards (empty when nothing was
    measured); ``gained``/``lost``: facts that changed; ``ticks``: control ticks used."""

    step: GroundSkill
    step_index: int | None
    expected: tuple[Literal, ...]
    measured: Mapping[Literal, bool] = field(default_factory=dict)
    failure: Failure | None = None
    ticks: int = 0
    gained: frozenset[GroundAtom] = frozenset()
    lost: frozenset[GroundAtom] = frozenset()
    commands: tuple[CommandRecord, ...] = ()

    @property
    def ok(self) -> bool:
        """No failure, and every expected literal was measured true."""
        return self.failure is None


def expected_effects(operator: GroundOperator) -> tuple[Literal, ...]:
    """The literals that must be observed after a step. That the arm left its rest posture is no one's aim."""
    return tuple(x for x in operator.effects if x.positive or x.atom.predicate != "home")


def execute(
    step: GroundSkill,
    body: Embodiment,
    *,
    step_index: int | None = None,
    on_tick: Callable[[], None] | None = None,
) -> StepReport:
    """Run ``step`` on ``body`` and report what came true.

    ``on_tick`` is called after every control tick that passes; whatever it raises stops the robot and goes on to
    the caller, as KeyboardInterrupt does. Every other trouble becomes a `Failure` in the report.
    """
    operator = step.operator
    report = StepReport(step, step_index, expected_effects(operator))
    try:
        obs = body.observe()
    except DriverError as error:
        return replace(report, failure=_failure(FailureKind.DRIVER, str(error), step_index))
    before = symbolic_state(obs)
    refused = check_step(step, before)
    if refused is not None:
        return replace(report, failure=replace(refused, step=step_index))
    runner = Runner(body, operator.invariants, step.skill.max_ticks, on_tick)
    try:
        failure = runner.run(step.skill.controller(obs, body.kinematics, step.args))
        ended = body.driver.read_state().tick
        if not (runner.records and isinstance(runner.last, Settle)):
            runner.settle(VERIFY_TICKS)
        after = symbolic_state(look_again(body, runner, report.expected, ended))
    except (Broken, OutOfTicks) as trouble:
        failure = trouble.failure
        after = _look(body) or before
    except DriverError as error:
        _stop(body)
        failure = _failure(FailureKind.DRIVER, str(error), step_index)
        after = _look(body) or before
    except BaseException:
        _stop(body)
        raise
    return _verdict(report, before, after, failure, runner)


def check_step(step: GroundSkill, state: State) -> Failure | None:
    """Why ``step`` may not start in ``state``: unknown objects, wrong types, unmet preconditions; None if it may."""
    for name, parameter in zip(step.args, step.skill.operator.parameters, strict=False):
        thing = state.things.get(name)
        if thing is None:
            present = ", ".join(sorted(state.things)) or "nothing"
            return _failure(FailureKind.UNKNOWN_OBJECT, f"{step}: no object {name!r}; present: {present}", None)
        if parameter.type not in thing.types:
            detail = f"{step}: {name!r} is no {parameter.type}, it is {', '.join(sorted(thing.types))}"
            return _failure(FailureKind.WRONG_TYPE, detail, None)
    unmet = state.unmet(step.operator.preconditions)
    if unmet:
        detail = f"{step} needs {', '.join(map(str, unmet))}"
        return Failure(FailureKind.PRECONDITION, detail, None, unmet, DEFAULT_BLAME[FailureKind.PRECONDITION])
    return None


def _verdict(report: StepReport, before: State, after: State, failure: Failure | None, runner: Runner) -> StepReport:
    measured = {x: after.holds(x) for x in report.expected}
    unmet = tuple(x for x, true in measured.items() if not true)
    if failure is None and unmet:
        detail = f"{report.step}: measured afterwards, not so: {', '.join(map(str, unmet))}"
        failure = Failure(FailureKind.EFFECT, detail, unmet=unmet)
    if failure is not None:
        blame: Blame = failure.blame or DEFAULT_BLAME[failure.kind]
        failure = replace(failure, step=report.step_index, blame=blame)
    return replace(
        report,
        measured=measured,
        failure=failure,
        ticks=runner.ticks,
        gained=after.atoms - before.atoms,
        lost=before.atoms - after.atoms,
        commands=tuple(runner.records),
    )


def _failure(kind: FailureKind, detail: str, step_index: int | None) -> Failure:
    return Failure(kind, detail, step_index, blame=DEFAULT_BLAME[kind])


def _look(body: Embodiment) -> State | None:
    try:
        return symbolic_state(body.observe())
    except DriverError:
        return None


def _stop(body: Embodiment) -> None:
    with contextlib.suppress(DriverError):  # cannot even be told: the failure that led here is the one to report
        body.driver.stop()
