"""Phrases that tell things by what somebody would do with them."""

from __future__ import annotations

import pytest

from planner.propose.reading import read_words
from planner.propose.relatives import told_by_use
from planner.propose.spelling import tokens_of
from propose_scene import request_for


def phrases(text, here=("crate",)):
    toks = tokens_of(text)
    return [" ".join(t.text for t in toks[a:b]) for a, b in told_by_use(toks, here)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("whatever a gardener would need belongs in the crate", ["whatever a gardener would need"]),
        ("hand me the thing you'd sharpen a pencil with", ["thing you'd sharpen a pencil with"]),
        ("everything that painters use goes in the crate", ["everything that painters use"]),
        ("put what one would wear on a rainy day into the crate", ["what one would wear on a rainy day"]),
        ("put things people take to the beach in the crate, please", []),
        ("everything made out of wood goes in the crate", ["everything made out of wood"]),
        ("put everything on the shelf", []),
        ("everything you can see is yellow", ["everything you can see"]),
        ("what should I do?", []),
    ],
)
def test_where_such_phrases_begin_and_end(text, found) -> None:
    assert phrases(text) == found


def test_nothing_that_is_here_is_looked_for_inside() -> None:
    words = read_words(request_for("everything a plumber would use goes in the red bowl", ("plunger", "red bowl")))
    assert [(m.kind, m.names) for m in words.wanted + tuple(m for m in words.mentions if m.kind)] == [
        ("", ("red bowl",)),
        ("everything a plumber would use", ()),
    ]
