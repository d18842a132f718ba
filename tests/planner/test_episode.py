from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from envs.goals import Goal
from planner import loop
from planner.episode import Digest, EpisodeRecorder, plain
from planner.episode_file import line_of, read_episodes, without_wall
from planner.events import Replanned, StepDone
from planner.plan import Ask, Refuse
from planner.propose.scripted import ScriptedGrounder, ScriptedProposer
from skills.failure import Failure, FailureKind
from skills.symbols import parse_literal
from skills.types import Pose
from stories import GOAL, QUICK, STEPS, fake, parts, table


def recorded(path=None, header=None, proposer=None, grounder=None, body=None, listeners=(), budget=QUICK):
    """A run on the fake robot, and its recorder."""
    recorder = EpisodeRecorder(header or {"seed": 3}, path, started="2026-01-01T00:00:00")
    made = parts(body or table(), proposer or ScriptedProposer.of(STEPS, GOAL), grounder, [recorder, *listeners])
    loop.run("put it in", made, budget=budget)
    return recorder


def test_an_episode_tells_the_whole_story():
    episode = recorded().episode
    assert episode["instruction"] == "put it in"
    assert episode["seed"] == 3
    assert episode["goal"] is None
    (attempt,) = episode["attempts"]
    assert "at(red block, left side)" in attempt["seen"]["atoms"]
    assert attempt["proposals"][0]["steps"] == list(STEPS)
    assert attempt["proposals"][0]["verdict"] == "chosen"
    assert [s["step"] for s in attempt["decision"]["act"]["steps"]] == list(STEPS)
    assert [s["step"] for s in attempt["steps"]] == list(STEPS)
    assert attempt["steps"][1]["evidence"] == [
        {"expected": GOAL[0], "measured": True},
        {"expected": "not holding(red block)", "measured": True},
    ]
    assert attempt["steps"][0]["failure"] is None
    assert 0 < attempt["steps"][0]["affordance"]["value"] <= 1
    assert [c["settled"] for c in episode["goal_checks"]] == [False, True]
    assert episode["verdict"]["status"] == "reached"
    assert Goal.from_json(episode["verdict"]["goal"]) == Goal.of([parse_literal(GOAL[0])])
    assert episode["cost"] == {
        "proposer_calls": 1,
        "replans": 0,
        "questions": 0,
        "steps": 2,
        "ticks": episode["cost"]["ticks"],
    }
    assert episode["wall"]["started"] == "2026-01-01T00:00:00"


def test_equal_runs_are_equal_to_the_byte_apart_from_the_wall_clock():
    first, second = recorded().episode, recorded().episode
    assert line_of(without_wall(first)) == line_of(without_wall(second))
    assert first["wall"] != second["wall"]
    words = line_of(without_wall(first)).decode()
    assert '_s"' not in words
    assert "2026" not in words


def test_a_line_survives_the_way_through_json_bit_by_bit(tmp_path):
    recorder = recorded(tmp_path / "episode.jsonl")
    (again,) = read_episodes(tmp_path / "episode.jsonl")
    assert again == recorder.episode
    assert line_of(again) == line_of(recorder.episode)
    assert (tmp_path / "episode.jsonl").read_bytes().count(b"\n") == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "episode.jsonl"]  # nothing half-written is left


def test_the_digest_sees_the_last_bit():
    body = table()
    seen = body.observe()
    block = seen.objects["red block"]
    x, y, z = block.pose_world.position
    moved = replace(block, pose_world=Pose((math.nextafter(x, 1.0), y, z), block.pose_world.orientation))
    changed = replace(seen, objects={**seen.objects, "red block": moved})
    assert Digest().take(seen) == Digest().take(body.observe())
    assert Digest().take(seen) != Digest().take(changed)
    twice = Digest()
    twice.take(seen)
    assert twice.take(seen) != Digest().take(seen)  # it is a chain: the history counts


def test_a_failed_attempt_is_recorded_with_its_reason():
    body = table()
    fake(body).world.slippery = frozenset({"red block"})

    def firm_again(event):
        if isinstance(event, Replanned):
            fake(body).world.slippery = frozenset()

    episode = recorded(body=body, listeners=[firm_again]).episode
    first, second = episode["attempts"]
    assert first["failure"]["kind"] == first["steps"][0]["failure"]["kind"]
    assert first["steps"][0]["failure"]["step"] == 0
    assert second["failure"] is None
    assert episode["cost"]["replans"] == 1
    assert episode["verdict"]["status"] == "reached"


def test_questions_and_refusals_are_recorded():
    asked = recorded(grounder=ScriptedGrounder([Ask("Which?", ("a", "b"))])).episode
    assert asked["dialogue"] == [{"question": "Which?", "options": ["a", "b"], "answer": None}]
    assert asked["attempts"][0]["decision"] == {"ask": {"question": "Which?", "options": ["a", "b"]}}
    assert asked["verdict"]["status"] == "asked"
    failure = Failure(FailureKind.UNKNOWN_OBJECT, "no object 'x'")
    refused = recorded(grounder=ScriptedGrounder([Refuse(failure)])).episode
    assert refused["attempts"][0]["decision"]["refuse"]["kind"] == "UNKNOWN_OBJECT"
    assert refused["verdict"]["failure"]["detail"] == "no object 'x'"


def test_a_killed_run_leaves_the_episode_so_far(tmp_path):
    """After the first step the process dies without any chance to clean up; the file holds the step."""
    path = tmp_path / "episode.jsonl"

    class Killed(BaseException):
        pass

    def die(event):
        if isinstance(event, StepDone):
            raise Killed

    with pytest.raises(Killed):
        recorded(path, listeners=[die])
    (episode,) = read_episodes(path)
    assert episode["verdict"] == {"status": "running"}
    assert [s["step"] for s in episode["attempts"][0]["steps"]] == [STEPS[0]]
    assert episode["attempts"][0]["steps"][0]["digest"] == episode["digest"]


def test_an_interrupted_run_is_marked(tmp_path):
    def ctrl_c(event):
        if isinstance(event, StepDone):
            raise KeyboardInterrupt

    recorded(tmp_path / "episode.jsonl", listeners=[ctrl_c])
    (episode,) = read_episodes(tmp_path / "episode.jsonl")
    assert episode["verdict"]["status"] == "interrupted"


def test_clock_and_cache_dependent_costs_stay_in_the_wall_part():
    recorder = EpisodeRecorder({})
    usage = {"calls": 4, "seconds": 0.7, "computed_tokens": 12}
    loop.run("x", replace(parts(table(), ScriptedProposer.of(STEPS, GOAL), None, [recorder]), usage=lambda: usage))
    assert recorder.episode["cost"]["lm_calls"] == 4
    assert recorder.episode["wall"]["lm_seconds"] == 0.7
    assert "lm_seconds" not in recorder.episode["cost"]
    assert recorder.episode["wall"]["lm_computed_tokens"] == 12


def test_plain_data_only():
    assert plain({"a": (1, np.float64(2.0), float("-inf"), parse_literal("clear(x)"))}) == {
        "a": [1, 2.0, None, "clear(x)"]
    }
    json.dumps(plain([np.int64(3), np.arange(2)]), allow_nan=False)
    assert plain(np.bool_(True)) is True
    with pytest.raises(TypeError):
        plain(object())
