"""Drafters for speculative decoding: who guesses the next tokens, and how many at a time.

A drafter may guess anything: ``planner.lm.generate`` checks every token, so drafters differ in speed and never in
the text. Four of them:

``Lookup``       what followed the last few tokens earlier in the text (prompt-lookup decoding). Costs nothing.
``EarlyLayers``  the first layers of the model itself with its last norm and head (after Elhoushi et al. 2024 and
                 Zhang et al. 2023). Their keys and values are those of the full model, so they use its cache:
                 no memory, no reading of the prompt.
``DraftModel``   a smaller model with the same tokenizer (Leviathan et al. 2023; Chen et al. 2023), with a cache of
                 its own that follows the text.
``FirstOf``      several, in order; the first that has a guess makes it.

Which of them pays is a matter of measurement (``groundplan bench lm``); ``auto`` is what it found: looking up, and
behind it a smaller model where one was given.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from collections.abc import Sequence as Seq
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import torch

from planner.lm.errors import ModelError
from planner.lm.model import Transformer
from planner.lm.sequence import Sequence
from planner.lm.tokenizer import TextTokenizer

if TYPE_CHECKING:
    from planner.lm.local import LocalModel

Draft = Callable[[Seq[int], int], list[int]]


class Drafter(Protocol):
    """Guesses what a model writes next."""

    @property
    def name(self) -> str:
        """Short name for reports."""

    def begin(self, sequence: Sequence) -> Draft:
        """``draft(tokens, most) -> at most so many guessed tokens`` for the text that ``sequence`` holds.

        ``tokens`` are those of the sequence and one more, which was chosen and is not computed yet.
        """


def lookup(tokens: Seq[int], most: int, longest: int = 4, shortest: int = 2) -> list[int]:
    """Guess the next tokens: what followed the latest earlier occurrence of the last few tokens.

    Tries the last ``longest`` tokens first, then fewer, down to ``shortest``; at most ``most`` tokens.
    """
    if most <= 0:
        return []
    for size in range(min(longest, len(tokens) - 1), shortest - 1, -1):
        last = list(tokens[-size:])
        for at in range(len(tokens) - size - 1, -1, -1):
            if tokens[at] == last[0] and list(tokens[at : at + size]) == last:
                return list(tokens[at + size : at + size + most])
    return []


@dataclass(frozen=True)
class Lookup:
    """``lookup`` as a drafter."""

    longest: int = 4
    shortest: int = 2
    name: str = "lookup"

    def begin(self, sequence: Sequence) -> Draft:
        """See ``Drafter.begin``."""
        return lambda tokens, most: lookup(tokens, most, self.longest, self.shortest)


@dataclass(frozen=True)
class EarlyLayers:
    """The first ``layers`` layers of the model; stops guessing where its own best token is below ``least``."""

    layers: int
    least: float = 0.4

    @property
    def name(self) -> str:
        """Short name for reports."""
        return f"early:{self.layers}"

    def begin(self, sequence: Sequence) -> Draft:
        """See ``Drafter.begin``. Raises ``ModelError`` if the model has no more layers than that."""
        shallow = Sequence(first_layers(sequence.model, self.layers), sequence.cache.limit)

        def draft(tokens: Seq[int], most: int) -> list[int]:
            shallow.cache = sequence.cache  # what the full model computed; guesses go behind it, where all is scratch
            shallow.tokens = list(tokens[:-1])
            most = min(most, sequence.cache.limit - len(tokens))
            return _continued(shallow, [tokens[-1]], most, self.least)

        return draft


class DraftModel:
    """A smaller model that guesses greedily, as long as its best token is at least ``least`` likely.

    Raises:
        ModelError: its tokenizer is another one.
    """

    def __init__(
        self, model: Transformer, tokenizer: TextTokenizer, target: TextTokenizer, name: str, least: float = 0.4
    ) -> None:
        if not tokenizer.agrees_with(target):
            raise ModelError(
                f"the draft model {name} has another tokenizer; draft with a model of the same family and vocabulary"
            )
        self.model, self.least = model, least
        self.name = f"model:{name}"
        self._sequence = Sequence(model, model.config.context)

    def begin(self, sequence: Sequence) -> Draft:
        """See ``Drafter.begin``."""
        own, vocab = self._sequence, sequence.model.config.vocab

        def draft(tokens: Seq[int], most: int) -> list[int]:
            most = min(most, self.model.config.context - len(tokens))
            if most <= 0 or max(tokens) >= self.model.config.vocab:
                return []
            pending = own.rewind(list(tokens))
            if not pending:  # all of it is known, but what follows the last token is computed with it
                pending = [own.tokens.pop()]
            guess = _continued(own, pending, most, self.least)
            # vocabularies of one family may be padded to different sizes
            return guess if max(guess, default=0) < vocab else []

        return draft


@dataclass(frozen=True)
class FirstOf:
    """Asks ``drafters`` in order; the first guess that is not empty is taken."""

    drafters: tuple[Drafter, ...]

    @property
    def name(self) -> str:
        """Short name for reports."""
        return "+".join(d.name for d in self.drafters)

    def begin(self, sequence: Sequence) -> Draft:
        """See ``Drafter.begin``."""
        drafts = [d.begin(sequence) for d in self.drafters]

        def draft(tokens: Seq[int], most: int) -> list[int]:
            return next((guess for d in drafts if (guess := d(tokens, most))), [])

        return draft


def first_layers(model: Transformer, layers: int) -> Transformer:
    """``model`` cut behind its first ``layers`` layers, with its own last norm and head; shares all weights."""
    c = model.config
    if not 0 < layers < c.layers:
        raise ModelError(f"cannot draft with {layers} layers of {c.layers}; choose 1 to {c.layers - 1}")
    shallow = copy.copy(model)
    shallow.layers = model.layers[:layers]
    shallow.config = replace(
        c,
        layers=layers,
        window_layers=tuple(i for i in c.window_layers if i < layers),
        plain_layers=tuple(i for i in c.plain_layers if i < layers),
    )
    return shallow


def _continued(sequence: Sequence, pending: list[int], most: int, least: float) -> list[int]:
    """Greedy continuation of ``sequence`` and ``pending``, a token at a time, while the best is ``least`` likely."""
    guess: list[int] = []
    while len(guess) < most:
        hidden = sequence.extend(pending)
        logits = sequence.model.logits(hidden)[0].float()
        token = int(logits.argmax())
        if least > 0 and float(torch.exp(logits[token] - torch.logsumexp(logits, -1))) < least:
            break
        guess.append(token)
        pending = [token]
    return guess


def choose_drafter(kind: str, target: LocalModel, smaller: LocalModel | None = None) -> Drafter | None:
    """The drafter called ``kind`` for ``target``; None: do not speculate.

    Args:
        kind: "auto", "none", "lookup", "early" (two thirds of the layers), "early:N", or "model".
        smaller: the model that "model" drafts with; "auto" asks it where looking up finds nothing.

    Raises:
        ModelError: unknown kind, "model" without one, another tokenizer, no such number of layers.
    """
    given = None
    if smaller is not None:
        given = DraftModel(smaller.transformer, smaller.tokenizer, target.tokenizer, smaller.name)
    if kind == "none":
        return None
    if kind == "auto":
        return Lookup() if given is None else FirstOf((Lookup(), given))
    if kind == "lookup":
        return Lookup()
    if kind == "model":
        if given is None:
            raise ModelError("to draft with a model, name it: --draft-model MODEL")
        return given
    name, _, number = kind.partition(":")
    if name != "early" or (number and not number.isdigit()) or kind.endswith(":"):
        raise ModelError(f"unknown drafter {kind!r}; known: auto, none, lookup, early, early:LAYERS, model")
    layers = int(number) if number else max(1, 2 * target.config.layers // 3)
    first_layers(target.transformer, layers)
    return EarlyLayers(layers)


class Pace:
    """How many tokens to guess: as many as lately were right, and one more; ``most`` at most.

    Wrong guesses cost a wider pass, and guessing models cost their own passes. Depends on the text alone, so the
    same request does the same work every time.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.now = most

    def saw(self, guessed: int, accepted: int) -> None:
        """Told after each pass that had a guess."""
        if guessed:
            self.now = min(self.most, 2 * self.now if accepted == guessed else max(1, accepted + 1))
