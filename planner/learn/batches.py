"""Examples as token trees of a few fixed lengths: what the network trains on and is scored with.

The shared part of an example stands once; the tails and right answers of all its questions are branches behind it,
merged where they begin alike, exactly as the engine lays out the options that it scores. Trees of several examples
stand side by side in one row and do not see each other. The last token of an answer is never computed: its
probability comes from the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from planner.learn.kernels import ROWS
from planner.learn.network import Trees
from planner.propose import form

LENGTHS = (320, 512, 1024)
BATCH = 2048  # tokens of one pass, about: what fits a row length
_MOST_ALLOWED = 64
KINDS = ("meant", "where", "decision", "count", "order", "do", "plan")
_MARKS = {
    "meant": form.meant("").tail.split(":")[0],
    "where": form.goes("", ()).tail.split(":")[0],
    "decision": form.decision().tail,
    "count": form.how_many().tail,
    "order": form.first(()).tail,
    "do": form.also("").tail.split(":")[0],
    "plan": form.plan_tail(),
}
# what an answer weighs: the one decision per example must not drown among the many things that are not meant
WEIGHTS = {"meant": 1.0, "where": 1.5, "decision": 3.0, "count": 1.5, "order": 1.5, "do": 0.7, "plan": 1.0}

Encode = Callable[[Sequence[str]], list[tuple[int, ...]]]


def kind_of(tail: str) -> str:
    """Which of `KINDS` a question's tail asks. Raises ValueError for a tail that the form does not write."""
    for kind, mark in _MARKS.items():
        if tail.startswith(mark):
            return kind
    raise ValueError(f"no question of the form begins with {tail!r}; known: {', '.join(map(repr, _MARKS.values()))}")


@dataclass(frozen=True)
class Branch:
    """One coded question: ``right`` is the index of the right option."""

    kind: str
    tail: tuple[int, ...]
    options: tuple[tuple[int, ...], ...]
    right: int


@dataclass(frozen=True)
class Coded:
    """One coded example."""

    prefix: tuple[int, ...]
    branches: tuple[Branch, ...]


def coded(prefix: str, questions: Iterable[tuple[form.Question, int]], encode: Encode, bos: int | None = None) -> Coded:
    """An example's texts as tokens; each text is encoded by itself, as the engine does."""
    start = () if bos is None else (bos,)
    branches = [Branch(kind_of(q.tail), encode([q.tail])[0], tuple(encode(q.options)), right) for q, right in questions]
    return Coded(start + encode([prefix])[0], tuple(branches))


@dataclass(frozen=True)
class Target:
    """At ``node`` the answer goes on with ``token``; ``allowed`` may stand there by the question's options."""

    node: int
    token: int
    weight: float
    allowed: tuple[int, ...]
    kind: int


class Forest:
    """Token paths merged where they begin alike; several roots."""

    def __init__(self) -> None:
        self.token: list[int] = []
        self.parent: list[int] = []
        self.depth: list[int] = []
        self._below: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.token)

    def walk(self, node: int, tokens: Sequence[int]) -> int:
        """Go down from ``node`` (-1: from the top), making nodes as needed; the last one."""
        for token in tokens:
            found = self._below.get((node, token))
            if found is None:
                found = self._below[(node, token)] = len(self.token)
                self.token.append(token)
                self.parent.append(node)
                self.depth.append(0 if node < 0 else self.depth[node] + 1)
            node = found
        return node

    def copy(self) -> Forest:
        """An independent copy."""
        other = Forest()
        other.token, other.parent, other.depth = self.token[:], self.parent[:], self.depth[:]
        other._below = dict(self._below)
        return other

    def visible(self, size: int) -> np.ndarray:
        """(size, size) bool: each node sees its ancestors and itself; rows beyond the forest see themselves."""
        seen = np.eye(size, dtype=bool)
        for i, parent in enumerate(self.parent):
            if parent >= 0:
                seen[i] |= seen[parent]
        return seen


@dataclass
class Row:
    """What stands in one row: a forest and what is asked of it (targets to train on, or pairs to score)."""

    forest: Forest = field(default_factory=Forest)
    targets: list[Target] = field(default_factory=list)
    asked: list[tuple[int, int, list[list[tuple[int, int]]]]] = field(default_factory=list)
    plans: list[tuple[int, int, list[tuple[int, int]]]] = field(default_factory=list)
    examples: list[Coded] = field(default_factory=list)

    def train_on(self, example: Coded) -> None:
        """Add an example with its right answers."""
        self.examples.append(example)
        end = self.forest.walk(-1, example.prefix)
        for branch in example.branches:
            node = self.forest.walk(end, branch.tail)
            answer = branch.options[branch.right]
            weight = WEIGHTS[branch.kind] / len(answer) ** 0.5
            for i, token in enumerate(answer):
                possible = {o[i] for o in branch.options if len(o) > i and o[:i] == answer[:i]}
                few = (token, *sorted(possible - {token}))[:_MOST_ALLOWED]
                self.targets.append(Target(node, token, weight, few, KINDS.index(branch.kind)))
                if i + 1 < len(answer):
                    node = self.forest.walk(node, [token])

    def score(self, number: int, example: Coded) -> None:
        """Add an example with all options of every question."""
        end = self.forest.walk(-1, example.prefix)
        for which, branch in enumerate(example.branches):
            start = self.forest.walk(end, branch.tail)
            paths = []
            for option in branch.options:
                node, steps = start, []
                for i, token in enumerate(option):
                    steps.append((node, token))
                    if i + 1 < len(option):
                        node = self.forest.walk(node, [token])
                paths.append(steps)
            if branch.kind == "plan":  # written, not chosen
                self.plans.append((number, which, paths[branch.right]))
            else:
                self.asked.append((number, which, paths))


def size_of(example: Coded, every_option: bool = False) -> int:
    """Tokens that an example takes by itself."""
    row = Row()
    row.score(0, example) if every_option else row.train_on(example)
    return len(row.forest)


def fitted(example: Coded, longest: int, rng: np.random.Generator) -> Coded | None:
    """The example, if need be with fewer branches (drawn); None if not even its prefix fits."""
    if size_of(example) <= longest:
        return example
    kept: list[int] = []
    row = Row()
    row.train_on(Coded(example.prefix, ()))
    if len(row.forest) > longest:
        return None
    for i in rng.permutation(len(example.branches)):
        trial = Row(row.forest.copy())
        trial.train_on(Coded(example.prefix, (example.branches[i],)))
        if len(trial.forest) <= longest:
            row = trial
            kept.append(int(i))
    return Coded(example.prefix, tuple(example.branches[i] for i in sorted(kept)))


def rows_of(examples: Sequence[Coded], lengths: Sequence[int]) -> dict[int, list[Row]]:
    """Examples (each fits the longest length) put together in rows: largest first, then whatever still fits."""
    by_size = sorted(examples, key=size_of, reverse=True)
    found: dict[int, list[Row]] = {n: [] for n in lengths}
    left = [(e, size_of(e)) for e in by_size]
    while left:
        first, size = left.pop(0)
        length = next(n for n in lengths if n >= size)
        row = Row()
        row.train_on(first)
        rest = []
        for other, needs in left:
            if len(row.forest) + needs <= length:
                row.train_on(other)
            else:
                rest.append((other, needs))
        left = rest
        found[length].append(row)
    return found


@dataclass(frozen=True)
class Batch:
    """Rows of one length as tensors.

    Attributes:
        trees: what the network reads.
        rows: (m,) places in the flattened (b * n) hidden states where answers are due; m is filled up to whole
            portions of the vocabulary head with rows that weigh nothing.
        tokens, weights: (m,) what is due there, and what it weighs. allowed: (m, k), see `answer_loss`.
        kinds: (m,) index into `KINDS`, -1 for filling. used: tokens that are not padding.
        examples, answers: how many examples and answered questions.
    """

    trees: Trees
    rows: torch.Tensor
    tokens: torch.Tensor
    weights: torch.Tensor
    allowed: torch.Tensor
    kinds: torch.Tensor
    used: int
    examples: int
    answers: int


def trees_of(rows: Sequence[Row], length: int, count: int) -> Trees:
    """``count`` rows of ``length`` tokens; missing ones are padding."""
    tokens = np.zeros((count, length), np.int64)
    places = np.zeros((count, length), np.int64)
    visible = np.broadcast_to(np.eye(length, dtype=bool), (count, length, length)).copy()
    for i, row in enumerate(rows):
        n = len(row.forest)
        tokens[i, :n], places[i, :n] = row.forest.token, row.forest.depth
        visible[i] = row.forest.visible(length)
    return Trees(torch.from_numpy(tokens), torch.from_numpy(places), torch.from_numpy(visible))


def batch_of(rows: Sequence[Row], length: int, count: int) -> Batch:
    """Rows to train on as one batch."""
    due = [(i * length + t.node, t) for i, row in enumerate(rows) for t in row.targets]
    due += [(0, Target(0, 0, 0.0, (0,), -1))] * (-len(due) % ROWS)
    most = max((len(t.allowed) for _, t in due), default=1)
    allowed = np.full((len(due), most), -1, np.int64)
    for i, (_, t) in enumerate(due):
        allowed[i, : len(t.allowed)] = t.allowed
    return Batch(
        trees_of(rows, length, count),
        torch.tensor([at for at, _ in due], dtype=torch.int64),
        torch.tensor([t.token for _, t in due], dtype=torch.int64),
        torch.tensor([t.weight for _, t in due], dtype=torch.float32),
        torch.from_numpy(allowed),
        torch.tensor([t.kind for _, t in due], dtype=torch.int64),
        sum(len(r.forest) for r in rows),
        sum(len(r.examples) for r in rows),
        sum(len(e.branches) for r in rows for e in r.examples),
    )


def batches(
    examples: Sequence[Coded],
    rng: np.random.Generator,
    lengths: Sequence[int] = LENGTHS,
    size: int = BATCH,
) -> list[Batch]:
    """Examples as batches in a drawn order; what is too long loses branches or, with too long a prefix, drops out."""
    usable = [f for e in examples if (f := fitted(e, lengths[-1], rng)) is not None]
    by_length = rows_of(usable, lengths)
    out: list[Batch] = []
    left: list[Coded] = []
    for length in lengths:
        count = max(1, size // length)
        rows = [by_length[length][i] for i in rng.permutation(len(by_length[length]))]
        whole = len(rows) - len(rows) % count
        out += [batch_of(rows[at : at + count], length, count) for at in range(0, whole, count)]
        left += [e for row in rows[whole:] for e in row.examples]  # too few rows for a batch of their own
    rows = rows_of(left, lengths[-1:])[lengths[-1]]
    count = max(1, size // lengths[-1])
    out += [batch_of(rows[at : at + count], lengths[-1], count) for at in range(0, len(rows), count)]
    return [out[i] for i in rng.permutation(len(out))]
