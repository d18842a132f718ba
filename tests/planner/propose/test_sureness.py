"""How sure: features that follow the thought, a probability for every decision, and a question where it is too low."""

from __future__ import annotations

import pytest

from planner.ground.grounder import GroundConfig
from planner.learn.knowledge import Entry, Knowledge
from planner.lm.api import ScriptedLM
from planner.plan import Act, Ask, Refuse
from planner.propose.choose import open_grounder
from planner.propose.combined import CombinedProposer
from planner.propose.lookup import Lookup
from planner.propose.proposer import ProposeConfig
from planner.propose.sureness import KINDS, Seen, Sureness, by_kind, features, how_sure, shipped
from planner.propose.weights import ConfidenceWeights, Weights
from propose_scene import body_with, request_for
from skills.failure import Failure, FailureKind

NAMES = ("apple", "florble", "sponge", "blue bowl", "red bowl")
LOOKUP = Lookup(Knowledge([Entry("apple", ("fruit",)), Entry("sponge", ("cleaner",)), Entry("blue bowl", ("dish",))]))


def liking(prefix: str, option: str) -> float:
    """Texts about florbles are likely beside fruit."""
    last = prefix.rsplit("\n", 1)[-1]
    about = "florble" in option or "florble" in last
    return 4.0 if about and "fruit" in (option + last).lower() else 0.0


def seen(text: str, fitted: Sureness | None = None, config: GroundConfig | None = None, **more):
    body = body_with(NAMES)
    request = request_for(text, NAMES, body=body, **more)
    body.kinematics.sync(request.observation)
    proposer = CombinedProposer(ScriptedLM(liking), ProposeConfig(), lookup=LOOKUP, weights=Weights())
    grounder = open_grounder(proposer, config or GroundConfig())
    if fitted is not None:
        grounder.sureness = fitted
    grounded = grounder.ground(request, proposer.propose(request, 4), body)
    return Seen(request, proposer.think(request), grounded.decision), grounded


def told(text: str) -> dict[str, float]:
    return features(seen(text)[0])


def test_a_plain_request_shows_nothing_unread_and_nothing_guessed():
    found = told("put the apple in the blue bowl")
    assert not {"unread", "judged", "mended", "kinds"} & set(found)
    assert found["margin"] > 1
    assert found["unwritten"] > 0  # the florble and the red bowl
    assert "unwritten meant" not in found


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("put the apple in the blue bowl verily forsooth", "unread"),
        ("put the aple in the blue bowl", "mended"),
        ("put the fruit in the blue bowl", "judged"),
        ("put the fruit in the blue bowl", "unwritten kinds"),
        ("put the florble in the blue bowl", "unwritten meant"),
        ("put everything but the sponge in the blue bowl", "excluded"),
        ("put the sponge and the apple in the blue bowl", "things"),
    ],
)
def test_what_makes_a_reading_doubtful_is_seen(text, feature):
    assert told(text).get(feature, 0.0) > told("put the apple in the blue bowl").get(feature, 0.0)


def test_questions_and_refusals_say_of_what_kind_they_are():
    which, _ = seen("put the apple in the bowl")
    assert isinstance(which.decision, Ask)
    assert which.kind == "ask"
    assert features(which)["asks which"] == 1.0
    absent, _ = seen("put the hammer in the blue bowl")
    assert isinstance(absent.decision, Refuse)
    assert features(absent)["refuses: unknown object"] == 1.0
    assert "asks which" not in features(absent)


def test_some_features_count_by_themselves_for_a_kind():
    found = by_kind("ask", {"unread": 1.0, "length": 2.0})
    assert found == {"unread": 1.0, "length": 2.0, "is ask": 1.0, "ask: unread": 1.0}


def test_what_cannot_be_carried_out_is_as_sure_as_its_goal():
    act, _ = seen("put the apple in the blue bowl")
    stuck = Seen(act.request, act.thought, Refuse(Failure(FailureKind.UNREACHABLE, "too far")))
    assert act.kind == stuck.kind == "act"
    assert features(act) == features(stuck)


def test_every_kind_of_decision_gets_its_own_probability():
    fitted = Sureness(weights=ConfidenceWeights(by={"is act": 2.0, "is refuse": -2.0}))
    said = [
        seen(t, fitted)[1].confidence
        for t in ("put the apple in the blue bowl", "put the apple in the bowl", "put the hammer in the blue bowl")
    ]
    assert said == pytest.approx([0.881, 0.5, 0.119], abs=0.001)


def test_nothing_is_said_where_nothing_was_fitted():
    assert seen("put the apple in the blue bowl", Sureness())[1].confidence is None
    act, _ = seen("put the apple in the blue bowl")
    assert how_sure(act.request, act.thought, act.decision, Sureness()) is None


def test_an_act_that_is_not_sure_enough_asks_before_it_moves():
    unsure = Sureness(weights=ConfidenceWeights(bias=-1.0, below=0.5))
    _, grounded = seen("put the apple in the blue bowl", unsure)
    assert isinstance(grounded.decision, Ask)
    assert "apple" in grounded.decision.question
    assert grounded.confidence == pytest.approx(0.269, abs=0.001)
    later = GroundConfig(ask_below=0.2)
    assert isinstance(seen("put the apple in the blue bowl", unsure, later)[1].decision, Act)
    _, answered = seen("put the apple in the blue bowl", unsure, dialogue=(("Do you mean that?", "yes"),))
    assert isinstance(answered.decision, Act)


def test_a_threshold_is_a_probability():
    with pytest.raises(ValueError, match="ask_below: a probability"):
        GroundConfig(ask_below=30.0)


def test_the_shipped_figures_know_every_kind_and_say_where_they_are_from():
    fitted = shipped()
    assert {f"is {k}" for k in KINDS} <= set(fitted.weights.by)
    assert all(f in fitted.command for f in ("groundplan weigh", "--seed"))
    assert len(fitted.data) == len(fitted.knowledge) == 64
    assert fitted.commit
    _, plain = seen("put the apple in the blue bowl", fitted)
    _, odd = seen("verily the fruity ones yonder forsooth betwixt hither bowl apple", fitted)
    assert 0.5 < plain.confidence <= 1.0
    assert odd.confidence < plain.confidence
