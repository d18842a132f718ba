from __future__ import annotations

import pytest

from planner.episode_file import FORMAT, EpisodeError, append_episode, line_of, read_episodes, write_episode


def test_writing_replaces_and_appending_adds(tmp_path):
    path = tmp_path / "e.jsonl"
    write_episode(path, {"format": FORMAT, "n": 1})
    write_episode(path, {"format": FORMAT, "n": 2})
    assert [e["n"] for e in read_episodes(path)] == [2]
    append_episode(path, {"format": FORMAT, "n": 3})
    assert [e["n"] for e in read_episodes(path)] == [2, 3]


def test_a_line_that_a_crash_cut_off_is_left_out(tmp_path):
    path = tmp_path / "e.jsonl"
    append_episode(path, {"format": FORMAT, "n": 1})
    path.write_bytes(path.read_bytes() + line_of({"format": FORMAT, "n": 2})[:-4])
    assert [e["n"] for e in read_episodes(path)] == [1]


def test_any_script_is_kept_as_it_is(tmp_path):
    path = tmp_path / "e.jsonl"
    write_episode(path, {"format": FORMAT, "instruction": "把红色方块放进碗里\u2028ok"})
    assert read_episodes(path)[0]["instruction"] == "把红色方块放进碗里\u2028ok"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no episode"),
        (b"{}\n", "not an episode"),
        (b"[]\n", "not an episode"),
        (b"oops\n" + line_of({"format": FORMAT}), ":1: not a line of JSON"),
        (line_of({"format": FORMAT}) + b"\xff\xfe\n", ":2: not a line of JSON"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, content, says):
    path = tmp_path / "e.jsonl"
    path.write_bytes(content)
    with pytest.raises(EpisodeError) as caught:
        read_episodes(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EpisodeError, match="No such file"):
        read_episodes(tmp_path / "none.jsonl")


def test_numbers_that_json_does_not_know_are_refused(tmp_path):
    with pytest.raises(ValueError):
        write_episode(tmp_path / "e.jsonl", {"x": float("nan")})
