"""The judge: ground truth about an episode, read while it runs and at its end. Knows nothing of planners.

It watches through hooks on the physics steps: forbidden literals at every control tick, motion of bystanders ten
times a second. At the end it lets things settle and judges the goal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from envs.facts import PhysicalFacts, where_robot_stands
from envs.goals import Goal
from envs.scenes import Scene
from envs.task import Task
from sim.truth import Truth
from sim.world import World
from skills.symbols import Literal
from skills.types import Pose

WATCH_STEPS = 4  # physics steps between looks at forbidden literals: one control tick
LOOK_STEPS = 24  # physics steps between looks at bystanders: a tenth of a second
MOVED = 0.02  # [m] a thing displaced further was moved
TOPPLED = math.radians(30)  # a thing whose axis turned further fell over


@dataclass(frozen=True)
class Broken:
    """A forbidden literal that held. ``step``: physics step (1/240 s) of the first time."""

    literal: str
    step: int


@dataclass(frozen=True)
class Collateral:
    """A bystander that was moved. ``moved`` [m]: the farthest seen; ``toppled``: it fell over."""

    name: str
    moved: float
    toppled: bool


@dataclass(frozen=True)
class Verdict:
    """What became of an episode.

    ``success``: the goal holds and nothing forbidden ever held; None when the task names no goal. ``holds``: each
    literal of the goal; ``moved``: everything displaced or toppled, bystander or not; ``settled``: things had come to
    rest when the goal was judged.
    """

    success: bool | None
    holds: Mapping[str, bool]
    forbidden: tuple[Broken, ...]
    collateral: tuple[Collateral, ...]
    moved: tuple[str, ...]
    settled: bool

    def to_json(self) -> dict[str, Any]:
        """Plain data for an episode's line."""
        return asdict(self) | {"holds": dict(self.holds)}


class Judge:
    """Watches ``world`` from now on; the poses of this moment are the start. `close` ends the watch.

    ``task``: gives goal, forbidden literals and the names that may move.
    """

    def __init__(self, world: World, task: Task, scene: Scene) -> None:
        self.world, self.task, self.scene = world, task, scene
        self.named = frozenset(_named(task))
        self._broken: dict[Literal, int] = {}
        self._farthest: dict[str, float] = {}
        self._toppled: set[str] = set()
        self._visited: set[str] = set()
        facts = self.facts()
        self._start = facts.truth
        self._carried_by = {n: frozenset(facts.carriers(n)) for n in world.bodies}
        self._removers = [world.on_step(lambda w: self._look(w.truth(contacts=False)), LOOK_STEPS)]
        if scene.stations:
            self._removers.append(world.on_step(lambda _: self._stands(), LOOK_STEPS))
        if task.forbidden:
            self._removers.append(world.on_step(lambda _: self._watch(self.facts()), WATCH_STEPS))

    def close(self) -> None:
        """Stop watching; harmless the second time."""
        for remove in self._removers:
            remove()
        self._removers = []

    def facts(self) -> PhysicalFacts:
        """The facts of this moment."""
        return PhysicalFacts(self.world, self.scene.regions, self.scene.stations, self._visited)

    def _stands(self) -> None:
        here = where_robot_stands(self.world, self.scene.regions, self.scene.stations)
        if here is not None:
            self._visited.add(here)

    def holds(self, literal: Literal) -> bool:
        """Whether a literal is physically true now."""
        return self.facts().holds(literal)

    def verdict(self, goal: Goal | None = None, settle: bool = True) -> Verdict:
        """Judge the end. ``goal``: what was meant, when it is not the task's own (the intent of a person who was
        asked). ``settle``: let things come to rest first; the arm holds its last target meanwhile."""
        goal = goal or self.task.goal
        if settle:
            self.world.settle()
        facts = self.facts()
        truth = facts.truth
        self._look(truth)
        self._watch(facts)
        holds = {str(x): facts.holds(x) for x in goal.literals()} if goal is not None else {}
        broken = tuple(Broken(str(x), step) for x, step in sorted(self._broken.items(), key=lambda b: (b[1], b[0])))
        success = None if goal is None else goal.holds(facts) and not broken
        moved = tuple(n for n in self.world.bodies if self._moved(n))
        named = self.named | frozenset(goal.names() if goal is not None else ())
        collateral = tuple(
            Collateral(n, round(self._farthest[n], 4), n in self._toppled)
            for n in moved
            if n not in named and not self._rode_along(n, facts, named)
        )
        # what is held swings a little with the arm; a tower that still falls shows in metres a second
        return Verdict(success, holds, broken, collateral, moved, truth.still(speed=0.02, spin=0.3))

    def _watch(self, facts: PhysicalFacts) -> None:
        for literal in self.task.forbidden:
            if literal not in self._broken and facts.holds(literal):
                self._broken[literal] = facts.truth.tick

    def _look(self, truth: Truth) -> None:
        for name, pose in truth.poses.items():
            start = self._start.poses[name]
            away = math.dist(pose.position, start.position)
            self._farthest[name] = max(self._farthest.get(name, 0.0), away)
            if _turned(start, pose) > TOPPLED and self.world.bodies[name].shape.form.value != "sphere":
                self._toppled.add(name)

    def _moved(self, name: str) -> bool:
        return self._farthest.get(name, 0.0) > MOVED or name in self._toppled

    def _rode_along(self, name: str, facts: PhysicalFacts, named: frozenset[str]) -> bool:
        """It still rests on or lies in what carried it at the start, and that was meant to move."""
        before, now = self._carried_by[name], facts.carriers(name)
        return any(n in before and (n in named or self._rode_along(n, facts, named)) for n in now)


def _named(task: Task) -> set[str]:
    goals = [g for g in (task.goal, *(i.goal for i in task.intents)) if g is not None]
    return {n for g in goals for n in g.names()}


def _turned(before: Pose, after: Pose) -> float:
    """Angle between a thing's own z axis then and now [rad]."""
    cosine = float(before.rotation()[:, 2] @ after.rotation()[:, 2])
    return math.acos(max(-1.0, min(1.0, cosine)))
