"""Writing text: greedy or sampled, with stop sequences and speculative decoding.

Speculation (after Leviathan et al. 2023): a drafter (``planner.lm.draft``) guesses the next few tokens. One pass
computes the guess and the position behind each of its tokens. At every position the model's own choice is made exactly
as without a guess, with one random draw; the guess is kept as long as it equals that choice. The output is
therefore the same text, token for token, greedy or sampled, and not merely the same distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Seq
from dataclasses import dataclass

import torch

from planner.lm.api import Completion
from planner.lm.draft import Draft, Pace, lookup
from planner.lm.model import Transformer
from planner.lm.pieces import Pieces
from planner.lm.record import Record, likeliest
from planner.lm.scoring import leaders, log_normaliser
from planner.lm.sequence import Sequence
from planner.lm.tokenizer import TextTokenizer

_REFINED = 8


@dataclass
class SpeculationCount:
    """How well guessing went: passes of the transformer, guessed tokens, accepted guesses."""

    passes: int = 0
    guessed: int = 0
    accepted: int = 0


def generate(
    sequence: Sequence,
    tokenizer: TextTokenizer,
    max_tokens: int,
    end_tokens: set[int],
    stop: Seq[str] = (),
    temperature: float = 0.0,
    seed: int = 0,
    guess: int = 0,
    count: SpeculationCount | None = None,
    drafter: Draft | None = None,
    told: Callable[[str], bool] | None = None,
    record: Record | None = None,
) -> Completion:
    """Continue ``sequence`` (whose last hidden state is known) until an end token, a stop text or the limit.

    Args:
        guess: most tokens to guess per pass; 0 computes one token at a time.
        count: filled with how often guesses were right.
        drafter: ``drafter(tokens so far, most) -> guess``; by default ``lookup``. It need not be right.
        told: gets the text piece by piece (often an empty piece) and is asked after every token whether to go on.
        record: filled with the log-probability of every token.
    """
    generator = torch.Generator().manual_seed(seed)
    count = count if count is not None else SpeculationCount()
    draft = drafter or lookup
    written: list[int] = []
    total = 0.0
    assert sequence.hidden is not None
    rows, guessed = sequence.hidden, list[int]()
    pace = Pace(guess)
    pieces = Pieces(tokenizer, end_tokens, stop)
    while len(written) < max_tokens:
        logits = sequence.logits(rows)
        normalisers = log_normaliser(logits)
        accepted, ended = 0, False
        for i in range(rows.shape[0]):
            token, logprob = choose(sequence.model, rows[i], logits[i], normalisers[i], temperature, generator)
            written.append(token)
            total += logprob
            if record is not None:
                top = likeliest(sequence.model, rows[i], logits[i], normalisers[i], record.alternatives)
                record.add(tokenizer, token, logprob, top, end_tokens)
            ended = _ended(tokenizer, written, end_tokens, stop) or len(written) >= max_tokens
            if told is not None and not told(pieces.more(token)):
                ended = True
            if ended or i >= len(guessed) or token != guessed[i]:
                break
            accepted += 1
        count.accepted += accepted
        if guessed:
            sequence.keep(guessed[:accepted], rows[accepted : accepted + 1])
        if ended:
            break
        pace.saw(len(guessed), accepted)
        room = min(pace.now, max_tokens - len(written) - 1, *(() if sequence.room is None else (sequence.room,)))
        guessed = draft([*sequence.tokens, token], room) if room > 0 else []
        count.passes += 1
        count.guessed += len(guessed)
        rows = sequence.peek([token, *guessed])
        sequence.keep([token], rows[:1])
    text = tokenizer.decode_rest([t for t in written if t not in end_tokens])
    ends = [at for at in (text.find(mark) for mark in stop) if at >= 0]
    text = text[: min(ends)] if ends else text
    if told is not None:
        told(pieces.rest(text))
    return Completion(text, len(written), total)


def _ended(tokenizer: TextTokenizer, written: list[int], end_tokens: set[int], stop: Seq[str]) -> bool:
    if written[-1] in end_tokens:
        return True
    if not stop:
        return False
    # a stop text of n characters lies within the last n tokens' text, whatever came before
    tail = tokenizer.decode_rest(written[-max(map(len, stop)) - 1 :])
    return any(mark in tail for mark in stop)


def choose(
    model: Transformer,
    hidden: torch.Tensor,
    logits: torch.Tensor,
    normaliser: torch.Tensor,
    temperature: float,
    generator: torch.Generator,
) -> tuple[int, float]:
    """Choose the token behind ``hidden`` (dim,); also its log-probability at temperature 1 [nats]."""
    if temperature > 0:
        probabilities = torch.softmax(logits.float() / temperature, -1)
        # inverse of the cumulative distribution: exactly one draw per token
        draw = torch.rand((), generator=generator, dtype=torch.float64)
        cumulative = probabilities.double().cumsum(-1)
        token = int(torch.searchsorted(cumulative, draw * cumulative[-1], right=True))
        token = min(token, logits.shape[0] - 1)
        return token, float(logits[token].float() - normaliser)
    if logits.dtype == torch.float32:
        token = int(logits.argmax())
        return token, float(logits[token] - normaliser)
    # in bfloat16 neighbours round to ties: compare the leaders in float32
    first = leaders(logits, _REFINED)
    exact = model.columns(hidden, first)
    at = int(exact.argmax())
    return int(first[at]), float(exact[at] - normaliser)
