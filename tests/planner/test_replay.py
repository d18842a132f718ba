from __future__ import annotations

import copy
import json
import math
from dataclasses import replace

import pytest

from planner import loop
from planner.episode import EpisodeRecorder
from planner.episode_file import EpisodeError, line_of, without_wall
from planner.events import Replanned, StepDone
from planner.plan import Ask
from planner.propose.scripted import FirstFitGrounder, ScriptedGrounder, ScriptedProposer
from planner.replay import replay
from skills.library import default_library
from skills.types import Pose
from stories import GOAL, QUICK, STEPS, fake, parts, table


def record(body=None, proposer=None, grounder=None, listeners=(), **more):
    """One run on the fake robot as plain data that went through JSON."""
    recorder = EpisodeRecorder({})
    made = parts(
        body or table(), proposer or ScriptedProposer.of(STEPS, GOAL), grounder, [recorder, *listeners], **more
    )
    loop.run("put it in", made, budget=QUICK)
    return json.loads(line_of(recorder.episode))


def again(episode, body=None):
    """Replayed on a fresh table."""
    return replay(episode, body or table(), default_library(), QUICK, lambda event: None)


def test_a_replay_is_equal_to_the_last_bit():
    episode = record()
    done = again(episode)
    assert done.equal, done.divergence
    assert done.steps == 2
    assert line_of(without_wall(done.episode)) == line_of(without_wall(episode))


def test_failures_and_replans_replay_too():
    def slippery_table():
        body = table()
        fake(body).world.slippery = frozenset({"red block"})
        return body

    episode = record(slippery_table())
    assert len(episode["attempts"]) == 3
    done = again(episode, slippery_table())
    assert done.equal, done.divergence
    assert done.episode["verdict"] == episode["verdict"]


def test_answers_replay_too():
    fits = FirstFitGrounder()

    class Asking:
        def ground(self, request, proposals, body):
            if request.dialogue:
                return fits.ground(request, proposals, body)
            return ScriptedGrounder([Ask("Which?", ("red",))]).ground(request, proposals, body)

    episode = record(grounder=Asking(), ask=lambda question, options: "the red one")
    done = again(episode)
    assert done.equal, done.divergence
    assert done.episode["dialogue"] == episode["dialogue"]


def test_another_start_is_noticed_at_the_first_step_and_measured():
    episode, other = record(), table()
    world = fake(other).world
    world.objects["green block"] = replace(world.objects["green block"], pose_world=Pose((0.42, -0.203, 0.02)))
    done = again(episode, other)
    assert not done.equal
    assert done.divergence.step == 0
    assert "green block 3 mm away" in str(done.divergence)


def test_a_single_bit_is_noticed():
    body = table()
    world = fake(body).world
    pose = Pose((math.nextafter(0.42, 1.0), -0.2, 0.02))
    world.objects["green block"] = replace(world.objects["green block"], pose_world=pose)
    done = again(record(), body)
    assert not done.equal
    assert "green block 5.55e-14 mm away" in str(done.divergence)


def test_meddling_during_the_recorded_run_shows_as_a_divergence():
    """A hand that the record does not know moved things; the replay, without the hand, must say so."""
    body = table()

    def hand(event):
        if isinstance(event, StepDone) and event.index == 0:
            world = fake(body).world
            world.objects["green block"] = replace(world.objects["green block"], pose_world=Pose((0.4, -0.3, 0.02)))

    done = again(record(body, listeners=[hand]))
    assert not done.equal
    assert done.divergence.step == 1
    assert "green block" in str(done.divergence)


def test_a_run_that_ended_otherwise_is_noticed():
    body = table()
    fake(body).world.slippery = frozenset({"red block"})

    def firm_again(event):
        if isinstance(event, Replanned):
            fake(body).world.slippery = frozenset()

    episode = record(body, listeners=[firm_again])
    assert episode["verdict"]["status"] == "reached"
    assert not again(episode).equal


@pytest.mark.parametrize("steps_done", [1, 2])
def test_an_interrupted_episode_replays_as_far_as_it_goes(steps_done):
    def ctrl_c(event):
        if isinstance(event, StepDone) and event.index == steps_done - 1:
            raise KeyboardInterrupt

    episode = record(listeners=[ctrl_c])
    assert episode["verdict"]["status"] == "interrupted"
    done = again(episode)
    assert done.equal, done.divergence
    assert done.steps == steps_done


def test_a_record_that_names_an_unknown_skill_or_lacks_a_part_is_an_error():
    episode = record()
    unknown = copy.deepcopy(episode)
    unknown["attempts"][0]["decision"]["act"]["steps"][0]["step"] = "juggle(red block)"
    with pytest.raises(EpisodeError, match="juggle"):
        again(unknown)
    lacking = copy.deepcopy(episode)
    del lacking["attempts"][0]["decision"]
    with pytest.raises(EpisodeError, match="decision"):
        again(lacking)
