from __future__ import annotations

from dataclasses import replace

import pytest

from envs.tasks import make_task, task_from_data
from planner.episode_file import EpisodeError, line_of, read_episodes, without_wall
from planner.events import Replanned, Status, StepDone
from planner.propose.scripted import ScriptedProposer
from planner.session import replay_episode, run_task
from planner.settings import Settings
from planner.workplace import FAKE, open_workplace
from stories import GOAL, STEPS, Listening, scripted_mind

TASK = make_task("put the red block in the blue bowl", objects=["red block", "blue bowl", "green block"])


def once(task=TASK, seed=1, settings=None, driver="pybullet", steps=STEPS, goal=GOAL, **more):
    """One run with a scripted mind."""
    settings = settings or Settings()
    with open_workplace(task, seed, settings, driver) as place:
        return run_task(task, seed, settings, place, scripted_mind(ScriptedProposer.of(steps, goal)), **more)


def test_a_run_in_the_simulator_is_judged_and_replays_to_the_bit():
    first = once()
    assert first.verdict.status is Status.REACHED
    assert first.judged is True
    assert first.episode["judge"]["goal_of"] == "planner"
    assert line_of(without_wall(once().episode)) == line_of(without_wall(first.episode))
    done = replay_episode(first.episode)
    assert done.replay.equal, done.replay.divergence


def test_the_task_file_s_goal_is_the_judge_s_whatever_the_planner_believed():
    """A planner that takes the wrong goal is content; the judge is not, and that is a false success."""
    data = TASK.to_data() | {"goal": {"any": [["in(green block, blue bowl)"]]}}
    outcome = once(task_from_data(data, "own"), driver="pybullet")
    assert outcome.verdict.status is Status.REACHED
    assert outcome.judged is False
    assert any("was not reached" in note for note in outcome.notes)


def test_a_protective_stop_is_recovered_from_and_replays_to_the_bit():
    """The robot stops itself in the first skill; the record holds the failure, the recovery and the second attempt."""
    settings = replace(Settings(), faults=({"kind": "protective", "when": "skill", "at": 0},))
    heard = Listening()
    outcome = once(settings=settings, listener=heard)
    assert outcome.verdict.status is Status.REACHED
    assert outcome.judged is True
    assert heard.of(StepDone)[0].failure is not None
    assert len(heard.of(Replanned)) == 1
    assert replay_episode(outcome.episode).replay.equal


def test_the_fake_robot_has_no_judge_and_no_pictures(tmp_path):
    outcome = once(driver=FAKE, out=tmp_path)
    assert outcome.judged is None
    assert "judge" not in outcome.episode
    assert [label for label, _ in outcome.paths] == ["episode"]
    assert read_episodes(tmp_path / "episode.jsonl") == [outcome.episode]


def test_what_the_model_did_is_counted_from_the_start_of_the_run():
    from planner.lm.api import ScriptedLM

    lm = ScriptedLM(lambda prefix, option: -1.0)
    lm.score("before", ["a"])

    class Asking(ScriptedProposer):
        def propose(self, request, k):
            lm.score("now", ["a", "b"])
            return super().propose(request, k)

    say = ScriptedProposer.of(STEPS, GOAL)
    mind = replace(scripted_mind(Asking(lambda request: say.propose(request, 1))), lm=lm)
    with open_workplace(TASK, 0, Settings(), FAKE) as place:
        episode = run_task(TASK, 0, Settings(), place, mind).episode
    assert episode["cost"]["lm_calls"] == 1
    assert episode["cost"]["lm_scored_tokens"] == 2
    assert "lm_seconds" in episode["wall"]


@pytest.mark.parametrize("key", ["task_data", "seed", "settings", "driver"])
def test_a_record_without_its_beginning_cannot_be_replayed(key):
    episode = dict(once(driver=FAKE).episode)
    del episode[key]
    with pytest.raises(EpisodeError, match=key):
        replay_episode(episode)
