"""A person between a plan and a robot: approves the plan, or every step, and sees first how it went in simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.parts import Execute
from planner.plan import Act, Grounded, Grounder, Proposal, Request
from skills.driver import Embodiment
from skills.executor import StepReport
from skills.skill import GroundSkill
from skills.types import Observation

Yes = Callable[[str], bool]
Rehearse = Callable[[Observation, Sequence[GroundSkill]], str]


class Declined(KeyboardInterrupt):
    """A person said no. Ends a run as Ctrl-C does: the robot holds still."""


@dataclass(frozen=True)
class ApprovedPlans:
    """A grounder whose plans are acted on only when ``yes`` says so. ``rehearse``: tries a plan in simulation and says
    in words how it went, None: nobody tries it."""

    inner: Grounder
    yes: Yes
    rehearse: Rehearse | None = None

    def ground(self, request: Request, proposals: Sequence[Proposal], body: Embodiment) -> Grounded:
        """As the inner one; raises Declined when the person says no."""
        grounded = self.inner.ground(request, list(proposals), body)
        if isinstance(grounded.decision, Act):
            steps = [s.skill for s in grounded.decision.plan.steps]
            tried = f" ({self.rehearse(request.observation, steps)})" if self.rehearse is not None else ""
            if not self.yes(f"Plan: {'; '.join(map(str, steps))}{tried}. Carry it out?"):
                raise Declined("the plan was not approved")
        return grounded


@dataclass(frozen=True)
class ApprovedSteps:
    """Carries out a step only when ``yes`` says so."""

    inner: Execute
    yes: Yes

    def __call__(self, step: GroundSkill, body: Embodiment, *, step_index: int | None = None) -> StepReport:
        """As the inner one; raises Declined when the person says no."""
        if not self.yes(f"Next: {step}. Do it?"):
            raise Declined(f"{step} was not approved")
        return self.inner(step, body, step_index=step_index)


def yes_at_terminal(ask: Callable[[str], str]) -> Yes:
    """Yes or no from whoever types: anything but y or yes is no, and so is the end of the input."""

    def yes(question: str) -> bool:
        try:
            return ask(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except EOFError:
            return False

    return yes
