"""What only explains a request is dropped; what somebody says of themselves is a request."""

from __future__ import annotations

import pytest

from planner.propose.reasons import reasoned

NAMES = ("kite", "drum", "bench", "old chest")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("while the glue dries, hang the kite up", "hang the kite up"),
        ("since my aunt loves music, bring the drum", "bring the drum"),
        ("carry the drum out so that nobody trips over it", "carry the drum out"),
        ("carry the drum out because the kids want the bench. Then come back", "carry the drum out. Then come back"),
        ("move the kite so I can sit on the bench", "move the kite"),
        ("my kite is on the bench. I really need it", "bring me my kite that is on the bench"),
        ("the drum is still in the chest and we're waiting for it", "bring me the drum that is in the chest"),
        ("the kite is for me, the drum stays", "bring me the kite, the drum stays"),
        ("is there any way the kite could make its way to me?", "bring me the kite?"),
        ("is there a chance the kite could be moved?", "the kite should be moved?"),
        ("the bench needs a drum", "put a drum in the bench"),
        ("my friend needs a drum", "my friend needs a drum"),
        ("each peg holds one kite, so take the kite to the bench", "take the kite to the bench"),
        ("put the kite down, so take the drum to the bench", "put the kite down, so take the drum to the bench"),
        ("the drum is wet, so put it on the bench", "the drum is wet, so put it on the bench"),
        ("go to the bench; there you'll find a drum. lift the drum", "go to the bench; lift the drum"),
        ("the apprentice at the bench needs the drum", "bring the drum to the bench"),
        ("the drum on the bench needs the kite", "the drum on the bench needs the kite"),
        ("let's make a fire: put the drum on the bench", "put the drum on the bench"),
        ("please sort the workshop: kites into the chest", "kites into the chest"),
        ("bring the kite, not the drum. I fell over it yesterday.", "bring the kite, not the drum."),
        ("I would like the kite, we lost the other one last summer", "I would like the kite"),
        ("hand me the drum, my sister broke a stick last time", "hand me the drum"),
        ("bring the kite, last week I cut my thumb", "bring the kite"),
        ("bring the kite. I put it on the bench yesterday", "bring the kite. I put it on the bench yesterday"),
        ("bring the kite. I lost a stick", "bring the kite. I lost a stick"),
        ("The guests have arrived. Bring the drum.", "Bring the drum."),
        ("Groceries are here. All the drums go in the chest.", "All the drums go in the chest."),
        ("The drum is here. Put it on the bench.", "The drum is here. Put it on the bench."),
        ("empty the chest, I want to paint it", "empty the chest"),
        ("carry the drum in. I'm about to tune it.", "carry the drum in."),
        ("bring the kite; we have to mend the tail", "bring the kite"),
        ("bring the kite, I want to sit on the bench", "bring the kite, I want to sit on the bench"),
        ("bring the kite, I want to put it away", "bring the kite, I want to put it away"),
        ("the dog mustn't chew the drum. Put it in the chest", "Put the drum in the chest"),
        ("My brother shouldn't see the kite, so put it away.", "put the kite away."),
        ("nobody must find the kites: stash them in the chest", "stash the kites in the chest"),
        ("the kids aren't allowed to touch my drum. Move the drum up", "Move the drum up"),
        ("the guests can't see the kite. They are late", "the guests can't see the kite. They are late"),
        ("since the drum is wet, hang it up", "since the drum is wet, hang it up"),
        ("place the drums so that no drum is in the chest", "place the drums so that no drum is in the chest"),
        ("as soon as you can, hang the kite up", "as soon as you can, hang the kite up"),
    ],
)
def test_the_request_behind_the_reason(said, meant) -> None:
    assert reasoned(said, NAMES, person=True) == meant


def test_without_anybody_there_nothing_is_brought() -> None:
    assert reasoned("the kite is for me", NAMES) == "the kite is for me"
