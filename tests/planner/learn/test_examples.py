from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from planner.learn.example import ACT, ASK, NO, REFUSE, answers
from planner.learn.examples import stream
from planner.learn.families import families
from planner.learn.knowledge import load_knowledge
from planner.learn.room import HAND, MOVABLE
from planner.learn.splits import LONGEST, SPLITS, hold_out, wording_held_out
from planner.propose import form
from skills.library import default_library


def some(split, n, seed=11, only=None):
    return list(islice(stream(load_knowledge(), split, seed, only), n))


@pytest.fixture(scope="module")
def train():
    return some("train", 800)


def text_of(example):
    return repr([answers(example), example.goal, example.plan, example.tags])


def test_the_same_seed_gives_the_same_bytes():
    first, again, other = some("train", 40), some("train", 40), some("train", 40, seed=12)
    assert list(map(text_of, first)) == list(map(text_of, again))
    assert {e.key for e in first}.isdisjoint({e.key for e in other})


def test_skipping_gives_what_would_have_followed():
    whole = some("train", 40)
    rest = list(islice(stream(load_knowledge(), "train", 11, skip=25), 15))
    assert list(map(text_of, rest)) == list(map(text_of, whole[25:]))


def test_no_example_comes_twice(train):
    assert len({e.shared for e in train}) == len(train)


def test_most_requests_are_acted_upon(train):
    share = Counter(e.decision for e in train)
    assert 0.72 < share[ACT] / len(train) < 0.84
    assert share[ASK] / len(train) > 0.06
    assert share[REFUSE] / len(train) > 0.06


def test_every_family_occurs_in_training(train):
    missing = set(families()) - {e.tags.family for e in train}
    assert len(missing) <= 5, missing


def test_most_things_are_not_meant_and_some_rooms_are_full(train):
    meant = Counter(m for e in train for m in e.meant.values())
    assert meant[NO] > 2 * (meant["yes"] + meant["either"])
    assert max(len(e.room.items) for e in train) > 25
    assert len({p for e in train for p in e.room.places}) > 60


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_can_be_asked_for(split):
    found = some(split, 12)
    assert len(found) == 12
    assert all(e.tags.split == split for e in found)
    assert all((e.tags.length > LONGEST) == (split == "long") for e in found)


def test_nothing_that_is_held_out_is_in_training(train):
    held = hold_out(load_knowledge())
    assert not {o for e in train for o in e.tags.objects} & held.objects
    assert not {c for e in train for c in e.tags.categories} & held.categories
    used = {w.split(": ", 1)[1] for e in train for w in e.tags.wording}
    kept = {w for e in some("unseen_wording", 60) for w in (t.split(": ", 1)[1] for t in e.tags.wording)}
    new = {w for w in kept if wording_held_out(w)} - used
    assert len(new) > 10
    assert all(any(w.split(": ", 1)[1] not in used for w in e.tags.wording) for e in some("unseen_wording", 20))


@pytest.mark.parametrize("split", ["unseen_objects", "unseen"])
def test_unseen_things_are_all_unseen(split):
    held = hold_out(load_knowledge())
    assert all(set(e.tags.objects) <= held.objects for e in some(split, 40))


@pytest.mark.parametrize("split", ["unseen_categories", "unseen"])
def test_unseen_requests_turn_on_unseen_categories(split):
    held = hold_out(load_knowledge())
    asked = [e.tags.categories for e in some(split, 40)]
    assert all(any(c in held.categories for c in row) for row in asked)


@pytest.mark.parametrize("family", sorted(families()))
def test_labels_fit_together(family):
    for e in some("train", 6, only=[family]):
        movable = [i.name for i in e.room.items if i.of(MOVABLE)]
        assert list(e.meant) == movable
        assert len({i.name for i in e.room.items}) == len(e.room.items)
        assert e.tags.family == family
        shared, questions = answers(e)
        assert shared == form.shared_part(e.setting)
        assert "\n\n" not in shared
        assert len({q.tail for q, _ in questions}) == len(questions)
        for question, right in questions:
            assert 0 <= right < len(question.options)
            assert len(set(question.options)) == len(question.options)
        for name, target in e.goes.items():
            assert e.meant[name] != NO
            assert target == HAND or target[1] in (*e.room.places, *e.room.by_name)
            assert e.decision != ACT or not e.room.there(name, target)
        if e.decision == REFUSE:
            assert not e.goes
            assert not e.yes
            assert not e.either
        if e.either:
            assert e.count is not None
            assert 1 <= e.count < len(e.either) + 1
        if e.decision == ACT:
            assert e.goes or any(e.deeds.values())
        if e.order is not None:
            assert set(e.order) <= set(e.yes)
            assert len(e.order) > 1
        if e.plan is not None:
            check_plan(e)


def check_plan(e):
    """Each step is one of the library's, can be done, and the end is what was asked for."""
    state = e.room.state()
    steps = {s.operator.say.format(**dict(zip([p.name for p in s.operator.parameters], g.args, strict=True))): g
             for s in default_library().values() for g in default_library().subset([s.name]).ground(state)}  # fmt: skip
    for step in e.plan:
        op = steps[step].operator
        assert not state.unmet(op.preconditions), step
        state = state.apply(op)
    assert e.goal.holds(state)
    if e.order is not None:
        picked = [s.removeprefix("pick up the ") for s in e.plan if s.startswith("pick up the ")]
        assert [n for n in picked if n in e.order] == [n for n in e.order if n in picked]


def test_most_options_can_be_limited():
    full = next(e for e in some("train", 300) if len(e.room.items) > 20 and e.goes)
    for question, right in answers(full, most_options=12)[1]:
        if question.tail.startswith("\nWhere:"):
            name = question.tail.removeprefix("\nWhere: ").removesuffix(" goes")
            assert question.options[right] == form.outcome(*full.goes[name]) + form.END
            assert len(question.options) <= max(12, len(full.room.places) + 3)


def test_unknown_families_are_an_error_that_names_the_choices():
    with pytest.raises(ValueError, match=r"no family 'singing'; families: .*direct"):
        next(stream(load_knowledge(), "train", 1, ["singing"]))
    with pytest.raises(ValueError, match="no family of requests for split 'unseen_categories'"):
        next(stream(load_knowledge(), "unseen_categories", 1, ["direct"]))
