from __future__ import annotations

import json

import pytest

from planner.cli import exits
from planner.episode_file import append_episode, line_of, read_episodes

WORDS = "put the red block in the blue bowl"


@pytest.fixture
def episode(say, mind, tmp_path):
    """A recorded run on the fake robot."""
    assert say("run", WORDS, "--driver", "fake", "--out", "out").code == exits.REACHED
    path = tmp_path / "out" / "episode.jsonl"
    return path, read_episodes(path)[0]


def test_a_replay_of_a_folder_or_a_file_is_equal(say, episode):
    for what in ("out", "out/episode.jsonl"):
        done = say("replay", what)
        assert done.code == exits.REACHED
        assert "equal to the bit over 2 steps" in done.out
    answer = json.loads(say("replay", "out", "--json").out)
    assert answer["equal"] is True
    assert answer["divergence"] is None


def test_a_changed_record_is_found_out(say, episode):
    path, data = episode
    data["attempts"][0]["steps"][1]["digest"] = "0" * 64
    path.write_bytes(line_of(data))
    done = say("replay", "out")
    assert done.code == exits.NOT_REACHED
    assert "not equal: step 2 of the run: place_in(red block, blue bowl)" in done.out


def test_another_seed_is_another_run(say, episode):
    path, data = episode
    data["seed"] = 1
    path.write_bytes(line_of(data))
    done = say("replay", "out")
    assert done.code == exits.NOT_REACHED
    assert "mm away" in " ".join(done.out.split())


def test_one_of_many_is_chosen_by_its_line(say, episode):
    path, data = episode
    append_episode(path, data)
    assert "choose one with --line 1 to 2" in say("replay", "out").error
    assert say("replay", "out", "--line", "2").code == exits.REACHED
    assert "has no line 3" in say("replay", "out", "--line", "3").error


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"driver": "my.robot:Arm"}, "only simulated ones can be replayed"),
        ({"settings": {"budgte": {}}}, "recorded with other settings"),
        ({"task_data": {}}, "lacks what a replay needs"),
        ({"format": "other/1"}, "not an episode of the format"),
    ],
)
def test_a_record_that_cannot_be_replayed_is_one_line(say, episode, change, says):
    path, data = episode
    path.write_bytes(line_of({**data, **change}))
    done = say("replay", "out")
    assert done.code == exits.USAGE
    assert says in done.error


def test_a_missing_episode_is_one_line(say):
    assert "No such file" in say("replay", "none.jsonl").error
