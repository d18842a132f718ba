"""Needs behind which no thing is named."""

from __future__ import annotations

import pytest

from planner.lm.api import OptionScore
from planner.lm.engine import load_language_model
from planner.propose.needs import NEED, SAID, is_remark, needs, stated_need

HERE = ("kettle", "rope", "shelf", "towel")


def named(text):
    return any(n in text.lower().split() or f"{n}." in text.lower() for n in HERE)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I promised to inflate an air mattress.", "something to inflate an air mattress"),
        ("How am I supposed to brew tea without any help?", "something to brew tea"),
        ("I'd like to hang a coat, please", "something to hang a coat"),
        ("Time to sharpen my pencils! What do you have for me?", "something to sharpen my pencils"),
        ("Do we have anything to fix a flat tyre?", "something to fix a flat tyre"),
        ("My nose is running. Can you help me?", f"{NEED}My nose is running"),
        ("it is freezing in here", f"{SAID}it is freezing in here"),
        ("My sister is really freezing today.", "something to keep warm"),
        ("The cat is starving!", "something to feed a cat"),
        ("I want to eat porridge but I have nothing to eat it with", "something to eat porridge"),
        ("My hands are sticky. Please bring me something.", f"{NEED}My hands are sticky"),
    ],
)
def test_a_need_is_found(said, kind):
    assert stated_need(said, named) == kind


@pytest.mark.parametrize(
    "said",
    [
        "I want to put the towel away",  # an order about what is here
        "I'd like to have the kettle",
        "I need you to stop",
        "I want to move the ladder to the cellar",  # about what is not here
        "bring me something to eat",  # read as a phrase of its own
        "The kettle is on the shelf",
        "put it back",
        "hello",
        "help",
        "What's on the radio tonight? Tell me.",
    ],
)
def test_other_requests_are_no_needs(said):
    assert stated_need(said, named) == ""


class Likes:
    """Scores an ending by the words that it shares with a list."""

    def __init__(self, *liked):
        self.liked = liked

    def score_many(self, prefix, asked):
        return [
            [OptionScore(3.0 if "wet" in said and any(w in o for w in self.liked) else 0.0, 1) for o in options]
            for said, options in asked
        ]


def test_uses_that_are_written_down_decide_and_one_thing_is_offered():
    uses = {"towel": ("dry hands",), "rope": ("tie things",), "kettle": ("boil water",)}
    rows = dict(zip(HERE, needs(Likes("dry"), "my hands are wet", HERE, uses), strict=True))
    assert max(rows, key=rows.get) == "towel"
    assert rows["towel"] > 0 > rows["rope"]


def test_of_things_nobody_wrote_about_the_direct_question_decides():
    rows = dict(zip(HERE, needs(Likes("towel"), "my hands are wet", HERE, {}), strict=True))
    assert max(rows, key=rows.get) == "towel"
    assert needs(Likes("x"), "wet", (), {}) == []


@pytest.mark.weights
@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ("My aunt collects stamps", True),
        ("We were in Rome in spring", True),
        ("My skin is dry", False),
        ("There is mud on the carpet", False),
    ],
)
def test_a_remark_is_told_from_a_problem(said, remark):
    lm = load_language_model()
    assert is_remark(lm, SAID + said) == remark
    assert not is_remark(lm, NEED + said)  # help was asked for
