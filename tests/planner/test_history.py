"""What earlier instructions did, from states and from episodes."""

from __future__ import annotations

import pytest

from planner.episode_file import EpisodeError, write_episode
from planner.history import done_between, done_of_episode, read_history
from propose_scene import moved, request_for, stacked
from skills.symbols import GroundAtom

NAMES = ("apple", "pear", "blue bowl")


def test_what_changed_place_between_two_states() -> None:
    request = request_for("x", NAMES)
    after = stacked(request, moved(("apple", "in", "blue bowl"))).state
    done = done_between("do", request.state, after, "reached", request.observation.regions)
    (move,) = done.moved
    assert move.thing == "apple"
    assert (move.before.predicate, move.after) == ("at", GroundAtom("in", ("apple", "blue bowl")))


def episode(**changes):
    seen = {"atoms": ["at(apple, left side)", "at(apple, table)", "at(pear, table)"]}
    after = {"atoms": ["in(apple, blue bowl)", "at(pear, table)"]}
    made = {
        "format": "groundplan-episode/1",
        "instruction": "put the apple away",
        "attempts": [{"seen": seen, "steps": [{"after": after}]}],
        "verdict": {"status": "reached"},
    }
    return made | changes


def test_an_episode_tells_the_same() -> None:
    done = done_of_episode(episode())
    (move,) = done.moved
    assert (str(move.before), str(move.after)) == ("at(apple, left side)", "in(apple, blue bowl)")
    assert done.ended == "reached"


def test_a_run_that_ended_early_moved_nothing() -> None:
    assert done_of_episode(episode(attempts=[], verdict={"status": "refused"})).moved == ()


def test_a_folder_or_a_file_of_episodes(tmp_path) -> None:
    write_episode(tmp_path / "episode.jsonl", episode())
    assert [d.instruction for d in read_history(tmp_path)] == ["put the apple away"]
    assert read_history(tmp_path / "episode.jsonl") == read_history(tmp_path)


def test_what_is_no_episode_is_said(tmp_path) -> None:
    with pytest.raises(EpisodeError):
        read_history(tmp_path)
    with pytest.raises(EpisodeError, match="lacks"):
        done_of_episode({"instruction": "x"})
