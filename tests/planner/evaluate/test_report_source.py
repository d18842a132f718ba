from __future__ import annotations

import pytest

from planner.episode_file import EpisodeError, line_of
from planner.evaluate.report_source import Lines, find_episodes, solved


def test_a_folder_of_an_evaluation_of_a_run_or_the_file_itself(tmp_path, store, real_lines):
    many = store([real_lines.right])
    assert find_episodes(many) == many / "episodes.jsonl"
    assert find_episodes(many / "episodes.jsonl") == many / "episodes.jsonl"
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "episode.jsonl").write_bytes(line_of(real_lines.right))
    assert find_episodes(tmp_path / "run").name == "episode.jsonl"


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(EpisodeError, match=r"no folder .*nowhere"):
        find_episodes(tmp_path / "nowhere")


def test_an_empty_folder_says_what_would_be_read_and_where_else_there_is_some(tmp_path, store, real_lines):
    store([real_lines.right], "inner")
    with pytest.raises(
        EpisodeError, match=r"neither episodes.jsonl nor episode.jsonl.*do: inner;.*groundplan evaluate"
    ):
        find_episodes(tmp_path)


def test_a_cut_last_line_is_left_out_and_told(store, real_lines):
    file = store([real_lines.right, real_lines.wrong]) / "episodes.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    lines = Lines(file)
    assert [n for n, _ in lines] == [1]
    assert lines.cut == 2


def test_a_broken_line_in_the_middle_is_named(store, real_lines):
    file = store([real_lines.right]) / "episodes.jsonl"
    file.write_bytes(b"{broken\n" + file.read_bytes())
    with pytest.raises(EpisodeError, match=r"episodes.jsonl:1: not a line of JSON"):
        list(Lines(file))


def test_a_line_of_something_else_is_named(store, real_lines):
    file = store([real_lines.right]) / "episodes.jsonl"
    file.write_bytes(file.read_bytes() + b'{"format":"other/1"}\n')
    with pytest.raises(EpisodeError, match=r"episodes.jsonl:2: not an episode of the format groundplan-episode/1"):
        list(Lines(file))


def test_ground_truth_decides_what_is_solved(real_lines):
    assert solved(real_lines.right) is True
    assert solved(real_lines.wrong) is False
    assert solved({"judge": {"success": True}}) is True
    assert solved({"verdict": {"status": "reached"}}) is None
