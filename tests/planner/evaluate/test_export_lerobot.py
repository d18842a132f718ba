from __future__ import annotations

import dataclasses
import json
import sys

import numpy as np
import pytest

from planner.evaluate import export_lerobot
from planner.evaluate.export_lerobot import LeRobotWriter, statistics
from planner.evaluate.export_trace import ExportError, Trace

pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def dataset(tmp_path, trace):
    writer = LeRobotWriter(tmp_path, 30)
    for task, traced in (("first", trace), ("second", cut(trace, 40)), ("first", cut(trace, 20))):
        writer.add(traced, task, {"planner": "p"})
    writer.finish({"exported_with": "test"})
    return tmp_path


def cut(trace, n):
    return dataclasses.replace(trace, samples=trace.samples[:n])


def read(path):
    return json.loads(path.read_text("utf-8"))


def test_the_folders_are_those_of_version_3(dataset):
    files = sorted(p.relative_to(dataset).as_posix() for p in dataset.rglob("*") if p.is_file())
    assert files == [
        "data/chunk-000/file-000.parquet",
        "meta/episodes/chunk-000/file-000.parquet",
        "meta/groundplan.json",
        "meta/info.json",
        "meta/stats.json",
        "meta/tasks.parquet",
    ]


def test_info(dataset, trace):
    info = read(dataset / "meta" / "info.json")
    frames = len(trace.samples) - 1 + 39 + 19
    assert info["codebase_version"] == "v3.0"
    assert (info["total_episodes"], info["total_frames"], info["total_tasks"], info["fps"]) == (3, frames, 2, 30)
    assert info["splits"] == {"train": "0:3"}
    assert info["robot_type"] == "panda"
    assert info["features"]["action"] == info["features"]["observation.state"]
    assert info["features"]["action"]["shape"] == [8]
    assert info["features"]["action"]["names"][0] == "panda_joint1.pos"
    assert info["features"]["action"]["names"][-1] == "gripper.pos"
    assert info["features"]["timestamp"] == {"dtype": "float32", "shape": [1], "names": None}
    assert (dataset / info["data_path"].format(chunk_index=0, file_index=0)).exists()


def test_frames_pair_what_is_measured_with_what_is_told_until_the_next(dataset, trace):
    table = pq.read_table(dataset / "data" / "chunk-000" / "file-000.parquet")
    assert str(table.schema.field("action").type) == "fixed_size_list<element: float>[8]"
    assert str(table.schema.field("timestamp").type) == "float"
    rows = table.to_pylist()
    assert rows[7]["observation.state"] == pytest.approx([*trace.samples[7].q, trace.samples[7].width], abs=1e-6)
    told = trace.samples[8]
    assert rows[7]["action"] == pytest.approx([*told.target_q, told.target_width], abs=1e-6)
    assert rows[7]["timestamp"] == pytest.approx(7 / 30)
    assert [r["index"] for r in rows] == list(range(len(rows)))
    second = [r for r in rows if r["episode_index"] == 1]
    assert [r["frame_index"] for r in second] == list(range(39))
    assert {r["task_index"] for r in second} == {1}
    assert {r["task_index"] for r in rows if r["episode_index"] == 2} == {0}


def test_episodes_point_into_the_data(dataset):
    rows = pq.read_table(dataset / "meta" / "episodes" / "chunk-000" / "file-000.parquet").to_pylist()
    assert [r["tasks"] for r in rows] == [["first"], ["second"], ["first"]]
    assert [r["dataset_from_index"] for r in rows[1:]] == [r["dataset_to_index"] for r in rows[:-1]]
    assert all(r["dataset_to_index"] - r["dataset_from_index"] == r["length"] for r in rows)
    assert rows[1]["stats/frame_index/max"] == [38]
    assert len(rows[0]["stats/action/mean"]) == 8
    assert {(r["data/chunk_index"], r["data/file_index"]) for r in rows} == {(0, 0)}


def test_tasks_are_indexed_by_their_sentence(dataset):
    table = pq.read_table(dataset / "meta" / "tasks.parquet")
    described = json.loads(table.schema.metadata[b"pandas"])
    index = described["index_columns"][0]
    assert table.column(index).to_pylist() == ["first", "second"]
    assert table.column("task_index").to_pylist() == [0, 1]


def test_statistics_cover_all_frames(dataset):
    stats = read(dataset / "meta" / "stats.json")
    table = pq.read_table(dataset / "data" / "chunk-000" / "file-000.parquet")
    state = np.asarray(table.column("observation.state").to_pylist())
    assert stats["observation.state"]["mean"] == pytest.approx(state.mean(axis=0).tolist(), abs=1e-6)
    assert stats["observation.state"]["count"] == [len(state)]
    assert set(stats) == set(table.column_names)


def test_statistics_of_a_column():
    found = statistics(np.asarray([0, 1, 2, 3, 4]))
    assert (found["min"], found["max"], found["mean"], found["count"], found["q50"]) == ([0], [4], [2.0], [5], [2.0])
    assert found["std"] == pytest.approx([2**0.5])
    assert isinstance(found["min"][0], int)


def test_data_files_roll_over(tmp_path, trace, monkeypatch):
    monkeypatch.setattr(export_lerobot, "MEGABYTES", 0)
    monkeypatch.setattr(export_lerobot, "FILES_PER_CHUNK", 2)
    writer = LeRobotWriter(tmp_path, 30)
    for _ in range(3):
        writer.add(cut(trace, 5), "t", {})
    writer.finish({})
    names = sorted(p.relative_to(tmp_path / "data").as_posix() for p in (tmp_path / "data").rglob("*.parquet"))
    assert names == ["chunk-000/file-000.parquet", "chunk-000/file-001.parquet", "chunk-001/file-000.parquet"]
    rows = pq.read_table(tmp_path / "meta" / "episodes" / "chunk-000" / "file-000.parquet").to_pylist()
    assert [(r["data/chunk_index"], r["data/file_index"]) for r in rows] == [(0, 0), (0, 1), (1, 0)]


def test_what_does_not_fit_is_refused(tmp_path, trace):
    writer = LeRobotWriter(tmp_path, 30)
    with pytest.raises(ExportError, match="no episode could be exported"):
        writer.finish({})
    with pytest.raises(ExportError, match="no frames"):
        writer.add(Trace(30), "t", {})
    writer.add(cut(trace, 5), "t", {})
    with pytest.raises(ExportError, match="one dataset is of one robot"):
        writer.add(dataclasses.replace(cut(trace, 5), joints=("a", "b")), "t", {})


def test_without_pyarrow_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"pip install 'groundplan\[export\]'"):
        LeRobotWriter(tmp_path, 30)
