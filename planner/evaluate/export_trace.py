"""What an export is made of: an episode carried out again, with joints, targets and poses noted at a fixed rate.

Nothing is invented: the recorded decisions run through the same loop and physics (`planner.session.replay_episode`),
and only a repetition that is equal to the record to the last bit is handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.events import (
    Asked,
    Decided,
    Event,
    GoalChecked,
    Recovered,
    Replanned,
    StepDone,
    StepSkipped,
    StepStarted,
    Verdict,
)
from planner.plan import Act, Ask
from planner.session import replay_episode
from skills.types import Form, Pose, Vec3

if TYPE_CHECKING:
    from planner.workplace import Workplace
    from sim.world import World

FPS = 30
INFO, WARNING, ERROR = "info", "warning", "error"


class ExportError(ValueError):
    """What was asked for cannot be exported; the message says why and what to do."""


@dataclass(frozen=True)
class Sample:
    """One moment. ``time`` [s] since the start; ``q``, ``dq`` (D,) [rad], [rad/s] and ``width`` [m] as measured;
    ``target_q`` (D,) and ``target_width``: what the motors were told last; ``poses``: things in the world frame."""

    time: float
    q: tuple[float, ...]
    dq: tuple[float, ...]
    width: float
    target_q: tuple[float, ...]
    target_width: float
    pose_world_tool: Pose
    poses: Mapping[str, Pose]


@dataclass(frozen=True)
class Mark:
    """Something that happened. ``time`` [s]; ``level``: info, warning or error."""

    time: float
    level: str
    name: str
    text: str


@dataclass(frozen=True)
class Thing:
    """What an object or a piece of furniture looks like. ``size``: full extents [m]; ``pose_world``: of a piece of
    furniture, which never moves; None for objects."""

    name: str
    form: Form
    size: Vec3
    rgba: tuple[float, float, float, float]
    pose_world: Pose | None = None


@dataclass
class Trace:
    """A whole episode, sampled. ``joints``: names in the order of ``q``; ``robot``: the model's name; ``equal``: to the
    record, to the last bit."""

    fps: int
    robot: str = ""
    joints: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    samples: list[Sample] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    equal: bool = True


def trace_of(episode: Mapping[str, Any], fps: int = FPS, drift: bool = False) -> Trace:
    """Carry the episode out again and note everything.

    ``drift``: a repetition whose bits differ, as after a change of the physics, is good enough when it takes the
    same steps with the same measured literals to the same verdict. Raises ExportError when the episode was not
    simulated or the repetition parts from the record (other code, other library versions), EpisodeError when the
    record lacks a part, ValueError for a rate that does not divide 240 Hz.
    """
    from sim.world import STEP

    every = round(1 / (STEP * fps))
    if fps < 1 or abs(every * STEP * fps - 1) > 1e-9:
        raise ValueError(f"the physics takes 240 steps a second; --fps must divide that, got {fps}")
    watch = _Watch(fps, every)
    done = replay_episode(episode, watch.listen, visit=watch.visit)
    if watch.world is None:
        raise ExportError("it did not run in the simulator, so there are no joint targets to write")
    if not done.replay.equal:
        if not drift:
            raise ExportError(
                f"its repetition is not equal to the record: {done.replay.divergence}; record it again with this "
                "code, or accept the same steps and verdict with --drift"
            )
        if _story(done.replay.episode) != _story(episode):
            raise ExportError(f"its repetition tells another story than the record: {done.replay.divergence}")
    watch.trace.equal = done.replay.equal
    return watch.trace


def _story(episode: Mapping[str, Any]) -> list[Any]:
    """What was done and measured, without numbers."""
    steps = [(s["step"], s.get("evidence")) for a in episode["attempts"] for s in a["steps"]]
    return [steps, episode["verdict"]["status"]]


class _Watch:
    """Looks at the world every few physics steps, and at the loop's events."""

    def __init__(self, fps: int, every: int) -> None:
        self.trace = Trace(fps)
        self.world: World | None = None
        self._every = every

    def visit(self, place: Workplace) -> None:
        if place.stage is None:
            return
        world = self.world = place.stage.world
        spec = world.robot.spec
        self.trace.robot, self.trace.joints = spec.name, tuple(spec.joint_names)
        fixed = [Thing(f.name, Form.BOX, f.size, f.rgba, f.pose_world) for f in world.spec.fixtures]
        loose = [Thing(b.name, b.shape.form, b.shape.size, b.rgba) for b in world.bodies.values()]
        self.trace.things = (*fixed, *loose)
        world.on_step(self._note, self._every)
        self._note(world)

    def _note(self, world: World) -> None:
        arm = world.arm
        q, dq, width, _ = arm.state()
        self.trace.samples.append(
            Sample(
                len(self.trace.samples) / self.trace.fps,
                q,
                dq,
                width,
                arm.commanded,
                arm.gripping[0],
                arm.pose_world_tool(),
                {name: world.pose(name) for name in world.bodies},
            )
        )

    def listen(self, event: Event) -> None:
        if self.world is None:
            return
        from sim.world import STEP

        time = self.world.tick * STEP
        self.trace.marks += [Mark(time, *said) for said in _said(event)]


def _said(event: Event) -> Iterator[tuple[str, str, str]]:
    """(level, name, text) of what is worth a line in a log."""
    if isinstance(event, Decided):
        decision = event.grounded.decision
        for row in event.grounded.table:
            scores = f"LM {row.lm_score:.2f}, affordance {row.affordance:.2f}, combined {row.combined:.2f}"
            steps = "; ".join(map(str, (s for s in row.proposal.steps)))
            yield INFO, "proposal", f"{steps} ({scores}): {row.verdict}"
        if isinstance(decision, Act):
            yield INFO, "decision", "act: " + "; ".join(str(s.skill) for s in decision.plan.steps)
        elif isinstance(decision, Ask):
            yield INFO, "decision", f"ask: {decision.question}"
        else:
            yield WARNING, "decision", f"refuse: {decision.failure}"
    elif isinstance(event, StepStarted):
        yield INFO, "step", f"{event.step.skill} begins, affordance {event.affordance.value:.2f}"
    elif isinstance(event, StepDone):
        measured = event.report.measured
        seen = ", ".join(f"{x} {'yes' if measured.get(x) else 'NO'}" for x in event.report.expected)
        yield INFO, "step", f"{event.step.skill} ends; measured: {seen}"
        if event.failure is not None:
            yield ERROR, "failure", str(event.failure)
    elif isinstance(event, StepSkipped):
        yield INFO, "step", f"{event.step.skill} is not needed any more"
    elif isinstance(event, Replanned):
        yield WARNING, "replan", event.reason
    elif isinstance(event, Asked):
        yield INFO, "question", f"{event.question} - {event.answer if event.answer is not None else '(no answer)'}"
    elif isinstance(event, Recovered):
        yield WARNING, "recovery", event.detail
    elif isinstance(event, GoalChecked):
        unmet = ", ".join(map(str, event.unmet))
        yield INFO, "goal", "measured: " + (f"unmet {unmet}" if unmet else "true")
    elif isinstance(event, Verdict):
        yield INFO, "verdict", f"{event.status.value}: {event.reason}"
