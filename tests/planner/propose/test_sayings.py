"""Generated instructions are read right by the words alone: a silent model must not be needed for plain language."""

from __future__ import annotations

from dataclasses import replace

from sayings import FAMILIES, sayings

from planner.ground.grounder import DefaultGrounder
from planner.lm.api import ScriptedLM
from planner.plan import Act, Ask
from planner.propose.proposer import LMProposer
from propose_scene import body_with, request_for
from skills.library import default_library
from skills.symbols import parse_literal


def understood(saying) -> bool:
    """Whether proposer and grounder, with a model that says nothing, do what the saying means."""
    body = body_with(saying.names)
    request = request_for(saying.text, saying.names, body=body)
    for text in saying.start:
        thing = parse_literal(text).atom.args[0]
        for op in (g.operator for g in default_library().ground(request.state)):
            if str(op) == f"pick({thing})" or any(str(a) == text for a in op.add):
                request = replace(request, state=request.state.apply(op))
    body.kinematics.sync(request.observation)
    proposals = LMProposer(ScriptedLM(lambda prefix, option: 0.0)).propose(request, 4)
    decision = DefaultGrounder().ground(request, proposals, body).decision
    if isinstance(decision, Act):
        return frozenset(map(str, decision.plan.goal.literals())) in saying.goals
    return saying.expect == ("ask" if isinstance(decision, Ask) else "refuse")


def test_most_generated_instructions_are_understood():
    said = sayings(11, 3 * len(FAMILIES))
    wrong = [s.text for s in said if not understood(s)]
    assert len(wrong) <= 1, wrong


def test_the_generator_repeats_itself():
    assert sayings(5, 24) == sayings(5, 24)
    assert sayings(5, 24) != sayings(6, 24)
