"""A very long prompt in bounded memory: read it in passes, and say what it took.

``python -m planner.lm.bench_long --tokens 32768`` takes the default weights (whose own context is 8,192), stretches
their positions with YaRN, reads a text of so many tokens and prints time and memory. What grows with the text are keys
and values, a fixed number of bytes per token, and one mask row per token of a pass; no matrix of the text with itself.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch

from planner.lm.local import LocalModel
from planner.lm.rotary import Rotary
from planner.lm.sequence import Sequence

_SLICE = 2048


def stretched(lm: LocalModel, context: int) -> LocalModel:
    """``lm`` with its rotary positions stretched to ``context`` by YaRN; shares the weights. Full layers only."""
    config = lm.config
    if context <= config.context:
        return lm
    scaling = {
        "rope_type": "yarn",
        "factor": context / config.context,
        "original_max_position_embeddings": config.context,
    }
    model = lm.transformer
    rotary = Rotary(config.head_dim, config.theta, scaling, model.dtype)
    model.layers = [replace(layer, rotary=rotary if layer.rotary is not None else None) for layer in model.layers]
    model.config = replace(config, context=context, rope_scaling=tuple(sorted(scaling.items())))
    return LocalModel(model.config, model, lm.tokenizer, lm.name)


def peak_bytes() -> int:
    """Most memory that this process ever had resident [bytes]."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure(lm: LocalModel, tokens: int, report: Callable[[int], None] = lambda done: None) -> dict[str, Any]:
    """Read ``tokens`` tokens and write one; ``report`` is told how many are read.

    The text is the tokenizer's first ordinary tokens over and over: numbers count here, not sense.
    """
    ids = [(7 * i) % min(lm.config.vocab, 1000) for i in range(tokens)]
    before = peak_bytes()
    began = time.perf_counter()
    with torch.inference_mode():
        sequence = Sequence(lm.transformer, lm.context)
        sequence.cache.reserve(tokens)
        for at in range(0, tokens, _SLICE):
            sequence.extend(ids[at : at + _SLICE])
            report(min(tokens, at + _SLICE))
        assert sequence.hidden is not None
        logits = lm.transformer.logits(sequence.hidden)
        finite = bool(torch.isfinite(logits).all())
    seconds = time.perf_counter() - began
    after = peak_bytes()
    return {
        "tokens": tokens,
        "seconds": seconds,
        "tokens_s": tokens / seconds,
        "finite": finite,
        "keys_and_values_bytes": sequence.cache.bytes,
        "peak_before_bytes": before,
        "peak_after_bytes": after,
        "working_bytes": after - before - sequence.cache.bytes,
        "square_matrix_bytes": tokens * tokens * lm.transformer.dtype.itemsize,
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the measurement as JSON."""
    parser = argparse.ArgumentParser(description="read a very long prompt and say what it took")
    parser.add_argument("--tokens", type=int, default=32_768)
    parser.add_argument("--model", default="default")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--threads", type=int)
    args = parser.parse_args(arguments)
    from rich.progress import Progress

    from planner.lm.engine import load_language_model

    lm = stretched(load_language_model(args.model, args.dtype, args.threads), args.tokens)
    from rich.console import Console

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"reading {args.tokens} tokens", total=args.tokens)
        result = measure(lm, args.tokens, lambda done: bar.update(task, completed=done))
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
