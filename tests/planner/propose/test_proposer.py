"""The proposer: one pass for a goal of any number of parts, calibrated, with the words beside the model."""

from __future__ import annotations

import pytest

from planner.lm.api import ScriptedLM
from planner.propose.evidence import goal_evidence, option_evidence
from planner.propose.grammar import single_options
from planner.propose.proposer import LMProposer, ProposeConfig
from planner.propose.reading import read_words
from propose_scene import request_for

NAMES = ("red block", "green block", "spoon", "blue bowl", "red bowl")


def best(text, lm=None, names=NAMES, config=None):
    proposer = LMProposer(lm or ScriptedLM(lambda prefix, option: 0.0), config)
    return {str(x) for x in proposer.propose(request_for(text, names), 4)[0].goal}, proposer.lm


def test_parts_of_a_goal_cost_no_more_calls():
    one, lm = best("put the spoon in the blue bowl")
    assert one == {"in(spoon, blue bowl)"}
    assert lm.usage.calls == 1
    text = "put the spoon in the blue bowl, the red block in the red bowl and the green block at the left side"
    goal, lm = best(text, config=ProposeConfig(gap=-1.0))
    assert goal == {"in(spoon, blue bowl)", "in(red block, red bowl)", "at(green block, left side)"}
    assert lm.usage.calls == 1


def test_without_words_the_model_decides_alone_and_its_bias_is_taken_off():
    def score(prefix, option):
        bias = 6.0 if "spoon" in option and "blue" in option else 0.0
        hint = 3.0 if "green block" in option and "red bowl" in option and "Request: do it" not in prefix else 0.0
        return -20.0 + bias + hint

    config = ProposeConfig(words=0.0, prior=1.0)
    assert best("anything", ScriptedLM(score), config=config)[0] == {"in(green block, red bowl)"}


def test_the_model_overrules_a_weak_reading():
    lm = ScriptedLM(lambda prefix, option: 0.0 if "pick up" in option and "Request: do it" not in prefix else -30.0)
    config = ProposeConfig(prior=0.0)
    assert best("move the spoon to the left side", lm, config=config)[0] == {"holding(spoon)"}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("put the spoon in the red bowl", "put the red bowl in the blue bowl"),
        ("put the spoon in the red bowl", "pick up the spoon"),
        ("put the spoon in the red bowl", "put the spoon in the blue bowl"),
        ("put the spoon in the red bowl", "go home"),
    ],
)
def test_evidence_prefers_what_was_said(better, worse):
    request = request_for("put the spoon in the red bowl", NAMES)
    words = read_words(request)
    options = {o.text: o for o in single_options(request.library, request.state)}
    assert option_evidence(words, options[better]) == 0.0
    assert goal_evidence(words, [options[better]]) > goal_evidence(words, [options[worse]]) + 1.0


def test_a_group_by_colour_where_the_words_ask_for_it():
    names = ("red block", "blue block", "red bowl", "blue bowl")
    assert best("put each block in the bowl of its colour", names=names)[0] == {
        "in(red block, red bowl)",
        "in(blue block, blue bowl)",
    }
    assert best("put each block in the red bowl", names=names)[0] == {
        "in(red block, red bowl)",
        "in(blue block, red bowl)",
    }
