"""Examples as token trees: what is shared, what is due where, and that nothing sees what it must not."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from planner.learn.batches import KINDS, Coded, Forest, Row, batches, coded, fitted, rows_of, size_of  # noqa: E402
from planner.lm.tokenizer import TextTokenizer  # noqa: E402


@pytest.fixture
def examples(texts, small_tokenizer_json):
    tokenizer = TextTokenizer.from_json(small_tokenizer_json)
    return [coded(prefix, questions, tokenizer.encode_many) for prefix, questions in texts]


def _path(forest: Forest, node: int) -> list[int]:
    out = []
    while node >= 0:
        out.append(forest.token[node])
        node = forest.parent[node]
    return out[::-1]


def test_every_answer_token_is_due_behind_its_own_text(examples):
    row = Row()
    for example in examples:
        row.train_on(example)
    due = {(tuple(_path(row.forest, t.node)), t.token) for t in row.targets}
    wanted = set()
    for example in examples:
        for branch in example.branches:
            answer = branch.options[branch.right]
            for i, token in enumerate(answer):
                wanted.add((example.prefix + branch.tail + answer[:i], token))
    assert due == wanted
    assert len(row.forest) < sum(size_of(e) for e in examples)  # two of them begin alike


def test_a_node_sees_its_ancestors_and_itself_alone(examples):
    row = Row()
    for example in examples:
        row.train_on(example)
    seen = row.forest.visible(1024)
    for node in range(len(row.forest)):
        chain, at = set(), node
        while at >= 0:
            chain.add(at)
            at = row.forest.parent[at]
        assert set(np.flatnonzero(seen[node])) == chain
        assert row.forest.depth[node] == len(chain) - 1


def test_allowed_tokens_are_those_of_options_that_agree_so_far(examples):
    row = Row()
    row.train_on(examples[0])
    for target in row.targets:
        assert target.allowed[0] == target.token
        assert len(set(target.allowed)) == len(target.allowed)
    meant = [t for t in row.targets if t.kind == KINDS.index("meant")]
    first = examples[0].branches[0]
    assert set(meant[0].allowed) >= {o[0] for o in first.options if o[:0] == ()}


def test_what_is_too_long_loses_branches_and_what_cannot_fit_drops_out(examples):
    example = examples[0]
    rng = np.random.default_rng(0)
    assert fitted(example, size_of(example), rng) is example
    shorter = fitted(example, size_of(example) - 1, rng)
    assert shorter is not None
    assert shorter.prefix == example.prefix
    assert 0 < len(shorter.branches) < len(example.branches)
    assert set(shorter.branches) < set(example.branches)
    assert fitted(example, len(example.prefix) - 1, rng) is None


def test_rows_hold_every_example_once_and_no_more_than_fits(examples):
    many = [Coded((i, *e.prefix), e.branches) for i in range(9) for e in examples]
    size = max(size_of(e) for e in many)
    found = rows_of(many, (size, 3 * size))
    rows = [r for part in found.values() for r in part]
    assert sorted(map(id, (e for r in rows for e in r.examples))) == sorted(map(id, many))
    assert all(len(r.forest) <= length for length, part in found.items() for r in part)


def test_batches_have_few_shapes_and_the_same_seed_gives_the_same_ones(examples):
    many = [Coded((i, *e.prefix), e.branches) for i in range(20) for e in examples]
    length = max(size_of(e) for e in many)
    one, two = (batches(many, np.random.default_rng(5), (length, 2 * length), 3 * length) for _ in range(2))
    shapes = {tuple(b.trees.tokens.shape) for b in one}
    assert shapes <= {(3, length), (1, 2 * length)}
    assert sum(b.examples for b in one) == len(many)
    assert sum(b.answers for b in one) == sum(len(e.branches) for e in many)
    for a, b in zip(one, two, strict=True):
        assert torch.equal(a.trees.tokens, b.trees.tokens)
        assert torch.equal(a.rows, b.rows)
        assert torch.equal(a.weights, b.weights)
    assert all(len(b.rows) % 128 == 0 for b in one)
    assert all(float(b.weights[b.kinds < 0].sum()) == 0 for b in one)
