"""One look of one depth camera: pixels to world points and back, what is seen and what hides what.

Camera frame: x to the right, y down, z along the viewing direction. Depth is measured along z, in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skills.perception_model import ObjectModel
from skills.types import Array, Pose

Ints = NDArray[np.int32]
NOTHING = -1  # label of pixels that show no named thing
HIDE = 0.012  # [m] something this much nearer than expected hides what lies behind
THROUGH = 0.020  # [m] something this much farther than expected shows that nothing is there
NOISE = (
    0.0012,
    0.0019,
    0.4,
)  # typical of depth cameras: base [m], growth [1/m] with the squared distance from a knee [m]
BLUR = 0.15  # share of a pixel's width on the thing by which a reading may be off sideways
GRAZING = 0.2  # cosine of the steepest angle at which a surface still gives depth


@dataclass(frozen=True, eq=False)
class View:
    """What a depth camera and a detector deliver for one moment.

    ``depth`` (H, W) [m], 0 where nothing was measured; ``labels`` (H, W) index into ``names``, -1 for what the detector
    does not name; ``focal`` and ``centre`` [pixels] as (x, y); ``tick``: control tick of the picture.
    """

    camera: str
    depth: Array
    labels: Ints
    names: tuple[str, ...]
    pose_world_camera: Pose
    focal: tuple[float, float]
    centre: tuple[float, float]
    tick: int = 0

    def __post_init__(self) -> None:
        if self.depth.ndim != 2 or self.depth.shape != self.labels.shape:
            shapes = f"depth {self.depth.shape} and labels {self.labels.shape}"
            raise ValueError(f"camera {self.camera!r}: {shapes} must be two (H, W) arrays of one size")

    def pixels(self, name: str, limit: int | None = None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(rows, columns) of measured pixels that show ``name``, evenly thinned to at most ``limit``."""
        if name not in self.names:
            none = np.zeros(0, np.intp)
            return none, none
        rows, columns = np.nonzero((self.labels == self.names.index(name)) & (self.depth > 0))
        if limit is not None and len(rows) > limit:
            keep = np.linspace(0, len(rows) - 1, limit).astype(np.intp)
            rows, columns = rows[keep], columns[keep]
        return rows, columns

    def lift(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
        """(N, 3) world points of measured pixels."""
        z = self.depth[rows, columns]
        x = (columns + 0.5 - self.centre[0]) / self.focal[0] * z
        y = (rows + 0.5 - self.centre[1]) / self.focal[1] * z
        return self.pose_world_camera.apply(np.column_stack([x, y, z]))

    def points(self, name: str, limit: int | None = None) -> Array:
        """(N, 3) world points of what shows ``name``."""
        return self.lift(*self.pixels(name, limit))

    def noise(self, z: Array) -> Array:
        """Error [m] to be expected of points at these depths (N,) [m]."""
        base, growth, knee = NOISE
        return np.asarray(base + growth * (z - knee) ** 2 + BLUR * z / self.focal[0])

    def measured(self, name: str, limit: int | None = None) -> tuple[Array, Array]:
        """World points (N, 3) of what shows ``name`` and the error (N,) to be expected of each [m]."""
        rows, columns = self.pixels(name, limit)
        return self.lift(rows, columns), self.noise(self.depth[rows, columns])

    def project(self, points_world: Array) -> tuple[Array, Array]:
        """((N, 2) column and row, (N,) depth) of world points (N, 3)."""
        seen = self.pose_world_camera.inverse().apply(points_world)
        z = np.maximum(seen[:, 2], 1e-6)
        uv = seen[:, :2] / z[:, None] * np.asarray(self.focal) + np.asarray(self.centre)
        return uv, seen[:, 2]

    def sight(self, model: ObjectModel, pose_world: Pose) -> Sight:
        """How a thing, if it were at ``pose_world``, agrees with what this camera measured."""
        points, normals = model.samples
        world = pose_world.apply(points)
        eye = np.asarray(self.pose_world_camera.position)
        ray = eye - world
        distance = np.sqrt(np.einsum("ij,ij->i", ray, ray))
        facing = np.einsum("ij,ij->i", normals @ pose_world.rotation().T, ray) > GRAZING * distance
        if model.shape.hollow:
            facing &= _not_behind_itself(model, pose_world, world, ray / distance[:, None])
        uv, z = self.project(world[facing])
        column, row = np.floor(uv[:, 0]).astype(int), np.floor(uv[:, 1]).astype(int)
        height, width = self.depth.shape
        framed = (z > 0.02) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
        z, column, row = z[framed], column[framed], row[framed]
        measured = self.depth[row, column]
        known = measured > 0
        gap, slack = measured[known] - z[known], 2 * self.noise(z[known])
        hidden, through = int((gap < -HIDE - slack).sum()), int((gap > THROUGH + slack).sum())
        return Sight(len(gap), hidden, through, (len(gap) - hidden) / max(1, int(facing.sum())))


@dataclass(frozen=True)
class Sight:
    """What cameras tell of a thing's surface, in sample points that face them: ``tested``: in a picture and measured;
    ``hidden`` of these behind something else; ``through``: looked right through. ``visible``: share of the facing ones
    that is in the picture and hidden by nothing, of the camera that sees it best. Sums are over several cameras."""

    tested: int
    hidden: int
    through: int
    visible: float

    def __add__(self, other: Sight) -> Sight:
        return Sight(
            self.tested + other.tested,
            self.hidden + other.hidden,
            self.through + other.through,
            max(self.visible, other.visible),
        )

    @property
    def missing(self) -> float:
        """Of the surface that nothing hides, the share that the cameras look through: 1 when the thing is gone."""
        open_ = self.tested - self.hidden
        return self.through / open_ if open_ else 0.0


NO_SIGHT = Sight(0, 0, 0, 0.0)


def _not_behind_itself(model: ObjectModel, pose_world: Pose, world: Array, towards: Array) -> NDArray[np.bool_]:
    """Which surface points of a hollow thing its own walls do not hide, seen along unit rays (N, 3) to the eye."""
    back = pose_world.inverse()
    free = np.ones(len(world), bool)
    reach = max(model.shape.size)
    for step in (0.2, 0.35, 0.5, 0.65, 0.8, 1.0):
        free &= model.distances(back.apply(world + towards * (step * reach))) > -0.001
    return free
