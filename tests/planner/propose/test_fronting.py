"""What is taken up again or set against something else stands in its plain place."""

from __future__ import annotations

import pytest

from planner.propose.fronting import unfronted


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("instead of on the bench, put the drum in the chest", "put the drum in the chest"),
        ("not the chest, the bench: lay the drum on that", "lay the drum in the bench"),
        ("with the drum safely on the bench, bring the kite", "put the drum on the bench, then bring the kite"),
        ("the kite stays out but the drum shouldn't: put it in the chest",
         "the kite stays out. put the drum in the chest"),
        ("the kites go in the chest but the drum doesn't", "the kites go in the chest, except the drum"),
        ("why is the drum still on the bench? It belongs in the chest", "the drum belongs in the chest"),
        ("why is the drum still on the bench?", "take the drum off the bench."),
        ("the drum is on the bench. It's junk", "the drum is on the bench. throw it away"),
        ("all the kites that are on the bench, bring them here", "bring all the kites that are on the bench here"),
        ("the drum, please put it on the bench", "please put the drum on the bench"),
        ("lift the kite. The drum, leave.", "lift the kite. leave The drum alone."),
        ("the old drum, trash it", "throw away the old drum"),
        ("the drum, the blue drum, goes on the bench", "the blue drum goes on the bench"),
        ("never lay the kite on the bench. The chest is better", "lay the kite in The chest"),
        ("lay the kite anywhere but on the bench", "lay the kite anywhere but on the bench"),
        ("put the kite anywhere but on the bench", "don't put the kite on the bench. put the kite somewhere"),
        ("hang the kite up; its place is the chest", "hang the kite up; put it in the chest"),
        ("the kites go in the chest. The drum doesn't.", "the kites go in the chest. leave The drum alone."),
    ],
)  # fmt: skip
def test_plainly(said, meant) -> None:
    assert " ".join(unfronted(said).split()) == meant


@pytest.mark.parametrize(
    "text",
    [
        "put the cup in the bin. It's rubbish",
        "bring me a kite instead of the drum",
        "the drum is broken, bring it here",
        "the drum goes to the bench, the kite to the other bench",
    ],
)
def test_other_sentences_stay(text) -> None:
    assert unfronted(text) == text
