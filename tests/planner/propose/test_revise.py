"""What is taken back, and what is left alone."""

from __future__ import annotations

import pytest

from planner.propose.reading import read_words
from propose_scene import moved, request_for, stacked

NAMES = ("red block", "green block", "white block", "spoon", "red bowl", "green bowl")


def reading(text, start=()):
    return read_words(stacked(request_for(text, NAMES), start))


def said(text):
    return [m.names for m in reading(text).wanted]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("put the spoon in the red bowl, oh wait, actually the green one", [("spoon",), ("green bowl",)]),
        ("lift the red block. Sorry, I meant the spoon", [("spoon",)]),
        ("bring the spoon to the left side, I mean the right side", [("spoon",), ("right side",)]),
        (
            "put the spoon in the red bowl, no, put the white block in the green bowl",
            [("white block",), ("green bowl",)],
        ),
        ("put the red block in the green bowl, or rather in the red bowl", [("red block",), ("red bowl",)]),
    ],
)
def test_corrections_replace_what_they_correct(text, meant):
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("drop the blocks in the red bowl, leave the white one where it is", {"white block"}),
        ("drop the blocks in the red bowl; the white block stays put", {"white block"}),
        ("drop the blocks in the red bowl but you must not touch the green block", {"green block"}),
        ("drop the blocks in the red bowl, other than the green one", {"green block"}),
        ("all blocks apart from the green one and the white one go left", {"green block", "white block"}),
        ("put everything in the red bowl, on second thought leave the spoon out", {"spoon"}),
        ("keep the spoon there and put the red block in the red bowl", {"spoon"}),
        ("put the blocks in the red bowl, without the white one", {"white block"}),
    ],
)
def test_what_stays_is_taken_out(text, out):
    assert reading(text).excluded == out


def test_leaving_a_thing_somewhere_else_is_moving_it():
    words = reading("take the spoon and leave it at the left side")
    assert not words.excluded
    assert [m.names for m in words.wanted] == [("spoon",), ("left side",)]


def test_leaving_a_thing_where_it_is_already_is_not():
    words = reading("leave the spoon in the red bowl", moved(("spoon", "in", "red bowl")))
    assert words.excluded == {"spoon"}


def test_a_forbidden_pair_forbids_neither_alone():
    words = reading("put the spoon in the red bowl, but never put the white block in the red bowl")
    assert words.banned == {("white block", "red bowl")}
    assert not words.excluded


def test_a_ruled_out_destination():
    words = reading("put the spoon in a bowl, but not in the red one")
    assert words.barred == {"red bowl"}


def test_but_is_no_exception_where_a_sentence_follows():
    words = read_words(request_for("leave the red block alone, but the green block should be in the blue bowl"))
    assert words.excluded == {"red block"}
    assert [m.names for m in words.wanted] == [("green block",), ("blue bowl",)]


def test_what_is_kept_together_somewhere_else_is_moved():
    words = read_words(request_for("keep the red block and the green block together in the blue bowl"))
    assert not words.excluded
