from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.lm.trie import ROOT, Trie, chunks

SEQUENCES = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=40)


def test_shared_beginnings_are_one_node_and_leaves_are_not_computed():
    trie = Trie()
    a = trie.walk(ROOT, [5, 6, 7], scored=True)
    b = trie.walk(ROOT, [5, 6, 8], scored=True)
    assert a[:2] == b[:2]
    assert len(trie) == 5
    assert trie.inner() == a[:2]


def test_tail_nodes_become_scored_when_an_option_passes_them():
    trie = Trie()
    tail = trie.walk(ROOT, [1, 2], scored=False)
    assert not any(trie.scored[n] for n in tail)
    trie.walk(ROOT, [1, 3], scored=True)
    assert trie.scored[tail[0]]
    assert not trie.scored[tail[1]]


@settings(max_examples=60, deadline=None)
@given(SEQUENCES, st.integers(1, 5))
def test_every_node_sees_exactly_its_path_whatever_the_chunk_size(sequences, size):
    trie = Trie()
    for sequence in sequences:
        trie.walk(ROOT, sequence, scored=True)
    order = trie.inner()
    rows: list[int] = []
    seen = []
    for chunk in chunks(trie, order, size):
        rows = [rows[m] for m in chunk.moves] + chunk.nodes
        for i, node in enumerate(chunk.nodes):
            path = set()
            at = node
            while at != ROOT:
                path.add(at)
                at = trie.parent[at]
            assert {rows[j] for j in np.flatnonzero(chunk.visible[i])} == path
        seen += chunk.nodes
    assert seen == order
    assert set(order) == {n for n in range(1, len(trie)) if trie.children[n]}
