"""A language model in this process: scoring, completion, and the cache that survives calls.

A ``LocalModel`` keeps a few sequences (prompts) with their keys and values; a call finds the one that shares the
longest beginning with its prompt and computes only what differs.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Mapping
from collections.abc import Sequence as Seq
from pathlib import Path
from typing import Any

import torch

from planner.lm.api import ActionSequence, Completion, OptionScore, TokenLogprob, Usage
from planner.lm.config import ModelConfig
from planner.lm.constrained import NextOptions, decode_actions
from planner.lm.draft import Drafter, Lookup
from planner.lm.echo import Echo, common_beginning
from planner.lm.errors import ModelError
from planner.lm.generate import SpeculationCount, generate
from planner.lm.kept import Kept
from planner.lm.model import Transformer
from planner.lm.record import Record
from planner.lm.scoring import score_trie
from planner.lm.sequence import Sequence
from planner.lm.steady import known_steady_width
from planner.lm.tokenizer import TextTokenizer
from planner.lm.topk import best_options, rank
from planner.lm.trie import ROOT, Trie


class LocalModel:
    """See ``planner.lm.api.LanguageModel``. Calls from several threads take turns.

    Prompts and options of ``score``, ``score_many``, ``best`` and ``write_actions`` are plain text: special tokens
    spelled out in them are encoded as the characters they are.
    """

    SEQUENCES = 3
    ALL_AT_ONCE = 160  # up to so many trie nodes one pass over all is faster than a search in several

    def __init__(
        self,
        config: ModelConfig,
        transformer: Transformer,
        tokenizer: TextTokenizer,
        name: str = "local",
        kv_budget: int | None = None,
    ) -> None:
        self.config = config
        self.transformer = transformer
        self.tokenizer = tokenizer
        self.name = name
        self.context = config.context
        if kv_budget is not None:
            per_token = 2 * config.layers * config.kv_heads * config.head_dim * transformer.dtype.itemsize
            self.context = min(self.context, kv_budget // per_token)
            if self.context < 1:
                raise ModelError(
                    f"a key-value budget of {kv_budget} bytes holds no token ({per_token} bytes each); raise it"
                )
        self.usage = Usage()
        self.stop_tokens = set(config.eos)
        for token in ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>"):
            number = tokenizer.token_id(token)
            if number is not None:
                self.stop_tokens.add(number)
        self._opening = config.bos if config.add_bos else tokenizer.opening()
        self.guess = 6  # tokens guessed per pass of ``complete``; 0 switches speculation off
        self.drafter: Drafter = Lookup()  # who guesses; see ``planner.lm.draft``
        self.speculation = SpeculationCount()
        self._kept = Kept(transformer, self.context, self.SEQUENCES)
        self._echo = Echo()
        self._lock = threading.Lock()

    def score(self, prefix: str, options: Seq[str]) -> list[OptionScore]:
        """See ``LanguageModel.score``."""
        return self.score_many(prefix, [("", options)])[0]

    def score_many(self, prefix: str, branches: Seq[tuple[str, Seq[str]]]) -> list[list[OptionScore]]:
        """See ``LanguageModel.score_many``."""
        began = time.perf_counter()
        with self._lock, torch.inference_mode():
            tokens = self.encode_prompt(prefix, special=False)
            trie = Trie()
            tails = self.tokenizer.encode_many([t for t, _ in branches])
            paths: list[list[list[int]]] = []
            for tail, (_, options) in zip(tails, branches, strict=True):
                walked = trie.walk(ROOT, tail, scored=False)
                node = walked[-1] if walked else ROOT
                coded = self.tokenizer.encode_many(options)
                paths.append([trie.walk(node, o, scored=True) for o in coded])
            self._check_length(len(tokens) + max(trie.depth))
            sequence = self._kept.nearest(tokens)
            before = sequence.computed
            pending = sequence.rewind(tokens)
            logprobs = score_trie(sequence, pending, trie)
            out = [[OptionScore(sum(logprobs[n] for n in p), len(p)) for p in row] for row in paths]
        self.usage += Usage(
            calls=1,
            prompt_tokens=len(tokens) + sum(len(t) for t in tails),
            scored_tokens=sum(len(p) for row in paths for p in row),
            seconds=time.perf_counter() - began,
            computed_tokens=sequence.computed - before,
        )
        return out

    def best(
        self,
        prefix: str,
        options: Seq[str],
        k: int,
        *,
        per_token: bool = True,
        bonus: Seq[float] | None = None,
    ) -> list[tuple[int, OptionScore]]:
        """The exact k best options without scoring them all: (index, score), best first.

        Options are ranked by log-probability per token (or by the sum) plus ``bonus[i]``, for instance a
        log-affordance. See ``planner.lm.topk``.
        """
        began = time.perf_counter()
        with self._lock, torch.inference_mode():
            tokens = self.encode_prompt(prefix, special=False)
            trie = Trie()
            paths = [trie.walk(ROOT, o, scored=True) for o in self.tokenizer.encode_many(options)]
            empty = [o for o, p in zip(options, paths, strict=True) if not p]
            if empty:
                raise ModelError("an option is empty and cannot be ranked; give every option some text")
            self._check_length(len(tokens) + max(trie.depth))
            sequence = self._kept.nearest(tokens)
            before = sequence.computed
            pending = sequence.rewind(tokens)
            found: list[tuple[int, float]] = []
            if k > 0 and len(trie.inner()) <= self.ALL_AT_ONCE:
                logprobs = score_trie(sequence, pending, trie)
                found = rank([sum(logprobs[n] for n in p) for p in paths], paths, per_token, bonus)[:k]
            elif k > 0:
                found = best_options(sequence, trie, paths, k, per_token, bonus, pending=pending)
        self.usage += Usage(
            calls=1,
            prompt_tokens=len(tokens),
            scored_tokens=sum(map(len, paths)),
            seconds=time.perf_counter() - began,
            computed_tokens=sequence.computed - before,
        )
        return [(i, OptionScore(total, len(paths[i]))) for i, total in found]

    def complete(
        self,
        prompt: str,
        max_tokens: int,
        *,
        stop: Seq[str] = (),
        temperature: float = 0.0,
        seed: int = 0,
        told: Callable[[str], bool] | None = None,
        record: Record | None = None,
    ) -> Completion:
        """See ``LanguageModel.complete``. At most the rest of the context is written.

        ``told`` gets the text piece by piece; it is asked before the prompt is read and after every token whether to
        go on (True), and must not wait: other calls do. ``record`` is filled with what is known about every token.
        """
        began = time.perf_counter()
        with self._lock, torch.inference_mode():
            if told is not None and not told(""):
                return Completion("", 0, 0.0)
            tokens = self.encode_prompt(prompt)
            self._check_length(len(tokens) + min(1, max_tokens))
            sequence = self._kept.nearest(tokens)
            before = sequence.computed
            sequence.least = known_steady_width(self.transformer)
            sequence.read(sequence.rewind(tokens))
            room = min(max_tokens, self.context - len(tokens))
            draft = self.drafter.begin(sequence)
            completion = generate(
                *(sequence, self.tokenizer, room, self.stop_tokens, stop, temperature, seed, self.guess),
                *(self.speculation, draft, told, record),
            )
        self.usage += Usage(
            calls=1,
            prompt_tokens=len(tokens),
            generated_tokens=completion.tokens,
            seconds=time.perf_counter() - began,
            computed_tokens=sequence.computed - before,
        )
        return completion

    def write_actions(
        self,
        prompt: str,
        next_options: NextOptions,
        max_actions: int,
        *,
        temperature: float = 0.0,
        seed: int = 0,
        special: bool = False,
    ) -> ActionSequence:
        """Write a sequence of actions under a grammar, token by token. See ``planner.lm.constrained``.

        ``special``: read special tokens in the prompt, as chat templates have them.
        """
        began = time.perf_counter()
        with self._lock, torch.inference_mode():
            tokens = self.encode_prompt(prompt, special)
            self._check_length(len(tokens) + 1)
            sequence = self._kept.nearest(tokens)
            before = sequence.computed
            pending = sequence.rewind(tokens)
            out = decode_actions(sequence, self.tokenizer, pending, next_options, max_actions, temperature, seed)
        self.usage += Usage(
            calls=1,
            prompt_tokens=len(tokens),
            generated_tokens=out.tokens,
            seconds=time.perf_counter() - began,
            computed_tokens=sequence.computed - before,
        )
        return out

    def prompt_logprobs(self, prompts: Seq[str]) -> list[list[TokenLogprob]]:
        """Log-probability of every token of every prompt given the tokens before it.

        The first token of a prompt has none (it is ``nan``). What the prompts share is computed once, and what they
        share with those of the call before not at all. See ``planner.lm.echo``.
        """
        began = time.perf_counter()
        with self._lock, torch.inference_mode():
            coded = [self.tokenizer.encode_with_offsets(p) for p in prompts]
            if any(not ids for ids, _ in coded):
                raise ModelError("an empty prompt has no log-probabilities; give it some text")
            self._check_length(max((len(ids) for ids, _ in coded), default=0))
            computed = 0
            out: list[list[TokenLogprob]] = [[] for _ in prompts]
            for first in sorted({ids[0] for ids, _ in coded}):
                mine = [i for i, (ids, _) in enumerate(coded) if ids[0] == first]
                texts = [coded[i][0] for i in mine]
                sequence = self._kept.nearest(common_beginning(texts))
                before = sequence.computed
                for i, values in zip(mine, self._echo.score(sequence, texts), strict=True):
                    spans = coded[i][1]
                    out[i] = [TokenLogprob(prompts[i][a:b], a, v) for (a, b), v in zip(spans, values, strict=True)]
                computed += sequence.computed - before
        scored = sum(map(len, out))
        self.usage += Usage(
            calls=1,
            scored_tokens=scored,
            seconds=time.perf_counter() - began,
            computed_tokens=computed,
        )
        return out

    def chat_prompt(self, messages: Seq[Mapping[str, str]]) -> str:
        """The prompt for a conversation, by the model's own template (ChatML if it has none).

        Args:
            messages: ``{"role": "system" | "user" | "assistant", "content": text}``, oldest first.
        """
        from planner.lm.chat import render

        return render(self.config.chat_template, messages)

    def attach_adapter(self, folder: str | Path, merge: bool = True) -> None:
        """Put a LoRA adapter (PEFT folder) onto the model for good. See ``planner.lm.lora``."""
        from planner.lm.lora import attach

        with self._lock:
            attach(self.transformer, Path(folder), merge)
            self._kept.clear()  # what was cached belongs to the model without the adapter
            self._echo.forget()
            self.name = f"{self.name}+{Path(folder).name}"

    def with_adapter(self, folder: str | Path) -> LocalModel:
        """A second model on the same weights, with a LoRA adapter (PEFT folder) computed at run time.

        It takes the adapter's few MB and a cache of its own; this model stays as it is. Raises ModelError when the
        adapter does not fit.
        """
        from planner.lm.lora import attach, trained_form

        adapted = copy.copy(self.transformer)
        adapted.layers = [copy.copy(layer) for layer in adapted.layers]
        attach(adapted, Path(folder), merge=False)
        made = LocalModel(self.config, adapted, self.tokenizer, f"{self.name}+{Path(folder).name}")
        made.context = self.context
        made._lock = self._lock  # what both share takes turns, too
        made.form = trained_form(Path(folder))  # type: ignore[attr-defined]
        return made

    def forget(self, keep: Seq[str] = ()) -> None:
        """Forget all cached prompts but the beginnings ``keep`` (plain text, at most ``SEQUENCES`` of them).

        What is cached afterwards is the same byte for byte, whatever ran before: a kept beginning is computed once,
        alone, and held aside; later calls work on copies of it.
        """
        if len(set(keep)) > self.SEQUENCES:
            raise ModelError(f"{self.name} keeps at most {self.SEQUENCES} beginnings, not {len(set(keep))}")
        began = time.perf_counter()
        with self._lock, torch.inference_mode():
            self._echo.forget()
            # without the last token: it may become another one with the text that follows
            beginnings = [self.encode_prompt(text, special=False)[:-1] for text in dict.fromkeys(keep)]
            self._check_length(max(map(len, beginnings), default=0))
            computed = self._kept.begin_with([tokens for tokens in beginnings if tokens])
        self.usage += Usage(seconds=time.perf_counter() - began, computed_tokens=computed)

    def logits(self, text: str) -> Any:
        """Next-token logits behind every token of ``text``, a float32 tensor (tokens, vocab). For tests."""
        with self._lock, torch.inference_mode():
            tokens = self.encode_prompt(text)
            self._check_length(len(tokens))
            sequence = Sequence(self.transformer, self.context)
            return self.transformer.logits(sequence.extend(tokens, all_hidden=True)).float()

    def encode_prompt(self, text: str, special: bool = True) -> list[int]:
        """Token numbers of a prompt; an empty one starts with the model's first or end-of-text token.

        ``special``: read ``<|im_start|>`` and its like as the tokens they spell. ``complete`` does, because chat
        templates need it; whatever scores or decodes under a grammar does not, because people's words stand in
        those prompts.
        """
        tokens = self.tokenizer.encode(text, special)
        if self._opening is not None and tokens[:1] != [self._opening]:
            tokens = [self._opening, *tokens]
        if not tokens:
            first = self.config.bos if self.config.bos is not None else next(iter(self.config.eos), 0)
            tokens = [first]
        return tokens

    def _check_length(self, tokens: int) -> None:
        if tokens > self.context:
            raise ModelError(
                f"the prompt needs {tokens} tokens, but {self.name} takes {self.context}; "
                "shorten the instruction or the list of objects"
            )
