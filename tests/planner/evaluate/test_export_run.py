from __future__ import annotations

import json

import pytest

from planner.cli.main import main
from planner.evaluate import export_run
from planner.evaluate.export_run import Choice, export
from planner.evaluate.export_trace import ExportError
from stored import like

pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def quick(monkeypatch, trace):
    """The one trace for every episode: carrying them out again is tested elsewhere."""
    monkeypatch.setattr(export_run, "trace_of", lambda episode, fps, drift: trace)


def test_chosen_episodes_become_a_dataset(quick, store, arms, tmp_path):
    out = tmp_path / "deep" / "dataset"
    done = export(store(arms), "lerobot", out, Choice("poor", successes=True))
    assert (done.episodes, done.left_out) == (2, [])
    about = json.loads((out / "meta" / "groundplan.json").read_text())
    assert [(e["planner"], e["seed"], e["success"]) for e in about["episodes"]] == [
        ("poor", 0, True),
        ("poor", 2, True),
    ]
    assert about["episodes"][0]["digest"] == arms[1]["digest"]
    assert "version" in about["exported_with"]
    assert pq.read_table(out / "meta" / "tasks.parquet").num_rows == 1
    assert done.frames == json.loads((out / "meta" / "info.json").read_text())["total_frames"]


def test_logs_are_one_file_per_episode_with_telling_names(quick, store, arms, tmp_path):
    done = export(store([*arms[:2], arms[0]]), "mcap", tmp_path / "logs")
    assert done.episodes == 3
    names = sorted(p.name for p in (tmp_path / "logs").iterdir())
    assert names == ["good-small-one-s0-2.mcap", "good-small-one-s0.mcap", "poor-small-one-s0.mcap"]


def test_a_limit(quick, store, arms, tmp_path):
    assert export(store(arms), "mcap", tmp_path / "logs", Choice(limit=2)).episodes == 2


def test_what_cannot_be_carried_out_is_left_out_and_told(store, real_lines, tmp_path):
    lines = [like(real_lines.right, driver="real arm"), real_lines.right]
    done = export(store(lines), "mcap", tmp_path / "logs", fps=10)
    assert done.episodes == 1
    ((who, why),) = done.left_out
    assert who == "trials:Scripted, task one, seed 0"
    assert "only simulated ones can be replayed" in why


def test_nothing_is_left_behind_when_nothing_comes_of_it(store, real_lines, tmp_path):
    folder = store([like(real_lines.right, driver="real arm")])
    with pytest.raises(ExportError, match=r"none of 1 episodes could be exported; the first .* only simulated"):
        export(folder, "lerobot", tmp_path / "out")
    with pytest.raises(ExportError, match=r"no episode of .* was chosen"):
        export(folder, "lerobot", tmp_path / "out", Choice("nobody"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stored"]


def test_a_folder_that_holds_something_is_not_touched(quick, store, arms, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    with pytest.raises(ExportError, match="not an empty folder"):
        export(store(arms), "lerobot", tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "x"


def test_unknown_formats_name_the_choices(store, arms, tmp_path):
    with pytest.raises(ExportError, match="choices: lerobot, mcap"):
        export(store(arms), "hdf5", tmp_path / "out")


def test_the_command(quick, store, arms, tmp_path, capsys):
    folder = str(store(arms))
    assert main(["export", folder, "--to", "lerobot", "--out", str(tmp_path / "d"), "--planner", "good", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["episodes"] == 3
    assert main(["export", folder, "--to", "mcap", "--out", str(tmp_path / "d")]) == 2
    assert "not an empty folder" in capsys.readouterr().err
    assert main(["export", folder, "--to", "mcap", "--out", str(tmp_path / "e"), "--fps", "7"]) == 2
    assert "240 steps a second" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "nowhere"), "--to", "mcap", "--out", str(tmp_path / "e")]) == 2
    assert "no folder" in capsys.readouterr().err
