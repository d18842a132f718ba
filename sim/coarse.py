"""Meshes in few triangles, for pictures of depth alone: vertices that lie close together become one."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.model_files import model_folder
from skills.types import Array

GRID = 0.008  # [m] edge of the cells whose vertices become one: less than a pixel of a look is wide
Triangles = NDArray[np.intp]


@functools.cache
def coarse_mesh(path: str, scale: float = 1.0) -> str | None:
    """Path of a coarser copy (Wavefront) of a mesh file, in the same units; ``scale``: metres in one of them. None for
    a kind of file that is not read here."""
    read = {".obj": _read_obj, ".stl": _read_stl}.get(Path(path).suffix.lower())
    found = read(Path(path)) if read is not None else None
    if found is None or not len(found[1]):
        return None
    vertices, triangles = clustered(*found, GRID / scale)
    folder = Path(model_folder().name)
    out = folder / f"coarse_{len(list(folder.iterdir()))}.obj"
    lines = [f"v {x:.6g} {y:.6g} {z:.6g}" for x, y, z in vertices]
    lines += [f"f {a} {b} {c}" for a, b, c in triangles + 1]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(out)


def clustered(vertices: Array, triangles: Triangles, grid: float) -> tuple[Array, Triangles]:
    """A mesh ((N, 3), (M, 3) indices) in which all vertices of a cell of edge ``grid`` are their mean; triangles that
    vanish, or occur twice, are left out."""
    cells = np.floor(vertices / grid).astype(np.int64)
    _, number = np.unique(cells, axis=0, return_inverse=True)
    number = number.reshape(-1)
    count = np.bincount(number)
    means = np.column_stack([np.bincount(number, vertices[:, k]) / count for k in range(3)])
    faces = number[triangles]
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    faces = faces[whole]
    first = np.argmin(faces, axis=1)[:, None]  # the same way round, from the least
    faces = np.take_along_axis(faces, (first + np.arange(3)) % 3, axis=1)
    return means, np.unique(faces, axis=0)


def _read_obj(path: Path) -> tuple[Array, Triangles] | None:
    vertices, faces = [], []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            vertices.append([float(x) for x in rest[:3]])
        elif word == "f":
            corners = [int(x.partition("/")[0]) for x in rest]
            corners = [c - 1 if c > 0 else len(vertices) + c for c in corners]
            faces += [(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)]
    return np.asarray(vertices, float).reshape(-1, 3), np.asarray(faces, np.intp).reshape(-1, 3)


def _read_stl(path: Path) -> tuple[Array, Triangles] | None:
    """The binary kind."""
    data = path.read_bytes()
    count = int.from_bytes(data[80:84], "little") if len(data) >= 84 else -1
    if len(data) != 84 + 50 * count:
        return None
    rows = np.frombuffer(data, np.dtype([("normal", "<3f4"), ("corners", "<9f4"), ("more", "<u2")]), count, 84)
    return rows["corners"].reshape(-1, 3).astype(float), np.arange(3 * count, dtype=np.intp).reshape(-1, 3)
