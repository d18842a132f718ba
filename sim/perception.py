"""Perception from the simulator's ground truth: exact, complete, and named so in every report."""

from __future__ import annotations

from collections.abc import Mapping

from sim.world import World
from skills.driver import FeelingPerception, Perception, SearchingPerception
from skills.types import ObjectState, Pose, RobotState


class OraclePerception:
    """Every thing where it truly is. Reported numbers must say that perception was an oracle."""

    name = "oracle"

    def __init__(self, world: World) -> None:
        self.world = world

    def objects(self) -> Mapping[str, ObjectState]:
        """All things by name, seen now."""
        return {name: self.world.state(name) for name in (*self.world.bodies, *self.world.stuff)}


class WithFurniture:
    """Another perception of loose things, beside furniture with moving parts that is known as the room itself is: where
    it stands from the map, how far it is open from the joints (exact, as by encoders). Spills and loose stuff are
    exact, too: no camera model of them exists here."""

    def __init__(self, inner: Perception, world: World) -> None:
        self.inner, self.world = inner, world
        self.name = inner.name
        self._names = (*(n for n in world.bodies if n not in world.things), *world.spills, *world.stuff)

    def objects(self) -> Mapping[str, ObjectState]:
        """What the other one sees, and the furniture as it is."""
        return {**self.inner.objects(), **{n: self.world.state(n) for n in self._names}}

    def unseen(self) -> Mapping[str, ObjectState]:
        """What the other one has not seen."""
        return self.inner.unseen() if isinstance(self.inner, SearchingPerception) else {}

    def look(self, state: RobotState, pose_world_tool: Pose, around: bool = False) -> None:
        """Let the other one look, if it can be told to."""
        if isinstance(self.inner, SearchingPerception):
            self.inner.look(state, pose_world_tool, around)

    def feel(self, state: RobotState, pose_world_tool: Pose) -> None:
        """The robot's own reading, for a perception that wants it."""
        if isinstance(self.inner, FeelingPerception):
            self.inner.feel(state, pose_world_tool)
