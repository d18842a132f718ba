"""Requests of which something was left out, and sentences of which nothing was."""

from __future__ import annotations

import pytest

from planner.propose.clipped import unclipped

NAMES = ("yarn", "thread", "spool", "sewing box", "shelf")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("please shelve the yarn and the thread", "please put the yarn and the thread in the shelf"),
        ("spool the yarn", "spool the yarn"),
        ("the yarn, please", "bring me the yarn"),
        ("Into the sewing box with the yarn!", "put the yarn Into the sewing box!"),
        ("away with that thread", "throw that thread away"),
        ("put the yarn on a peg, do the same with b", "put the yarn on a peg and put b on a peg"),
        ("the spool is empty, it can go", "the spool is empty, throw it away"),
        ("nothing but the yarn goes in the sewing box", "put only the yarn in the sewing box"),
        ("don't put the yarn on the shelf but in the sewing box", "put the yarn in the sewing box"),
        ("the sewing box is where we keep the thread", "put the thread in the sewing box"),
        ("use the sewing box for the thread", " put the thread in the sewing box"),
        ("the shelf is for spools", " put all the spools in the shelf"),
    ],
)  # fmt: skip
def test_what_was_left_out_is_put_back(said, meant) -> None:
    assert unclipped(said, NAMES, person=True) == meant


@pytest.mark.parametrize(
    "text",
    [
        "put the yarn on the shelf, please",
        "the yarn goes on the shelf please",
        "this is for you",
        "use the yarn for the scarf",
        "don't put the yarn on the shelf",
        "on the shelf is a spool",
    ],
)
def test_whole_sentences_stay(text) -> None:
    assert unclipped(text, NAMES, person=True) == text


def test_nobody_is_there_to_bring_things_to() -> None:
    assert unclipped("the yarn, please", NAMES) == "the yarn, please"


def test_a_second_holder_needs_no_verb():
    names = ("pouch", "tin", "coin", "key")
    said = unclipped("The pouch is for coins, the tin for keys.", names)
    assert " ".join(said.split()) == "put all the coins in the pouch. put all the keys in the tin."


def test_what_is_named_like_a_box_is_done_with_it():
    assert " ".join(unclipped("gather the coins and box them", ("box", "coin")).split()) == (
        "gather the coins and put them in the box"
    )
