"""The engine's figures beside those of transformers: same weights, same prompt, same process, as ratios.

Run by ``groundplan bench lm``. Times are medians of repeated runs with the prompt's prefix warm in both engines.
"One call per option" is measured on a few options and scaled; the table says so. The machine's limits are measured
in the same run, because ratios travel and seconds do not. "Cold step": nothing of the prompt is cached; "new
request": only the fixed head of the prompt is; "next step": all but the step that was just taken.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from planner.lm import bench_draft
from planner.lm.bench_reference import Reference
from planner.lm.engine import LocalModel, load_language_model

_THINGS = (
    "red block",
    "green block",
    "blue block",
    "yellow bowl",
    "blue bowl",
    "pepsi can",
    "water bottle",
    "sponge",
    "apple",
    "orange",
    "bag of chips",
    "rice cake",
    "tea cup",
    "fork",
    "spoon",
    "paper towel",
    "energy bar",
    "jar of jam",
    "cutting board",
    "cereal box",
)
_PLACES = (
    "table",
    "close counter",
    "far counter",
    "trash can",
    "user",
    "top left corner",
    "bottom right corner",
    "middle",
)


def question(options: int, examples: int = 8) -> tuple[str, list[str]]:
    """A planner's question: a prompt with worked examples, and so many options, all different."""
    lines = ["A robot arm tidies up. It writes one step per line.\n"]
    for i in range(examples):
        thing, place = _THINGS[i], _PLACES[i % len(_PLACES)]
        lines.append(f"task: bring the {thing} to the {place}.\n 1. pick up the {thing}\n 2. put it on the {place}\n")
    lines.append("task: I spilled my drink. Bring me something to wipe it up.\n 1.")
    texts = [f" pick up the {a}\n" for a in _THINGS] + [f" go to the {p}\n" for p in _PLACES] + [" done\n"]
    verbs = ("put", "push", "hand", "carry", "slide", "roll", "move", "bring")
    texts += [f" {v} the {a} to the {p}\n" for v, a, p in itertools.product(verbs, _THINGS, _PLACES)]
    pairs = itertools.product(verbs, _THINGS, _THINGS)
    texts += [f" {v} the {a} next to the {b}\n" for v, a, b in pairs if a != b]
    return "".join(lines), texts[:options]


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median wall-clock time of ``work`` [s] after one warm-up."""
    work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def machine(repeats: int) -> dict[str, Any]:
    """What this machine can do at most: bfloat16 matrix product, reading memory."""
    a, b = torch.randn(1024, 2048).bfloat16(), torch.randn(2048, 2048).bfloat16()
    product = timed(lambda: torch.nn.functional.linear(a, b), repeats)
    big = torch.zeros(1 << 27, dtype=torch.int8).view(torch.int64)
    reading = timed(lambda: big.sum(), repeats)
    return {
        "processor": platform.processor() or platform.machine(),
        "threads": torch.get_num_threads(),
        "matmul_bf16_gflops": 2 * 1024 * 2048 * 2048 / product / 1e9,
        "memory_read_gb_s": (1 << 27) / reading / 1e9,
    }


def start_up() -> float:
    """Seconds from starting Python to the first token, weights in place."""
    code = "from planner.lm.engine import load_language_model as l; l().complete('The capital of France is', 1)"
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def measure_options(ours: LocalModel, theirs: Reference | None, count: int, repeats: int) -> dict[str, Any]:
    """Scoring ``count`` options behind a warm prefix."""
    prefix, options = question(count)
    ours.score(prefix, options[:1])
    out: dict[str, Any] = {
        "options": len(options),
        "tokens": sum(map(len, ours.tokenizer.encode_many(options))),
        "ours_all_s": timed(lambda: ours.score(prefix, options), repeats),
        "ours_top5_s": timed(lambda: ours.best(prefix, options, 5), repeats),
    }
    before = ours.usage
    ours.score(prefix, options)
    out["computed_nodes"] = (ours.usage - before).computed_tokens
    heads = itertools.cycle([prefix.replace("I spilled", "We spilled", 1), prefix])
    first_words = prefix[: prefix.rindex("task:")]

    def first_step() -> None:  # a new request behind the fixed head of the prompt
        ours.score(next(heads), options)

    def cold_step() -> None:  # nothing of the prompt is known
        ours.forget()
        ours.score(prefix, options)

    out["ours_cold_step_s"] = timed(cold_step, repeats)
    ours.score(first_words, options[:1])
    out["ours_new_request_s"] = timed(first_step, repeats)
    steps = itertools.cycle([prefix + options[0] + " 2.", prefix + options[1] + " 2."])
    out["ours_next_step_s"] = timed(lambda: ours.score(next(steps), options), repeats)
    out["ratio_next_to_cold_step"] = out["ours_next_step_s"] / out["ours_cold_step_s"]
    if theirs is not None:
        coded = [ours.tokenizer.encode(o) for o in options]
        ids = ours.encode_prompt(prefix)
        out["theirs_batch_s"] = timed(lambda: theirs.score_batch(ids, coded), 1)
        sample = min(4, len(coded))
        one = timed(lambda: [theirs.score_one(ids, c) for c in coded[:sample]], 1) / sample
        out["theirs_one_by_one_s"] = one * len(coded)
        out["theirs_one_by_one_measured_on"] = sample
        out["ratio_batch"] = out["theirs_batch_s"] / out["ours_all_s"]
        out["ratio_one_by_one"] = out["theirs_one_by_one_s"] / out["ours_all_s"]
        out["ratio_top5_batch"] = out["theirs_batch_s"] / out["ours_top5_s"]
        exact = theirs.score_batch(ids, coded)
        differences = [abs(a - b.logprob) for a, b in zip(exact, ours.score(prefix, options), strict=True)]
        out["largest_difference"] = max(differences)
    return out


def measure_writing(ours: LocalModel, theirs: Reference | None, tokens: int, repeats: int) -> dict[str, Any]:
    """Prefill and decoding speed, and a plan of six actions under a grammar over twelve objects."""
    prefix, _ = question(1)
    ids = ours.encode_prompt(prefix * 2)
    guess, ours.guess = ours.guess, 0

    def prefill() -> None:
        ours.forget()
        ours.score(prefix * 2, ["a"])

    def decode() -> None:
        ours.complete(prefix, tokens)

    out: dict[str, Any] = {"prefill_tokens_s": len(ids) / timed(prefill, repeats)}
    stops, ours.stop_tokens = ours.stop_tokens, set()
    try:
        out["decode_tokens_s"] = tokens / timed(decode, repeats)
        ours.guess = guess
        count = ours.speculation
        before = (count.guessed, count.accepted)
        out["decode_speculative_tokens_s"] = tokens / timed(decode, repeats)
        guessed = count.guessed - before[0]
        out["accept_rate"] = (count.accepted - before[1]) / guessed if guessed else None
    finally:
        ours.guess, ours.stop_tokens = guess, stops
    things = _THINGS[:12]

    def grammar(actions: tuple[str, ...]) -> list[str]:
        if len(actions) % 2 == 0:
            return [f" pick up the {a}\n" for a in things]
        return [f" put it on the {p}\n" for p in [*things, *_PLACES]]

    out["constrained_plan_s"] = timed(lambda: ours.write_actions(prefix, grammar, 6), repeats)
    if theirs is not None:
        out["theirs_prefill_tokens_s"] = len(ids) / timed(lambda: theirs.prefill(ids), 1)
        out["theirs_decode_tokens_s"] = tokens / timed(lambda: theirs.decode(ids, tokens), 1)
        out["ratio_prefill"] = out["prefill_tokens_s"] / out["theirs_prefill_tokens_s"]
        out["ratio_decode"] = out["decode_tokens_s"] / out["theirs_decode_tokens_s"]
    return out


def has_transformers() -> bool:
    """Is there something to compare with?"""
    return importlib.util.find_spec("transformers") is not None


def has_matplotlib() -> bool:
    """Is there something to draw with?"""
    return importlib.util.find_spec("matplotlib") is not None


def run(
    quick: bool = False,
    dtype: str = "auto",
    compare: bool = True,
    threads: int | None = None,
    report: Callable[[str], None] = lambda what: None,
    draft_model: str | None = None,
) -> dict[str, Any]:
    """All measurements as plain data; ``report`` is told what is measured next. ``draft_model``: one to guess with."""
    repeats = 2 if quick else 5
    if threads is not None:
        torch.set_num_threads(threads)
    report("the machine's limits and the start")
    result: dict[str, Any] = {"machine": machine(repeats), "start_up_s": start_up()}
    ours = load_language_model(dtype=dtype, threads=threads)
    weights = sum(p.numel() for p in (ours.transformer.embed,)) + _parameters(ours)
    theirs = Reference(ours) if compare else None
    result["model"] = {"name": ours.name, "dtype": str(ours.transformer.dtype), "parameters": weights}
    report("reading and writing")
    result["writing"] = measure_writing(ours, theirs, 24 if quick else 100, repeats)
    report("guessing ahead")
    smaller = None if draft_model is None else load_language_model(draft_model, dtype=dtype, threads=threads)
    result["guessing"] = bench_draft.measure(ours, question(1)[0], 24 if quick else 80, 1 if quick else 3, smaller)
    result["scoring"] = []
    for n in (53,) if quick else (53, 551):
        report(f"{n} options")
        result["scoring"].append(measure_options(ours, theirs, n, repeats))
    report("growth with options and prompt")
    sizes = (10, 50) if quick else (10, 50, 200, 1000, 3000)
    result["by_options"] = [measure_options(ours, None, n, 1) for n in sizes]
    result["by_prompt"] = []
    for examples in (2, 8) if quick else (2, 8, 16):
        prefix, options = question(53, examples)
        seconds = timed(functools.partial(ours.score, prefix, options), 2)
        result["by_prompt"].append({"tokens": len(ours.encode_prompt(prefix)), "ours_all_s": seconds})
    limit = result["machine"]["matmul_bf16_gflops"] * 1e9
    for row in result["scoring"]:
        work = 2 * row["computed_nodes"] * weights
        row["share_of_matmul_limit"] = work / row["ours_all_s"] / limit
    read = result["machine"]["memory_read_gb_s"] * 1e9
    size = ours.transformer.embed.element_size()
    result["writing"]["share_of_memory_limit"] = result["writing"]["decode_tokens_s"] * weights * size / read
    return result


def _parameters(model: LocalModel) -> int:
    c = model.config
    q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim
    return c.layers * (c.dim * (2 * q + 2 * kv) + 3 * c.dim * c.ffn)


def table(result: dict[str, Any]) -> str:
    """The result as text, one figure per line."""
    lines = []
    for part in ("machine", "model", "writing"):
        lines += [f"{part}.{key:32s} {_shown(value)}" for key, value in result[part].items()]
    lines.append(f"{'start_up_s':40s} {_shown(result['start_up_s'])}")
    lines += bench_draft.lines(result.get("guessing", []))
    for row in result["scoring"]:
        lines += [f"{row['options']} options: {key:28s} {_shown(value)}" for key, value in row.items()]
    return "\n".join(lines)


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def plot(result: dict[str, Any], path: Path) -> None:
    """Cost against number of options and prompt length, as a picture (package matplotlib)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4))
    axes, beside = figure.subplots(1, 2)
    rows = result["by_prompt"]
    beside.plot([r["tokens"] for r in rows], [r["ours_all_s"] for r in rows], "o-")
    beside.set_ylim(bottom=0)
    beside.set_xlabel("prompt tokens (53 options, prefix warm)")
    beside.set_ylabel("seconds")
    beside.grid(True, alpha=0.3)
    counts = [row["options"] for row in result["by_options"]]
    for key, label in (("ours_all_s", "all options, exact"), ("ours_top5_s", "exact best five")):
        axes.loglog(counts, [row[key] for row in result["by_options"]], "o-", label=label)
    measured = [row for row in result["scoring"] if "theirs_batch_s" in row]
    for key, label in (
        ("theirs_batch_s", "transformers, shared prefix, padded batch"),
        ("theirs_one_by_one_s", "transformers, one call per option"),
    ):
        axes.loglog([r["options"] for r in measured], [r[key] for r in measured], "s--", label=label)
    axes.set_xlabel("options")
    axes.set_ylabel("seconds (prefix warm)")
    axes.grid(True, which="both", alpha=0.3)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize="small", ncols=2)
    figure.tight_layout()
    figure.savefig(path)
