"""The calibration file of a laboratory: where the arm's foot stands, and where cameras sit.

Written by ``groundplan driver calibrate``, or by hand:

```yaml
base: {position: [0.0, 0.0, 0.0], orientation: [0, 0, 0, 1]}                 # pose_world_foot
cameras:
  wrist: {mount: tool, position: [0.07, 0.0, -0.05], orientation: [0, 0, 0, 1]} # pose_tool_camera
  front: {mount: world, position: [1.2, 0.0, 0.7], orientation: [0.5, -0.5, 0.5, -0.5]}
```
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, field_validator

from envs.strict import Strict, read_yaml
from skills.types import Pose

Number = Annotated[float, Field(allow_inf_nan=False, strict=False)]


class PoseFile(Strict):
    """A pose: metres, quaternion x-y-z-w."""

    position: tuple[Number, Number, Number] = (0.0, 0.0, 0.0)
    orientation: tuple[Number, Number, Number, Number] = (0.0, 0.0, 0.0, 1.0)

    @field_validator("position", "orientation", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("orientation")
    @classmethod
    def _turns(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(v * v for v in value) - 1) > 0.02:
            raise ValueError(f"not a unit quaternion (x, y, z, w): {value}")
        return value

    @property
    def pose(self) -> Pose:
        """As a pose."""
        return Pose.of(self.position, self.orientation)


class CameraPose(PoseFile):
    """Where a camera sits. ``mount``: tool (it rides on the hand) or world (it stands still)."""

    mount: Literal["tool", "world"]


class Calibration(Strict):
    """The whole file; what it does not say stays as the scene has it."""

    base: PoseFile | None = None
    cameras: dict[str, CameraPose] = Field(default_factory=dict)


def read_calibration(path: str | Path) -> Calibration:
    """Read a file; raises FileError."""
    found: Calibration = read_yaml(path).read(Calibration)
    return found


def write_calibration(path: Path, calibration: Calibration, notes: list[str]) -> None:
    """Write a file, ``notes`` as comments at its head."""
    data: dict[str, Any] = calibration.model_dump(exclude_none=True, mode="json")
    text = "".join(f"# {line}\n" for line in notes)
    path.write_text(text + yaml.safe_dump(data, sort_keys=False, default_flow_style=None), encoding="utf-8")


class Pair(Strict):
    """One record, both x, y, z [m] and quaternion x, y, z, w: ``tool`` seen from the arm's foot, ``board`` seen from
    the camera."""

    tool: tuple[Number, Number, Number, Number, Number, Number, Number]
    board: tuple[Number, Number, Number, Number, Number, Number, Number]

    @field_validator("tool", "board", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("tool", "board")
    @classmethod
    def _turns(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(v * v for v in value[3:]) - 1) > 0.02:
            raise ValueError(f"not a unit quaternion (x, y, z, w) after x, y, z: {value[3:]}")
        return value


class Pairs(Strict):
    """A file of `groundplan driver calibrate`: ``camera``: what it is called; ``mount``: tool or world; ``base``: where
    the arm's foot stands in the world."""

    camera: str
    mount: Literal["tool", "world"]
    pairs: tuple[Pair, ...]
    base: PoseFile | None = None

    @field_validator("pairs", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


def read_pairs(path: str | Path) -> Pairs:
    """Read a file; raises FileError."""
    found: Pairs = read_yaml(path).read(Pairs)
    return found


def pose_of(row: tuple[float, ...]) -> Pose:
    """A record's seven numbers as a pose."""
    return Pose.of(row[:3], row[3:])
