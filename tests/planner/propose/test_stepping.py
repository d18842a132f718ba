"""Skills with verbs of their own: what was said decides which goal is meant and which way it is reached."""

from __future__ import annotations

import pytest

from planner.lm.api import ScriptedLM
from planner.plan import Request
from planner.propose.choose import open_proposer
from planner.propose.proposer import ProposeConfig
from propose_scene import request_for
from skills.drivers.fake_mobile import fake_mobile_embodiment
from skills.library import default_library
from skills.mechanisms import Handle, Mechanism, Motion
from skills.predicates import symbolic_state
from skills.types import Form, ObjectState, Pose, Region, Shape

REGIONS = (
    Region("table", (1.0, -0.5), (1.6, 0.5), 0.7),
    Region("close counter", (-1.6, -0.5), (-1.0, 0.5), 0.9),
    Region("user", (-0.2, 1.2), (0.2, 1.6), 0.8, person=True),
)


def kitchen(opened: bool):
    """A drawer, a can and an apple; somebody to bring things to."""
    drawer = Mechanism(
        Motion.SLIDE, "chest", (-1.0, 0.0, 0.0), travel=0.2, position=0.19 if opened else 0.0,
        handle=Handle((1.29, 0.0, 0.76), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)), parts=("drawer",),
    )  # fmt: skip
    things = (
        ObjectState("drawer", "bin", Shape(Form.BIN, (0.24, 0.2, 0.1), 0.006), Pose((1.4, 0.0, 0.75)), joint=drawer,
                    movable=False),
        ObjectState("coke can", "can", Shape(Form.CYLINDER, (0.066, 0.066, 0.12)), Pose((1.3, 0.3, 0.76))),
        ObjectState("apple", "apple", Shape(Form.SPHERE, (0.07, 0.07, 0.07)), Pose((-1.3, 0.3, 0.935))),
    )  # fmt: skip
    return fake_mobile_embodiment(things, REGIONS, tuple(r.name for r in REGIONS))


def proposed(text: str, opened: bool = False):
    obs = kitchen(opened).observe()
    request = Request(text, obs, symbolic_state(obs), default_library())
    proposer = open_proposer(ScriptedLM(lambda prefix, option: 0.0), ProposeConfig(knowledge="none"), mode="words")
    return proposer.propose(request, 4)[0]


@pytest.mark.parametrize(
    ("text", "opened", "goal"),
    [
        ("open the drawer", False, "open(drawer)"),
        ("close the drawer", True, "closed(drawer)"),
        ("please shut the drawer", True, "closed(drawer)"),
        ("could you open the drawer for me", False, "open(drawer)"),
        ("stand the coke can up", False, "upright(coke can)"),
        ("set the coke can upright please", False, "upright(coke can)"),
        ("grab the coke can that stands on the table", False, "holding(coke can)"),
        ("put the apple on the close counter", False, "at(apple, close counter)"),
    ],
)
def test_the_verb_decides_the_goal(text, opened, goal):
    assert [str(x) for x in proposed(text, opened).goal] == [goal]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("hand me the coke", "hand_over"),
        ("give the apple to me", "hand_over"),
        ("bring me the coke", "place_at"),
        ("hold the apple in your hand and bring it to the user", "place_at"),
    ],
)
def test_handing_over_is_asked_for(text, how):
    assert [s.skill.name for s in proposed(text).steps][-1] == how


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("put the spoon in the white bowl, then the cap on the right side", ["spoon", "cap"]),
        ("first lay the cap on the right side, then the spoon in the white bowl", ["cap", "spoon"]),
        ("put the spoon in the white bowl, but first lay the cap on the right side", ["cap", "spoon"]),
        ("after putting the cap on the right side, put the spoon in the white bowl", ["cap", "spoon"]),
    ],
)
def test_steps_follow_the_order_that_is_said(text, order) -> None:
    request = request_for(text, ("spoon", "cap", "white bowl"))
    proposer = open_proposer(ScriptedLM(lambda prefix, option: 0.0), ProposeConfig(knowledge="none"), mode="words")
    best = proposer.propose(request, 1)[0]
    assert [s.args[0] for s in best.steps if s.operator.name == "pick"] == order
