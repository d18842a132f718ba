"""What is spoken of and not here: precise, so that plain words are no missing things."""

from __future__ import annotations

import pytest

from planner.propose.lookup import open_lookup
from planner.propose.reading import read_words
from propose_scene import request_for
from skills.library import default_library
from skills.operators import Operator
from skills.skill import Skill
from skills.symbols import Parameter, atom

NAMES = ("red block", "green block", "spoon", "red bowl")


def reading(text, **more):
    return read_words(request_for(text, NAMES, **more))


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("hand me the corkscrew", "corkscrew"),
        ("put the spoon in the wardrobe", "wardrobe"),
        ("drop the yellow block into the red bowl", "yellow block"),
        ("the umbrella goes in the red bowl", "umbrella"),
        ("put the spoon into cupboard", "cupboard"),
        ("stack the red block on the blue one", "blue"),
    ],
)
def test_missing_things(text, phrase):
    assert [m.missing for m in reading(text).mentions if m.missing] == [f"there is no {phrase!r} here"]


@pytest.mark.parametrize(
    "text",
    [
        "I would like the spoon to rest in the red bowl",
        "put the spoon in the red bowl and, after that, lift the red block",
        "at least the spoon has to be in the red bowl",
        "on second thought lift the spoon",
        "put the spoon in the red bowl, in front of everybody and in a hurry",
        "do me a favour and lift the spoon for the guests",
        "lift the spoon a bit, the other way round would not work",
        "stack the blocks in a tower, the green one in between",
        "I spilled the soup, so bring the spoon to the middle",
    ],
)
def test_plain_words_are_no_missing_things(text):
    assert [m.missing for m in reading(text).mentions if m.missing] == []


@pytest.mark.parametrize(
    ("text", "verb"),
    [("please peel the spoon", "peel"), ("could you boil the red block?", "boil"), ("turn the spoon on", "turn")],
)
def test_verbs_without_a_skill(text, verb):
    assert reading(text).cannot == verb


@pytest.mark.parametrize("text", ["kick the spoon into the red bowl", "sweep the blocks into the red bowl"])
def test_a_verb_that_says_how_moves_where_a_place_is_said(text):
    assert reading(text).cannot == ""


def test_what_is_eaten_is_pressed_out():
    request = request_for("squeeze the lemon into the red bowl", ("lemon", "red bowl"))
    assert read_words(request, lookup=open_lookup("all")).cannot == "squeeze"


def test_a_verb_in_a_wish_or_about_oneself_asks_for_nothing():
    assert reading("I would like to eat, so lift the spoon").cannot == ""


def test_a_new_skill_makes_its_verb_sayable():
    rinse = Operator("rinse", (Parameter("obj", "movable"),), (), add=(atom("upright", "obj"),), say="rinse the {obj}")
    library = default_library()
    library.register(Skill(rinse, None, None))
    request = request_for("rinse the spoon", NAMES)
    assert read_words(request).cannot == "rinse"
    assert read_words(type(request)(**{**request.__dict__, "library": library})).cannot == ""


@pytest.mark.parametrize("text", ["put the spoon under the red bowl", "the spoon should be above the red block"])
def test_relations_that_no_skill_brings_about(text):
    assert reading(text).relation


def test_what_is_heaped_up_in_a_container_is_no_tower():
    assert not reading("heap the blocks in the red bowl").cues.tower
    assert reading("heap the blocks in the middle").cues.tower


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Go next door and get the spoon", "go next door"),
        ("could you run downstairs and let the plumber in", "go downstairs"),
        ("Please pop outside and take the spoon with you", "go outside"),
        ("go to the middle and feed the dog", "feed"),
        ("put the spoon outside the red bowl", ""),
        ("go to the middle and pick up the spoon", ""),
    ],
)
def test_out_of_the_room_no_skill_goes(text, deed):
    assert reading(text).cannot == deed
