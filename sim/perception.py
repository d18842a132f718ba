"""Perception from the simulator's ground truth: exact, complete, and named so in every report."""

from __future__ import annotations

from collections.abc import Mapping

from sim.world import World
from skills.types import ObjectState


class OraclePerception:
    """Every thing where it truly is. Reported numbers must say that perception was an oracle."""

    name = "oracle"

    def __init__(self, world: World) -> None:
        self.world = world

    def objects(self) -> Mapping[str, ObjectState]:
        """All things by name, seen now."""
        return {name: self.world.state(name) for name in self.world.bodies}
