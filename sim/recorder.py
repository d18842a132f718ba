"""What moved where, noted while an episode runs: poses only, so that recording costs next to nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.world import STEP, World, WorldSpec
from skills.types import Quat, Vec3

EVERY = 16  # physics steps between frames: 15 frames per simulated second


@dataclass(frozen=True)
class Frame:
    """One moment. ``tick``: physics steps; ``joints``: base (if it drives), arm, fingers; ``poses``: things in the
    order of the world; ``units``: the joints of each piece of furniture that has some, and whether it shines;
    ``grains``: all of each loose stuff; ``wiped``: the clean cells of each spill."""

    tick: int
    joints: tuple[float, ...]
    poses: tuple[tuple[Vec3, Quat], ...]
    units: tuple[tuple[float, ...], ...] = ()
    grains: tuple[tuple[Vec3, ...], ...] = ()
    wiped: tuple[tuple[bool, ...], ...] = ()

    def moved_from(self, other: Frame) -> bool:
        """Whether the two would look different (more than 0.2 mm or mrad somewhere)."""
        if any(abs(a - b) > 2e-4 for a, b in zip(self.joints, other.joints, strict=True)):
            return True
        pairs = (p for u, v in zip(self.units, other.units, strict=True) for p in zip(u, v, strict=True))
        if any(abs(a - b) > 2e-4 for a, b in pairs) or self.wiped != other.wiped:
            return True
        balls = zip(self.grains, other.grains, strict=True)
        if any(math.dist(a, b) > 2e-4 for mine, theirs in balls for a, b in zip(mine, theirs, strict=True)):
            return True
        return any(
            abs(a - b) > 2e-4
            for mine, theirs in zip(self.poses, other.poses, strict=True)
            for x, y in zip(mine, theirs, strict=True)
            for a, b in zip(x, y, strict=True)
        )


@dataclass(frozen=True)
class Recording:
    """A whole episode. ``rate``: frames per simulated second."""

    spec: WorldSpec
    frames: tuple[Frame, ...]
    rate: float

    @property
    def duration(self) -> float:
        """Simulated seconds."""
        return len(self.frames) / self.rate


class Recorder:
    """Notes a frame every ``every`` physics steps from now until `stop`."""

    def __init__(self, world: World, every: int = EVERY) -> None:
        self.world = world
        self.every = every
        self._frames: list[Frame] = []
        self._remove = world.on_step(self._note, every)
        self._note(world)

    def _note(self, world: World) -> None:
        c, arm = world.client, world.arm
        rows = c.getJointStates(arm.body, arm.moving)
        poses = tuple(c.getBasePositionAndOrientation(c.body(name)) for name in world.things)
        units = tuple((*u.positions(), float(u.lit)) for u in world.units)
        grains = tuple(g.positions() for g in world.stuff.values())
        wiped = tuple(tuple(map(bool, s.wiped)) for s in world.spills.values())
        self._frames.append(Frame(world.tick, tuple(r[0] for r in rows), poses, units, grains, wiped))

    def recording(self) -> Recording:
        """What was noted so far."""
        return Recording(self.world.spec, tuple(self._frames), 1 / (STEP * self.every))

    def stop(self) -> Recording:
        """End, and hand over what was noted; harmless the second time."""
        self._remove()
        return self.recording()
