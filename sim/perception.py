"""Perception from the simulator's ground truth: exact, complete, and named so in every report."""

from __future__ import annotations

from collections.abc import Mapping

from sim.world import World
from skills.types import ObjectState

STEPS_PER_TICK = 4


class OraclePerception:
    """Every thing where it truly is. Reported numbers must say that perception was an oracle."""

    name = "oracle"

    def __init__(self, world: World) -> None:
        self.world = world

    def objects(self) -> Mapping[str, ObjectState]:
        """All things by name, seen now."""
        world = self.world
        tick = world.tick // STEPS_PER_TICK
        return {name: body.state(world.pose(name), tick) for name, body in world.bodies.items()}
