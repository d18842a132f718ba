"""The engine's figures beside those of transformers: same weights, same prompt, same process, as ratios.

Run by ``groundplan bench lm``. Both engines work in turns, with the prompt's prefix warm in both, and times are
medians: a machine that is busy for a while slows both. "One call per option" is measured on some options and
scaled; the table says so. The machine's limits are measured in the same run, because ratios travel and seconds do
not. "Cold step": nothing of the prompt is cached; "new request": only the fixed head of the prompt is; "next step":
all but the step that was just taken.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from planner.lm import bench_draft
from planner.lm.bench_process import peak_memory, start_up
from planner.lm.bench_questions import PLACES, THINGS, question
from planner.lm.bench_reference import Reference
from planner.lm.engine import LocalModel, load_language_model

_SINGLE = 15  # options that are scored one by one with transformers; the rest is scaled


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


def in_turns(works: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median wall-clock time of each work [s], all of them run in turns after one warm-up each.

    A machine that is slower for a minute is then slower for all of them, and ratios stay what they are.
    """
    times: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(repeats):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(values) for name, values in times.items()}


def measure_options(ours: LocalModel, theirs: Reference | None, count: int, repeats: int) -> dict[str, Any]:
    """Scoring ``count`` options behind a warm prefix, in turns with transformers; then steps of a plan."""
    prefix, options = question(count)
    coded = [list(c) for c in ours.tokenizer.encode_many(options)]
    ids = ours.encode_prompt(prefix)
    out: dict[str, Any] = {"options": len(options), "prompt": len(ids), "tokens": sum(map(len, coded))}
    works: dict[str, Callable[[], object]] = {
        "ours_all_s": lambda: ours.score(prefix, options),
        "ours_top5_s": lambda: ours.best(prefix, options, 5),
    }
    if theirs is not None:
        sample = coded[:: max(1, len(coded) // _SINGLE)][:_SINGLE]
        single = itertools.cycle(sample)
        per_turn = max(1, len(sample) // repeats)
        works["theirs_batch_s"] = lambda: theirs.score_batch(ids, coded)
        works["theirs_one_by_one_s"] = lambda: [theirs.score_one(ids, next(single)) for _ in range(per_turn)]
    out |= in_turns(works, repeats)
    before = ours.usage
    ours.score(prefix, options)
    out["computed_nodes"] = (ours.usage - before).computed_tokens
    if theirs is not None:
        out["theirs_one_by_one_s"] *= len(coded) / per_turn
        out["theirs_one_by_one_measured_on"] = min(len(sample), per_turn * repeats)
        out["ratio_batch"] = out["theirs_batch_s"] / out["ours_all_s"]
        out["ratio_one_by_one"] = out["theirs_one_by_one_s"] / out["ours_all_s"]
        out["ratio_top5_batch"] = out["theirs_batch_s"] / out["ours_top5_s"]
        exact = theirs.score_batch(ids, coded)
        differences = [abs(a - b.logprob) for a, b in zip(exact, ours.score(prefix, options), strict=True)]
        out["largest_difference"] = max(differences)
    return out | measure_steps(ours, prefix, options, repeats)


def measure_steps(ours: LocalModel, prefix: str, options: list[str], repeats: int) -> dict[str, Any]:
    """Steps of one plan: a first one with nothing cached, a new request, and the next step; all and best five."""
    requests = itertools.cycle([prefix.replace("I spilled", "We spilled", 1), prefix])
    steps = itertools.cycle([prefix + options[0] + " 2.", prefix + options[1] + " 2."])

    def cold(work: Callable[[str], object]) -> None:
        ours.forget()
        work(prefix)

    def all_of(prompt: str) -> object:
        return ours.score(prompt, options)

    def best_of(prompt: str) -> object:
        return ours.best(prompt, options, 5)

    # a turn is one plan: its first step leaves the prompt in the cache, and each of the others changes its end
    out = in_turns(
        {
            "ours_cold_step_s": lambda: cold(all_of),
            "ours_next_step_s": lambda: all_of(next(steps)),
            "ours_new_request_s": lambda: all_of(next(requests)),
            "ours_cold_step_top5_s": lambda: cold(best_of),
            "ours_next_step_top5_s": lambda: best_of(next(steps)),
        },
        repeats,
    )
    out["ratio_next_to_cold_step"] = out["ours_next_step_s"] / out["ours_cold_step_s"]
    out["ratio_next_to_cold_step_top5"] = out["ours_next_step_top5_s"] / out["ours_cold_step_top5_s"]
    return out


def _growth(ours: LocalModel, count: int, repeats: int) -> dict[str, Any]:
    prefix, options = question(count)
    works: dict[str, Callable[[], object]] = {
        "ours_all_s": lambda: ours.score(prefix, options),
        "ours_top5_s": lambda: ours.best(prefix, options, 5),
    }
    return {"options": count, **in_turns(works, repeats)}


def measure_writing(ours: LocalModel, theirs: Reference | None, tokens: int, repeats: int) -> dict[str, Any]:
    """Prefill and decoding speed, and a plan of six actions under a grammar over twelve objects."""
    prefix, _ = question(1)
    ids, once = ours.encode_prompt(prefix * 2), ours.encode_prompt(prefix)
    guess, ours.guess = ours.guess, 0

    def prefill() -> None:
        ours.forget()
        ours.score(prefix * 2, ["a"])

    def decode() -> None:
        ours.complete(prefix, tokens)

    stops, ours.stop_tokens = ours.stop_tokens, set()
    try:
        works: dict[str, Callable[[], object]] = {"prefill": prefill, "decode": decode}
        if theirs is not None:
            works["theirs_prefill"] = lambda: theirs.prefill(ids)
            works["theirs_decode"] = lambda: theirs.decode(once, tokens)
        seconds = in_turns(works, repeats)
        out: dict[str, Any] = {"prefill_tokens_s": len(ids) / seconds["prefill"]}
        out["decode_tokens_s"] = tokens / seconds["decode"]
        ours.guess = guess
        count = ours.speculation
        before = (count.guessed, count.accepted)
        out["decode_speculative_tokens_s"] = tokens / timed(decode, repeats)
        guessed = count.guessed - before[0]
        out["accept_rate"] = (count.accepted - before[1]) / guessed if guessed else None
    finally:
        ours.guess, ours.stop_tokens = guess, stops
    things = THINGS[:12]

    def grammar(actions: tuple[str, ...]) -> list[str]:
        if len(actions) % 2 == 0:
            return [f" pick up the {a}\n" for a in things]
        return [f" put it on the {p}\n" for p in [*things, *PLACES]]

    out["constrained_plan_s"] = timed(lambda: ours.write_actions(prefix, grammar, 6), repeats)
    if theirs is not None:
        out["theirs_prefill_tokens_s"] = len(ids) / seconds["theirs_prefill"]
        out["theirs_decode_tokens_s"] = tokens / seconds["theirs_decode"]
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
    result: dict[str, Any] = {"machine": machine(repeats)}
    first, usual = start_up(1 if quick else 3)
    result["process"] = {"first_start_s": first, "start_up_s": usual}
    for kind in () if quick else ("bfloat16", "int8"):
        report(f"memory in {kind}")
        result["process"][f"peak_memory_{kind}_mib"] = peak_memory(kind)
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
    result["by_options"] = []
    for n in (10, 50) if quick else (10, 50, 200, 1000, 5000):
        report(f"growth: {n} options")
        result["by_options"].append(_growth(ours, n, 1 if n > 1000 else 3))
    result["by_prompt"] = []
    for examples in (2, 8) if quick else (2, 10, 32, 150):
        prefix, options = question(53, examples)
        seconds = timed(functools.partial(ours.score, prefix, options), 3)
        report(f"growth: a prompt of {len(ours.encode_prompt(prefix))} tokens")
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
    for part in ("machine", "process", "model", "writing"):
        lines += [f"{part}.{key:32s} {_shown(value)}" for key, value in result.get(part, {}).items()]
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
