"""Episodes as a LeRobotDataset of the version v3.0, written with pyarrow alone.

Layout, as the dataset's own library writes and reads it: ``meta/info.json``, ``meta/stats.json``,
``meta/tasks.parquet`` (indexed by the sentence), ``meta/episodes/chunk-000/file-000.parquet`` and
``data/chunk-000/file-000.parquet`` with a row per frame. Files roll over when they grow, as info.json says.
``meta/groundplan.json`` is ours: where every episode came from.

A frame pairs what was measured (``observation.state``) with what the motors were told until the next frame
(``action``): joint positions [rad] and the width between the finger pads [m]. There are no pictures in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.evaluate.export_trace import ExportError, Trace

VERSION = "v3.0"
FILES_PER_CHUNK = 1000
MEGABYTES = 100
STATE, ACTION = "observation.state", "action"
QUANTILES = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}
COUNTERS = ("frame_index", "episode_index", "index", "task_index")
DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
EPISODES_PATH = "meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"

Columns = dict[str, NDArray[Any]]


class LeRobotWriter:
    """Takes one trace after another; `finish` completes the folder. Raises ExportError without pyarrow."""

    def __init__(self, folder: Path, fps: int) -> None:
        self.folder, self.fps = folder, fps
        self._pa, self._pq = _pyarrow()
        self._robot, self._names = "", ()
        self._tasks: dict[str, int] = {}
        self._rows: list[dict[str, Any]] = []
        self._sources: list[Mapping[str, Any]] = []
        self._all: list[Columns] = []
        self._frames = 0
        self._file = [0, 0]  # chunk, file
        self._bytes = 0
        self._writer: Any = None

    def add(self, trace: Trace, task: str, source: Mapping[str, Any]) -> int:
        """Append one episode; returns its number of frames. ``task``: the instruction; ``source``: for the record.

        Raises ExportError for a robot with other joints than the first one, and when nothing moved on in time.
        """
        names = (*(f"{j}.pos" for j in trace.joints), "gripper.pos")
        if self._names and names != self._names:
            raise ExportError(f"one dataset is of one robot: {trace.robot!r} has other joints than {self._robot!r}")
        if len(trace.samples) < 2:
            raise ExportError("nothing was done in it, so there are no frames")
        if not self._names:
            self._robot, self._names = trace.robot, names
        columns = self._columns(trace, self._tasks.setdefault(task, len(self._tasks)))
        length = len(columns["index"])
        self._roll_over()
        if self._writer is None:
            path = self.folder / DATA_PATH.format(chunk_index=self._file[0], file_index=self._file[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._pq.ParquetWriter(path, self._schema())
        self._writer.write_table(self._table(columns))
        self._bytes += sum(c.nbytes for c in columns.values())
        row = {
            "episode_index": len(self._rows),
            "tasks": [task],
            "length": length,
            "data/chunk_index": self._file[0],
            "data/file_index": self._file[1],
            "dataset_from_index": self._frames,
            "dataset_to_index": self._frames + length,
        }
        for name, column in columns.items():
            row |= {f"stats/{name}/{k}": v for k, v in statistics(column).items()}
        self._rows.append(row | {"meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0})
        self._sources.append({"episode_index": row["episode_index"], **source})
        self._all.append(columns)
        self._frames += length
        return length

    def finish(self, provenance: Mapping[str, Any]) -> None:
        """Close the data and write everything under ``meta``. Raises ExportError when no episode was added."""
        if self._writer is None:
            raise ExportError("no episode could be exported")
        self._writer.close()
        pa, pq, meta = self._pa, self._pq, self.folder / "meta"
        path = self.folder / EPISODES_PATH.format(chunk_index=0, file_index=0)
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(self._rows), path)
        pq.write_table(self._task_table(), meta / "tasks.parquet")
        total = {name: np.concatenate([c[name] for c in self._all]) for name in self._all[0]}
        _write_json(meta / "stats.json", {name: statistics(column) for name, column in total.items()})
        _write_json(meta / "info.json", self._info())
        _write_json(meta / "groundplan.json", {**provenance, "episodes": self._sources})

    def _columns(self, trace: Trace, task: int) -> Columns:
        now = np.asarray([(*s.q, s.width) for s in trace.samples], np.float32)
        told = np.asarray([(*s.target_q, s.target_width) for s in trace.samples], np.float32)
        n = len(now) - 1  # the last moment has no next one, so no action
        frame = np.arange(n, dtype=np.int64)
        return {
            STATE: now[:-1],
            ACTION: told[1:],
            "timestamp": (frame / self.fps).astype(np.float32),
            "frame_index": frame,
            "episode_index": np.full(n, len(self._rows), np.int64),
            "index": frame + self._frames,
            "task_index": np.full(n, task, np.int64),
        }

    def _schema(self) -> Any:
        pa = self._pa
        vector = pa.list_(pa.float32(), len(self._names))
        fields = [(STATE, vector), (ACTION, vector), ("timestamp", pa.float32())]
        return pa.schema([*fields, *((name, pa.int64()) for name in COUNTERS)])

    def _table(self, columns: Columns) -> Any:
        pa, width = self._pa, len(self._names)
        arrays = [
            pa.FixedSizeListArray.from_arrays(pa.array(c.reshape(-1)), width) if c.ndim == 2 else pa.array(c)
            for c in columns.values()
        ]
        return pa.Table.from_arrays(arrays, schema=self._schema())

    def _roll_over(self) -> None:
        if self._writer is None or self._bytes < MEGABYTES << 20:
            return
        self._writer.close()
        self._writer, self._bytes = None, 0
        chunk, file = self._file
        self._file = [chunk, file + 1] if file + 1 < FILES_PER_CHUNK else [chunk + 1, 0]

    def _task_table(self) -> Any:
        """The sentences as a data frame's index: that is how readers look them up."""
        index = "__index_level_0__"
        described = {
            "index_columns": [index],
            "column_indexes": [],
            "columns": [
                {"name": "task_index", "field_name": "task_index", "pandas_type": "int64", "numpy_type": "int64"}
                | {"metadata": None},
                {"name": None, "field_name": index, "pandas_type": "unicode", "numpy_type": "object", "metadata": None},
            ],
            "attributes": {},
            "creator": {"library": "pyarrow", "version": self._pa.__version__},
            "pandas_version": "2.0.0",
        }
        table = self._pa.table({"task_index": list(self._tasks.values()), index: list(self._tasks)})
        return table.replace_schema_metadata({b"pandas": json.dumps(described).encode()})

    def _info(self) -> dict[str, Any]:
        vector = {"dtype": "float32", "shape": [len(self._names)], "names": list(self._names)}
        features: dict[str, Any] = {STATE: vector, ACTION: vector}
        features["timestamp"] = {"dtype": "float32", "shape": [1], "names": None}
        features |= {name: {"dtype": "int64", "shape": [1], "names": None} for name in COUNTERS}
        return {
            "codebase_version": VERSION,
            "robot_type": self._robot,
            "total_episodes": len(self._rows),
            "total_frames": self._frames,
            "total_tasks": len(self._tasks),
            "chunks_size": FILES_PER_CHUNK,
            "data_files_size_in_mb": MEGABYTES,
            "video_files_size_in_mb": 200,
            "fps": self.fps,
            "splits": {"train": f"0:{len(self._rows)}"},
            "data_path": DATA_PATH,
            "video_path": None,
            "features": features,
        }


def statistics(column: NDArray[Any]) -> dict[str, list[Any]]:
    """Of a column (N,) or (N, D), per component: min, max, mean, std (population), count and quantiles."""
    table = column.reshape(len(column), -1)
    found: dict[str, list[Any]] = {"min": table.min(axis=0).tolist(), "max": table.max(axis=0).tolist()}
    wide = table.astype(np.float64)
    found |= {"mean": wide.mean(axis=0).tolist(), "std": wide.std(axis=0).tolist(), "count": [len(table)]}
    rows = np.quantile(wide, list(QUANTILES.values()), axis=0)
    return found | {name: row.tolist() for name, row in zip(QUANTILES, rows, strict=True)}


def _write_json(path: Path, data: Mapping[str, Any] | Sequence[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExportError("a LeRobot dataset needs pyarrow: pip install 'groundplan[export]'") from None
    return pyarrow, pyarrow.parquet
