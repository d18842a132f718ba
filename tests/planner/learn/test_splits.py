from __future__ import annotations

import pytest

from planner.learn.knowledge import Knowledge, load_knowledge
from planner.learn.membership import Membership
from planner.learn.splits import CATEGORY_FIELDS, LEAST, SPLITS, View, hold_out, wording_held_out


def test_holds_out_about_the_shares_that_it_promises():
    k = load_knowledge()
    held = hold_out(k)
    assert 0.12 < len(held.objects) / len(k) < 0.18
    kinds = [p for f, p in held.categories if f == "kinds" and len(k.of_kind(p)) >= LEAST]
    assert 0.04 < len(kinds) / len(k.phrases("kinds", LEAST)) < 0.2
    assert {f for f, _ in held.categories} <= set(CATEGORY_FIELDS)


def test_more_knowledge_moves_nothing_between_the_sides():
    k = load_knowledge()
    half = Knowledge(e for i, e in enumerate(k) if i % 2)
    assert hold_out(half).objects == {n for n in hold_out(k).objects if n in half}


def test_views_of_training_and_of_the_unseen_do_not_overlap():
    k = load_knowledge()
    train, things, categories = View(k, "train"), View(k, "unseen_objects"), View(k, "unseen_categories")
    assert not set(train.names) & set(things.names)
    assert set(train.names) | set(things.names) == set(k.entries)
    for field in CATEGORY_FIELDS:
        assert not set(train.categories(field)) & set(categories.categories(field))
        assert categories.categories(field)
        for phrase in train.categories(field)[:20]:
            assert not set(train.members(field, phrase)) & set(train.held.objects)


def test_a_pool_keeps_some_wordings_for_the_unseen():
    pool = tuple(f"put {{o}} {i}" for i in range(40))
    k = load_knowledge()
    seen, none = View(k, "train").wordings(pool)
    every, held = View(k, "unseen_wording").wordings(pool)
    assert not none
    assert every == pool
    assert held
    assert set(seen) | set(held) == set(pool)
    assert not set(seen) & set(held)
    assert all(wording_held_out(h) for h in held)
    assert View(k, "train").wordings(pool[:3])[0] == pool[:3]


def test_a_rehearsal_shows_new_things_that_are_not_those_of_the_unseen():
    k = load_knowledge()
    view, unseen = View(k, "rehearsal"), View(k, "unseen")
    assert view.names
    assert not set(view.names) & set(unseen.names)
    for field in CATEGORY_FIELDS:
        assert not set(view.categories(field)) & set(unseen.categories(field))
        assert all(not view.lookup.knowledge.members(field, p) for p in view.categories(field))
    assert not any(n in view.lookup.knowledge for n in (*view.names, *unseen.names))
    pool = tuple(f"put {{o}} {i}" for i in range(60))
    every, new = view.wordings(pool)
    assert new
    assert set(new) < set(every)
    assert not any(wording_held_out(w) for w in every)


def test_an_unknown_split_is_an_error_that_names_the_choices():
    with pytest.raises(ValueError, match="no split 'test'") as caught:
        View(load_knowledge(), "test")
    assert all(s in str(caught.value) for s in SPLITS)


@pytest.mark.parametrize(
    ("category", "yes", "no", "open_"),
    [
        (("kinds", "fruit"), ("apple", "lemon"), ("hammer", "carrot"), ("tomato",)),
        (("uses", "hang a picture"), ("hammer",), ("apple", "pillow"), ()),
        (("properties", "caffeinated"), ("coke",), ("pillow", "wrench"), ()),
    ],
)
def test_what_surely_belongs_and_what_surely_does_not(category, yes, no, open_):
    m = Membership(load_knowledge())
    assert set(yes) <= m.surely(category)
    assert set(no) <= m.surely_not(category)
    assert not set(open_) & m.surely_not(category)
    assert not m.surely(category) & m.surely_not(category)
