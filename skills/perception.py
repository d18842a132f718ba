"""Perception by depth cameras: any source of `View`s becomes a `skills.driver.Perception`.

Ways to plug in eyes: give a `Cameras` (depth pictures with labels from your detector) and take `CameraPerception` as it
is, or keep your own tracker and implement `skills.driver.Perception`. Register either under the entry-point group
``groundplan.perception``, or name it ``module:Callable`` in the setting ``stage.perception``. What is named is called
with one `PerceptionSetup` and returns the perception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from skills.driver import Perception
from skills.perception_memory import ObjectMemory, Track
from skills.perception_model import ObjectModel
from skills.perception_view import View
from skills.resolve import ResolveError, resolve
from skills.types import Mode, ObjectState, Pose, Region, RobotState

GROUP = "groundplan.perception"
STILL_PERIOD = 10  # [ticks] between looks while the robot stands still
MOVING_PERIOD = 40  # [ticks] the same while it moves: what it holds is known from the hand


@dataclass(frozen=True)
class PerceptionSetup:
    """What a perception may know when it is made. ``models``: what may lie around; ``regions``: the furniture's named
    surfaces; ``seed``: of everything random; ``world``: the simulated world, None on a real robot; ``options``: what
    the scene says about its cameras."""

    models: Mapping[str, ObjectModel]
    regions: Mapping[str, Region]
    seed: int = 0
    world: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)


PerceptionMaker = Callable[[PerceptionSetup], Perception]


class Cameras(Protocol):
    """Depth cameras together with a detector."""

    def look(self, tick: int, around: bool = False) -> Sequence[View]:
        """What all cameras see now; ``tick`` is the control tick to stamp it with; ``around``: cameras on a head that
        turns look in every direction."""


class CameraPerception:
    """Depth cameras, a model fit and a memory.

    A look costs time, so it is taken when it can tell something new: at most every ``still`` ticks while the robot
    stands, every ``moving`` ticks while it moves, and always once after a motion has ended. Between looks the memory
    answers, in which held things follow the hand.
    """

    name = "camera"

    def __init__(
        self,
        cameras: Cameras,
        models: Mapping[str, ObjectModel],
        regions: Mapping[str, Region],
        still: int = STILL_PERIOD,
        moving: int = MOVING_PERIOD,
    ) -> None:
        if still < 1 or moving < 1:
            raise ValueError(f"looks are at least one tick apart, got {still} and {moving}")
        self.cameras, self.still, self.moving = cameras, still, moving
        self.memory = ObjectMemory(models, regions)
        self.looks = 0
        self._last: tuple[int, bool] | None = None  # tick of the last look, whether the robot moved then

    def feel(self, state: RobotState, pose_world_tool: Pose) -> None:
        """Take over the robot's own reading, and look if it is time."""
        self.memory.feel(state, pose_world_tool)
        if self._due(state):
            self.look(state, pose_world_tool, around=self._last is None)

    def look(self, state: RobotState, pose_world_tool: Pose, around: bool = False) -> None:
        """Look now, whenever the last look was; ``around``: in every direction that the cameras can take."""
        self.memory.see(self.cameras.look(state.tick, around), state.tick, pose_world_tool)
        self.memory.feel(state, pose_world_tool)
        self.looks += 1
        self._last = (state.tick, state.mode is Mode.MOVING)

    def _due(self, state: RobotState) -> bool:
        if self._last is None:
            return True
        tick, moved = self._last
        if state.mode is Mode.MOVING:
            return state.tick - tick >= self.moving
        return state.tick - tick >= self.still or (moved and state.tick > tick)

    def objects(self) -> Mapping[str, ObjectState]:
        """Everything known, by name; ``seen_tick`` tells how fresh it is."""
        return self.memory.objects()

    def unseen(self) -> Mapping[str, ObjectState]:
        """What the catalogue holds and nothing is known of, by name; poses mean nothing."""
        known = self.memory.tracks
        return {n: m.state(Pose(), 0) for n, m in self.memory.models.items() if n not in known}

    def track(self, name: str) -> Track:
        """What is remembered of one thing; raises KeyError with the choices."""
        tracks = self.memory.tracks
        if name not in tracks:
            raise KeyError(f"nothing is known of {name!r}; known: {', '.join(tracks) or 'nothing'}")
        return tracks[name]


def make_perception(name: str, setup: PerceptionSetup) -> Perception:
    """The perception that a name stands for: an entry point of `GROUP` or ``module:Callable``.

    Raises ResolveError when nothing is there or what was made is no perception.
    """
    maker = resolve(name, GROUP)
    if not callable(maker):
        raise ResolveError(f"perception {name!r} is {maker!r}; it must be callable with a PerceptionSetup")
    made: Any = maker(setup)
    if not isinstance(getattr(made, "name", None), str) or not callable(getattr(made, "objects", None)):
        raise ResolveError(f"perception {name!r} made {made!r}; it needs a name and objects() -> Mapping")
    found: Perception = made
    return found
