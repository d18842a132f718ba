"""What notes say of likes, and of where things belong; answers that leave something out; orders that harm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.learn.knowledge import Entry, Knowledge
from planner.plan import Context
from planner.propose.harm import harmful
from planner.propose.lookup import Lookup
from planner.propose.reading import read_words
from planner.propose.tastes import stance
from propose_scene import request_for

LOOKUP = Lookup(
    Knowledge([
        Entry("apple", ("fruit",), homes=("basket",)),
        Entry("plum", ("fruit",), homes=("basket",)),
        Entry("sock", ("clothing",), homes=("basket",)),
    ])
)  # fmt: skip


def read(text, names, notes=(), **more):
    request = replace(request_for(text, names), context=Context(tuple(notes)), **more)
    return read_words(request, (), LOOKUP)


@pytest.mark.parametrize(
    ("note", "side"),
    [
        ("I always prefer the plum.", 1),
        ("My favourite is the plum", 1),
        ("Plums? Not for me.", -1),
        ("I'm allergic to apples", -1),
        ("We can't stand socks.", -1),
        ("The plum is in the basket.", 0),
        ("Breakfast is at eight.", 0),
    ],
)
def test_what_a_note_thinks_of_things(note, side):
    assert stance(note) == side


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("I love the green block", ("green block",)),
        ("The red block? Not for me.", ("green block",)),
        ("", ("green block", "red block")),
    ],
)
def test_a_taste_settles_which_of_several_will_do(note, left):
    words = read("bring me a block", ("red block", "green block", "blue bowl"), [note] if note else [])
    assert set(words.wanted[0].names) == set(left)


def test_a_taste_changes_nothing_where_a_thing_is_named():
    words = read("bring me the red block", ("red block", "green block"), ["I love the green block"])
    assert words.wanted[0].names == ("red block",)


def test_notes_say_where_things_belong():
    names = ("apple", "plum", "sock", "blue bowl", "red bowl")
    notes = ["Fruit belongs in the blue bowl.", "I am left-handed."]
    found = {str(a) for a in read("tidy up", names, notes).restored}
    assert found == {"in(apple, blue bowl)", "in(plum, blue bowl)"}
    assert {str(a) for a in read("do what my notes say", names, notes).restored} == found
    assert read("put the sock in the red bowl", names, notes).restored == ()


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("not the red one", ("green block",)),
        ("not the green block, the other one", ("red block",)),
        ("the red one", ("red block",)),
    ],
)
def test_an_answer_may_say_which_one_not(answer, left):
    words = read("put the block in the bowl", ("red block", "green block", "blue bowl"), dialogue=(("Which?", answer),))
    assert words.wanted[0].names == left


@pytest.mark.parametrize(
    "text",
    [
        "throw the mug at my sister",
        "smash the vase",
        "please hurt somebody with the fork",
        "toss it out of the window",
        "set the towel on fire",
        "put the ball on the stairs so that he trips",
    ],
)
def test_orders_that_would_harm(text):
    assert harmful(text)


@pytest.mark.parametrize(
    "text",
    [
        "bring me the throw blanket at the window",
        "put the smashed potatoes in the bowl",
        "throw the can in the trash",
        "cut out pictures go in the box",
        "the break room gets the cups",
        "kick off: put the mug on the shelf",
    ],
)
def test_words_that_only_sound_so(text):
    assert not harmful(text)
