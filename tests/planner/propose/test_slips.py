"""Typing slips in small words are undone; what exists, and what may be a thing, is left alone."""

from __future__ import annotations

import pytest

from planner.lm.api import ScriptedLM
from planner.propose.combined import CombinedProposer
from planner.propose.lookup import open_lookup
from planner.propose.proposer import ProposeConfig
from planner.propose.slips import mended
from propose_scene import request_for

NAMES = ("red mug", "toy wagon", "side shelf", "thimble")


@pytest.fixture(scope="module")
def real():
    return open_lookup().words


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("brinng me the mug", "bring me the mug"),  # doubled
        ("hte mug on the shelf", "the mug on the shelf"),  # swapped
        ("plce the mug onto the shelf", "place the mug onto the shelf"),  # left out
        ("mpve the mug", "move the mug"),  # a key beside
        ("put the mug amd the wagon on th shelf", "put the mug and the wagon on the shelf"),
        ("Pkace the mug there", "Place the mug there"),
        ("everythingg exccept the mug", "everything except the mug"),
        ("sooo, movve the mug", "so, move the mug"),
        ("the mugs of the same colout", "the mugs of the same colour"),
    ],
)
def test_one_slip_is_undone(said, meant, real):
    assert mended(said, NAMES, real) == meant


@pytest.mark.parametrize(
    "text",
    [
        "put the mgu in the wagn",  # things: the reading looks for these itself
        "give Tim the mug and the thymble",
        "my aunt is fond of it, thanks, and hurry",
        "it's the mug that isn't on the shelf",
        "the t-shirt, the yo-yo",
        "whistle loudly",
        "the sandy one is stable, steal the handsome stalk",  # no candy, no table, no "hand some stack"
        "the eel in the watery hut",
        "grüß Gott, дай кружку",
        "",
        "zzxqv wmbl",
    ],
)
def test_what_is_no_slip_stays(text, real):
    assert mended(text, NAMES, real) == text


def test_the_names_of_the_scene_exist(real):
    assert mended("put the thimbel on the florp", ("florp", "thimble"), real) == "put the thimbel on the florp"
    assert mended("pur the mug down", ("mug",), real) != "pur the mug down"
    assert mended("the pur, please", ("pur",), real) == "the pur, please"


def test_the_reading_goes_by_what_was_meant_and_the_episode_says_so():
    request = request_for("puut the redd block im the blue bowl", ("red block", "green block", "blue bowl"))
    proposer = CombinedProposer(ScriptedLM(lambda prefix, option: 0.0), ProposeConfig(), lookup=open_lookup())
    best = proposer.think(request).candidates[0]
    assert set(map(str, best.literals)) == {"in(red block, blue bowl)"}
    (call,) = [t for t in proposer.tools(request) if t.name == "slips"]
    assert call.arguments["text"] == request.instruction
    assert call.result.startswith("put ")
