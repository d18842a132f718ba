"""The proposer that weighs words and answers together, and the decision that follows."""

from __future__ import annotations

import pytest
from form_answers import Answering

from planner.ground.grounder import GroundConfig
from planner.learn.knowledge import Entry, Knowledge
from planner.lm.api import ScriptedLM
from planner.plan import Act, Ask, Refuse
from planner.propose.choose import open_grounder, open_proposer
from planner.propose.combined import CombinedProposer, knows_form
from planner.propose.lookup import Lookup
from planner.propose.proposer import LMProposer, ProposeConfig
from planner.propose.weights import ConfidenceWeights, DecisionWeights, Weights
from propose_scene import body_with, request_for

NAMES = ("apple", "pear", "sponge", "blue bowl", "red bowl")
WEIGHTS = Weights(decision=DecisionWeights(model=1.0, ask_rule=2.0, refuse_rule=2.0, ask=0.0, refuse=0.0))


def thought_of(told: Answering, text: str, mode: str = "combined", weights=WEIGHTS, names=NAMES, lookup=None):
    body = body_with(names)
    request = request_for(text, names, body=body)
    body.kinematics.sync(request.observation)
    proposer = CombinedProposer(told.model(), ProposeConfig(mode=mode), lookup=lookup, weights=weights)
    grounded = open_grounder(proposer, GroundConfig()).ground(request, proposer.propose(request, 4), body)
    return grounded, proposer, request


def goal_of(grounded) -> set[str]:
    return set(map(str, grounded.decision.plan.goal.literals()))


def test_words_and_answers_that_agree_are_carried_out() -> None:
    told = Answering({"apple": "yes"}, {"apple": "in the blue bowl"})
    grounded, proposer, request = thought_of(told, "put the apple in the blue bowl")
    assert goal_of(grounded) == {"in(apple, blue bowl)"}
    assert [s.source for s in grounded.decision.plan.steps] == ["search", "search"]
    assert proposer.think(request).candidates[0].sources == {"words", "asked"}
    assert proposer.lm.usage.calls == 2


def test_what_rules_cannot_read_the_answers_say() -> None:
    told = Answering({"pear": "yes"}, {"pear": "in the red bowl"})
    grounded, _, _ = thought_of(told, "the green juicy one would look lovely where the crimson crockery stands")
    assert goal_of(grounded) == {"in(pear, red bowl)"}


def test_a_clear_reading_stands_against_unsure_answers() -> None:
    told = Answering({"pear": "yes"}, {"pear": "in the red bowl"}, sure=0.3)
    grounded, _, _ = thought_of(told, "put the apple in the blue bowl")
    assert goal_of(grounded) == {"in(apple, blue bowl)"}


@pytest.mark.parametrize("mode", ["words", "asked"])
def test_each_source_alone(mode) -> None:
    told = Answering({"pear": "yes"}, {"pear": "in the red bowl"})
    grounded, proposer, _ = thought_of(told, "put the apple in the blue bowl", mode)
    assert goal_of(grounded) == ({"in(apple, blue bowl)"} if mode == "words" else {"in(pear, red bowl)"})
    assert proposer.lm.usage.calls == (0 if mode == "words" else 2)


def test_whole_plans_are_written_step_by_step() -> None:
    told = Answering(plan="pick up the pear, put the pear in the red bowl, done.")
    grounded, _, _ = thought_of(told, "put the pear in the red bowl", "whole")
    assert [str(s.skill) for s in grounded.decision.plan.steps] == ["pick(pear)", "place_in(pear, red bowl)"]


def test_the_model_may_ask_and_its_question_names_what_is_open() -> None:
    told = Answering({"apple": "either", "pear": "either"}, dict.fromkeys(("apple", "pear"), "in the blue bowl"))
    told.decision = "ask"
    grounded, _, _ = thought_of(told, "that fruity thing should be in the blue bowl")
    assert isinstance(grounded.decision, Ask)
    assert grounded.decision.options == ("apple", "pear")


def test_the_model_may_refuse_with_a_reason() -> None:
    grounded, _, _ = thought_of(Answering(decision="refuse"), "iron the sponge until it glows")
    assert isinstance(grounded.decision, Refuse)
    assert grounded.decision.failure.detail


def test_a_rule_holds_against_a_weak_contradiction_and_yields_to_a_strong_one() -> None:
    told = Answering({"apple": "yes"}, {"apple": "in the blue bowl"}, sure=1.0)
    grounded, _, _ = thought_of(told, "put the apple in the bowl")
    assert isinstance(grounded.decision, Ask)
    told.sure = 9.0
    grounded, _, _ = thought_of(told, "put the apple in the bowl")
    assert goal_of(grounded) == {"in(apple, blue bowl)"}


def test_confidence_is_said_and_too_little_of_it_asks() -> None:
    told = Answering({"apple": "yes"}, {"apple": "in the blue bowl"})
    sure = Weights(decision=WEIGHTS.decision, confidence=ConfidenceWeights(bias=-3.0, by={"both": 4.0}, below=0.5))
    grounded, _, _ = thought_of(told, "put the apple in the blue bowl", weights=sure)
    assert grounded.confidence == pytest.approx(0.731, abs=0.01)
    assert isinstance(grounded.decision, Act)
    unsure = Weights(decision=WEIGHTS.decision, confidence=ConfidenceWeights(bias=-3.0, below=0.5))
    grounded, _, _ = thought_of(told, "put the apple in the blue bowl", weights=unsure)
    assert isinstance(grounded.decision, Ask)
    assert "apple" in grounded.decision.question


def test_an_order_that_the_words_force_orders_the_steps() -> None:
    both = dict.fromkeys(("apple", "pear"), "yes")
    told = Answering(both, dict.fromkeys(both, "in the blue bowl"), order=("pear", "apple"))
    grounded, _, _ = thought_of(told, "first the pear and then the apple into the blue bowl")
    assert str(grounded.decision.plan.steps[0].skill) == "pick(pear)"


def test_kinds_are_looked_up_and_the_rest_is_asked() -> None:
    lookup = Lookup(Knowledge([Entry("apple", ("fruit",)), Entry("sponge", ("cleaner",))]))
    told = Answering({"apple": "yes", "pear": "yes"}, dict.fromkeys(("apple", "pear"), "in the blue bowl"))
    grounded, _, _ = thought_of(told, "put the fruit in the blue bowl", lookup=lookup)
    assert goal_of(grounded) == {"in(apple, blue bowl)", "in(pear, blue bowl)"}
    (call, *_) = [t for t in grounded.tools if t.name == "knowledge"]
    assert call.result == ["apple"]
    assert "pear" in call.arguments["unknown"]


def test_only_a_model_that_knows_the_form_is_asked_by_itself() -> None:
    plain = ScriptedLM(lambda prefix, option: 0.0)
    assert not knows_form(plain)
    config = ProposeConfig(knowledge="none")
    assert type(open_proposer(plain, config, mode="untrained")) is LMProposer
    assert CombinedProposer(plain, config, weights=Weights(trusted=True)).mode == "words"
    assert CombinedProposer(Answering().model(), config, weights=Weights(trusted=True)).mode == "combined"
    assert CombinedProposer(Answering().model(), config, weights=Weights(trusted=False)).mode == "words"


def test_a_thing_that_nobody_wrote_down_is_sorted_by_what_the_model_finds_likely() -> None:
    """Every text with "florble" in it is likely beside "fruit", and as likely as any other without."""

    def logprob(prefix: str, option: str) -> float:
        last = prefix.rsplit("\n", 1)[-1]
        about = "florble" in option or "florble" in last
        fruity = "fruit" in (option + last).lower()
        return 4.0 if about and fruity else 0.0

    lookup = Lookup(Knowledge([Entry("apple", ("fruit",)), Entry("sponge", ("cleaner",)), Entry("lemon", ("fruit",))]))
    request = request_for("put the fruit in the blue bowl", ("apple", "florble", "sponge", "blue bowl"))
    proposer = CombinedProposer(ScriptedLM(logprob), ProposeConfig(), (), lookup, Weights())
    best = proposer.think(request).candidates[0]
    assert {str(x) for x in best.literals} == {"in(apple, blue bowl)", "in(florble, blue bowl)"}
