"""What a real depth camera does to a perfect depth picture: noise that grows with distance, steps, gaps at edges.

The axial noise follows Nguyen, Izadi and Lovell, "Modeling Kinect sensor noise for improved 3D reconstruction and
tracking" (3DIMPVT 2012, eq. 3): sigma_z = 1.2 mm + 1.9 mm/m^2 (z - 0.4 m)^2; gaps and sideways jitter as they describe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skills.types import Array, Pose


@dataclass(frozen=True)
class DepthSensor:
    """Errors of a depth camera [m, rad]. ``edge_loss``: share of pixels without depth beside a jump in depth;
    ``loss``: the same anywhere; ``jitter``: sideways, in pixels;
    ``calibration``: standard deviation of where the camera is thought to be, along each axis and about each.
    """

    base: float = 0.0012
    growth: float = 0.0019
    knee: float = 0.4
    step: float = 0.001
    edge_jump: float = 0.02
    edge_loss: float = 0.5
    loss: float = 0.005
    jitter: float = 0.5
    calibration: tuple[float, float] = (0.001, 0.001)
    reach: tuple[float, float] = (0.1, 4.0)

    def measure(self, depth: Array, rng: np.random.Generator) -> Array:
        """(H, W) what the camera delivers for a true depth picture; 0 where it gives nothing."""
        height, width = depth.shape
        shift = np.rint(rng.normal(0.0, self.jitter, (2, height, width))).astype(int)
        row = np.clip(np.arange(height)[:, None] + shift[0], 0, height - 1)
        column = np.clip(np.arange(width)[None, :] + shift[1], 0, width - 1)
        z = depth[row, column]
        z = z + rng.normal(0.0, 1.0, z.shape) * self.sigma(z)
        z = np.rint(z / self.step) * self.step
        chance = rng.random((2, height, width))
        gone = (chance[0] < self.loss) | (self._edges(depth) & (chance[1] < self.edge_loss))
        gone |= (depth < self.reach[0]) | (depth > self.reach[1])
        z[gone] = 0.0
        return np.asarray(np.maximum(z, 0.0))

    def sigma(self, depth: Array) -> Array:
        """Standard deviation [m] of a reading at a distance [m]."""
        return np.asarray(self.base + self.growth * (depth - self.knee) ** 2)

    def _edges(self, depth: Array) -> Array:
        """Pixels beside a jump in depth."""
        edge = np.zeros(depth.shape, bool)
        across = np.abs(np.diff(depth, axis=1)) > self.edge_jump
        down = np.abs(np.diff(depth, axis=0)) > self.edge_jump
        edge[:, 1:] |= across
        edge[:, :-1] |= across
        edge[1:] |= down
        edge[:-1] |= down
        return edge

    def misplace(self, pose: Pose, rng: np.random.Generator) -> Pose:
        """Where the camera is thought to be when it is at ``pose``: drawn once, kept for good."""
        move, turn = self.calibration
        half = rng.normal(0.0, turn, 3) / 2
        return pose @ Pose.of(rng.normal(0.0, move, 3), (*half, 1.0))


PERFECT = DepthSensor(0.0, 0.0, 0.4, 1e-6, 0.02, 0.0, 0.0, 0.0, (0.0, 0.0))
