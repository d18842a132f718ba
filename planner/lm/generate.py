"""Writing text token by token: greedy or sampled, with stop sequences."""

from __future__ import annotations

from collections.abc import Sequence as Seq

import torch

from planner.lm.api import Completion
from planner.lm.model import Transformer
from planner.lm.scoring import log_normaliser
from planner.lm.sequence import Sequence
from planner.lm.tokenizer import TextTokenizer

_REFINED = 8


def generate(
    sequence: Sequence,
    tokenizer: TextTokenizer,
    max_tokens: int,
    end_tokens: set[int],
    stop: Seq[str] = (),
    temperature: float = 0.0,
    seed: int = 0,
) -> Completion:
    """Continue ``sequence`` (whose last hidden state is known) until an end token, a stop text or the limit."""
    generator = torch.Generator().manual_seed(seed)
    written: list[int] = []
    total = 0.0
    text = ""
    while len(written) < max_tokens:
        assert sequence.hidden is not None
        token, logprob = next_token(sequence.model, sequence.hidden, temperature, generator)
        written.append(token)
        total += logprob
        if token in end_tokens:
            break
        if stop:
            text = tokenizer.decode(written)
            if any(mark in text for mark in stop):
                break
        if len(written) < max_tokens:
            sequence.extend([token])
    text = tokenizer.decode([t for t in written if t not in end_tokens])
    ends = [at for at in (text.find(mark) for mark in stop) if at >= 0]
    return Completion(text[: min(ends)] if ends else text, len(written), total)


def next_token(
    model: Transformer, hidden: torch.Tensor, temperature: float, generator: torch.Generator
) -> tuple[int, float]:
    """Choose the token behind ``hidden`` (1, dim); also its log-probability at temperature 1."""
    logits = model.logits(hidden)
    normaliser = float(log_normaliser(logits))
    if temperature > 0:
        probabilities = torch.softmax(logits[0].float() / temperature, -1)
        token = int(torch.multinomial(probabilities, 1, generator=generator))
        return token, float(logits[0, token]) - normaliser
    return greedy_token(model, hidden[0], logits[0], normaliser)


def greedy_token(
    model: Transformer, hidden: torch.Tensor, logits: torch.Tensor, normaliser: float
) -> tuple[int, float]:
    """The likeliest token. In bfloat16 neighbours round to ties; the leaders are compared in float32."""
    if logits.dtype == torch.float32:
        token = int(logits.argmax())
        return token, float(logits[token]) - normaliser
    leaders = logits.topk(min(_REFINED, logits.shape[0])).indices
    exact = model.head_weight[leaders].float() @ hidden.float()
    at = int(exact.argmax())
    return int(leaders[at]), float(exact[at]) - normaliser
