"""What a person typed in: where things lay when the run began. No camera, and named so in every report.

What the fingers take moves with the hand, what they let go stays where the hand was: dead reckoning from the robot's
own readings. Nobody sees a thing that slips, rolls or is moved by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from skills.perception_memory import ObjectMemory, Track
from skills.perception_model import ObjectModel
from skills.types import ObjectState, Pose, Region, RobotState


class TypedPerception:
    """Things at the poses that were typed in, until the hand moves them. ``regions``: the surfaces they stand on."""

    name = "typed-in"

    def __init__(self, things: Iterable[ObjectState], regions: Mapping[str, Region]) -> None:
        things = list(things)
        models = {t.name: ObjectModel(t.name, t.kind, t.shape, t.mass, t.movable, t.colour, t.soft) for t in things}
        self._memory = ObjectMemory(models, regions)
        self._memory.tracks = {t.name: Track(t.pose_world, t.pose_world, 0) for t in things}

    def objects(self) -> Mapping[str, ObjectState]:
        """Everything, by name, as far as it can be known without eyes."""
        return self._memory.objects()

    def feel(self, state: RobotState, pose_world_tool: Pose) -> None:
        """The robot's own reading: what it holds goes with the hand."""
        self._memory.feel(state, pose_world_tool)
