"""The trie of all options of a question, and the order in which its nodes are computed. No torch here.

Options of a planner share most of their tokens. Every distinct node is computed once; a *leaf* is not
computed at all, because its probability comes from its parent's hidden state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

ROOT = 0


class Trie:
    """Token sequences behind one prefix, merged where they share a beginning.

    Node 0 is the last token of the prefix. ``scored[node]`` says that the step from the parent to this node
    has a probability that somebody asked for (tails are walked, not scored).
    """

    def __init__(self) -> None:
        self.token = [-1]
        self.parent = [-1]
        self.depth = [0]
        self.scored = [False]
        self.children: list[dict[int, int]] = [{}]

    def __len__(self) -> int:
        return len(self.token)

    def walk(self, node: int, tokens: Sequence[int], scored: bool) -> list[int]:
        """Go down from ``node`` along ``tokens``, making nodes as needed; the nodes passed, in order."""
        path = []
        for token in tokens:
            below = self.children[node]
            child = below.get(token)
            if child is None:
                child = len(self.token)
                below[token] = child
                self.token.append(token)
                self.parent.append(node)
                self.depth.append(self.depth[node] + 1)
                self.scored.append(scored)
                self.children.append({})
            elif scored:
                self.scored[child] = True
            path.append(child)
            node = child
        return path

    def inner(self) -> list[int]:
        """Nodes that must be computed (they have children; the root excepted), depth first."""
        order: list[int] = []
        stack = [ROOT]
        while stack:
            node = stack.pop()
            if node != ROOT:
                order.append(node)
            stack.extend(c for c in reversed(self.children[node].values()) if self.children[c])
        return order


@dataclass(frozen=True)
class Chunk:
    """Nodes computed in one pass.

    Attributes:
        nodes: node numbers, depth first.
        moves: rows (of the previous pass: its ancestors, then its nodes) that this pass needs as ancestors.
        visible: (len(nodes), len(moves) + len(nodes)) bool: which ancestor or node each node sees.
    """

    nodes: list[int]
    moves: list[int] = field(default_factory=list)
    visible: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))


def chunks(trie: Trie, order: Sequence[int], size: int, first: int | None = None) -> Iterator[Chunk]:
    """Cut a depth-first order into passes of at most ``size`` nodes (the first one ``first``).

    In depth-first order all ancestors of a pass that lie outside of it are on the path to its first node, and
    each of them was a row of the pass before. So a pass needs the prefix, a few ancestors and itself.
    """
    rows: list[int] = []
    at, most = 0, size if first is None else first
    while at < len(order):
        nodes = list(order[at : at + most])
        at, most = at + most, size
        ancestors = []
        node = trie.parent[nodes[0]]
        while node != ROOT:
            ancestors.append(node)
            node = trie.parent[node]
        ancestors.reverse()
        place = {node: i for i, node in enumerate(rows)}
        moves = [place[a] for a in ancestors]
        rows = ancestors + nodes
        yield Chunk(nodes, moves, tree_visibility(trie, ancestors, nodes))


def tree_visibility(trie: Trie, ancestors: Sequence[int], nodes: Sequence[int]) -> np.ndarray:
    """(nodes, ancestors + nodes) bool: every node sees itself and the nodes above it."""
    first = len(ancestors)
    place = {node: i for i, node in enumerate([*ancestors, *nodes])}
    visible = np.zeros((len(nodes), first + len(nodes)), bool)
    for i, node in enumerate(nodes):
        above = place.get(trie.parent[node])
        if above is not None:
            if above < first:
                visible[i, : above + 1] = True
            else:
                visible[i] = visible[above - first]
        visible[i, first + i] = True
    return visible
