"""Decoding under a grammar of whole actions, token by token, without the vocabulary head.

The grammar is a callable: given the actions so far it answers the texts that may come next (none: stop). The
caller computes them from a symbolic state, so only what is applicable and well-typed can be said. Within one
action the texts form a trie. Where the trie has one way to go the token is forced and costs no decision; where
it branches, only the columns of the branching tokens are computed.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Seq

import torch

from planner.lm.api import ActionSequence
from planner.lm.errors import ModelError
from planner.lm.sequence import Sequence
from planner.lm.tokenizer import TextTokenizer
from planner.lm.trie import ROOT, Trie

NextOptions = Callable[[tuple[str, ...]], Seq[str]]


def decode_actions(
    sequence: Sequence,
    tokenizer: TextTokenizer,
    pending: list[int],
    next_options: NextOptions,
    max_actions: int,
    temperature: float = 0.0,
    seed: int = 0,
) -> ActionSequence:
    """Write actions behind ``sequence`` and its ``pending`` last tokens; greedy at temperature 0."""
    generator = torch.Generator().manual_seed(seed)
    actions: list[str] = []
    total, tokens, decisions = 0.0, 0, 0
    for _ in range(max_actions):
        options = list(dict.fromkeys(next_options(tuple(actions))))
        if not options:
            break
        trie, ends = option_trie(tokenizer, options)
        node = ROOT
        while node not in ends:
            children = trie.children[node]
            if len(children) == 1:
                token = next(iter(children))
            else:
                if pending:
                    sequence.extend(pending)
                    pending = []
                token, logprob = _decide(sequence, list(children), temperature, generator)
                total += logprob
                decisions += 1
            pending.append(token)
            tokens += 1
            node = children[token]
        actions.append(ends[node])
    return ActionSequence(tuple(actions), total, tokens, decisions)


def option_trie(tokenizer: TextTokenizer, options: Seq[str]) -> tuple[Trie, dict[int, str]]:
    """The trie of ``options`` and which option ends at which leaf.

    Raises ``ModelError`` if an option is empty or the beginning of another: then it has no end of its own.
    """
    trie = Trie()
    ends: dict[int, str] = {}
    for option, coded in zip(options, tokenizer.encode_many(options), strict=True):
        path = trie.walk(ROOT, coded, scored=True)
        ends[path[-1] if path else ROOT] = option
    for node, option in ends.items():
        if trie.children[node] or node == ROOT:
            raise ModelError(
                f"option {option!r} is the beginning of another; end every option with a newline or full stop"
            )
    return trie, ends


def _decide(
    sequence: Sequence, columns: list[int], temperature: float, generator: torch.Generator
) -> tuple[int, float]:
    """Choose among the tokens ``columns``; the token and its log-probability among them."""
    assert sequence.hidden is not None
    logits = sequence.model.columns(sequence.hidden[0], torch.tensor(columns))
    logprobs = torch.log_softmax(logits, -1)
    if temperature > 0:
        weights = torch.softmax(logprobs / temperature, -1)
        at = int(torch.multinomial(weights, 1, generator=generator))
    else:
        at = int(logprobs.argmax())
    return columns[at], float(logprobs[at])
