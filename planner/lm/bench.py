"""The engine's figures beside those of transformers: same weights, same prompt, same process, as ratios.

Run by ``groundplan bench lm``. Both engines work in turns, with the prompt's prefix warm in both, and times are
medians: a machine that is busy for a while slows both. "One call per option" is measured on some options and
scaled; the table says so. Transformers computes in float32 and in bfloat16, and a ratio without a type is that against
the faster of the two. The machine's limits are measured in the same run, because ratios travel and seconds do not.
"Cold step": nothing of the prompt is cached; "new request": only the fixed head of the prompt is; "next step": all but
the step that was just taken.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from planner.lm import bench_draft
from planner.lm.bench_process import peak_memory, start_up
from planner.lm.bench_questions import question
from planner.lm.bench_reference import Reference
from planner.lm.bench_watch import CLOCKS, WALL, Watch
from planner.lm.bench_writing import measure_writing
from planner.lm.engine import LocalModel, load_language_model, usual_dtype

PARTS = ("start", "memory", "writing", "guessing", "scoring", "growth")
_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 1, "int4": 0.5}  # of a weight in memory
_MUCH = 4.0  # times as slow as the faster peer at 53 options: left out of the larger question
_SINGLE = 15  # options that are scored one by one with transformers; the rest is scaled


def machine(repeats: int, watch: Watch = WALL) -> dict[str, Any]:
    """What this machine can do at most: matrix products in float32 and bfloat16, reading memory."""
    out: dict[str, Any] = {"processor": processor(), "threads": torch.get_num_threads()}
    for name, dtype in (("f32", torch.float32), ("bf16", torch.bfloat16)):
        a, b = torch.randn(512, 2048).to(dtype), torch.randn(2048, 2048).to(dtype)
        product = watch.timed(functools.partial(torch.nn.functional.linear, a, b), repeats)
        out[f"matmul_{name}_gflops"] = 2 * 512 * 2048 * 2048 / product / 1e9
    big = torch.zeros(1 << 27, dtype=torch.int8).view(torch.int64)
    out["memory_read_gb_s"] = (1 << 27) / watch.timed(big.sum, repeats) / 1e9
    return out


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def measure_options(
    ours: LocalModel, peers: Mapping[str, Reference], count: int, repeats: int, watch: Watch = WALL
) -> dict[str, Any]:
    """Scoring ``count`` options behind a warm prefix, in turns with transformers; then steps of a plan."""
    prefix, options = question(count)
    coded = [list(c) for c in ours.tokenizer.encode_many(options)]
    ids = ours.encode_prompt(prefix)
    out: dict[str, Any] = {"options": len(options), "prompt": len(ids), "tokens": sum(map(len, coded))}
    works: dict[str, Callable[[], object]] = {
        "ours_all_s": lambda: ours.score(prefix, options),
        "ours_top5_s": lambda: ours.best(prefix, options, 5),
    }
    sample = coded[:: max(1, len(coded) // _SINGLE)][:_SINGLE]
    per_turn = max(1, len(sample) // 5)
    scored: dict[str, list[float]] = {}

    def batch(name: str, peer: Reference) -> None:
        scored[name] = peer.score_batch(ids, coded)

    for name, peer in peers.items():
        single = itertools.cycle(sample)
        works[f"theirs_{name}_batch_s"] = functools.partial(batch, name, peer)
        works[f"theirs_{name}_one_by_one_s"] = functools.partial(
            lambda peer, single: [peer.score_one(ids, next(single)) for _ in range(per_turn)], peer, single
        )
    out |= watch.in_turns(works, repeats)
    before = ours.usage
    mine = [s.logprob for s in ours.score(prefix, options)]
    middle = ours.usage
    ours.best(prefix, options, 5)
    out["computed_nodes"] = (middle - before).computed_tokens
    out["computed_nodes_top5"] = (ours.usage - middle).computed_tokens
    out["one_by_one_measured_on"] = min(len(sample), per_turn * repeats)
    for name in peers:
        out[f"theirs_{name}_one_by_one_s"] *= len(coded) / per_turn
        differences = [abs(a - b) for a, b in zip(scored[name], mine, strict=True)]
        out[f"largest_difference_{name}"] = max(differences)
        for ratio, theirs, own in (
            ("batch", "batch", "all"),
            ("one_by_one", "one_by_one", "all"),
            ("top5_batch", "batch", "top5"),
        ):
            out[f"ratio_{ratio}_{name}"] = out[f"theirs_{name}_{theirs}_s"] / out[f"ours_{own}_s"]
    for ratio in ("batch", "one_by_one", "top5_batch") if peers else ():
        out[f"ratio_{ratio}"] = min(out[f"ratio_{ratio}_{name}"] for name in peers)  # against the faster of them
    return out | measure_steps(ours, prefix, options, repeats, watch)


def measure_steps(
    ours: LocalModel, prefix: str, options: list[str], repeats: int, watch: Watch = WALL
) -> dict[str, Any]:
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
    out = watch.in_turns(
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


def _growth(ours: LocalModel, count: int, repeats: int, watch: Watch) -> dict[str, Any]:
    prefix, options = question(count)
    works: dict[str, Callable[[], object]] = {
        "ours_all_s": lambda: ours.score(prefix, options),
        "ours_top5_s": lambda: ours.best(prefix, options, 5),
    }
    return {"options": count, **watch.in_turns(works, repeats)}


def has_transformers() -> bool:
    """Is there something to compare with?"""
    return importlib.util.find_spec("transformers") is not None


def has_matplotlib() -> bool:
    """Is there something to draw with?"""
    return importlib.util.find_spec("matplotlib") is not None


def peers_of(ours: LocalModel) -> dict[str, Reference]:
    """Transformers in float32 and in bfloat16: which of them is the faster one depends on the processor."""
    return {str(d).removeprefix("torch."): Reference(ours, d) for d in (torch.float32, torch.bfloat16)}


def run(
    quick: bool = False,
    dtype: str = "auto",
    compare: bool = True,
    threads: int | None = None,
    report: Callable[[str], None] = lambda what: None,
    draft_model: str | None = None,
    parts: Sequence[str] = PARTS,
    clock: str = "wall",
    repeats: int | None = None,
) -> dict[str, Any]:
    """All measurements as plain data.

    Args:
        report: is told what is measured next.
        draft_model: one to guess with.
        parts: which of ``PARTS`` to measure.
        clock: a name of ``bench_watch.CLOCKS``.
        repeats: turns of each work; by default 5, or 2 if ``quick``.
    """
    repeats = repeats or (2 if quick else 5)
    watch = Watch(CLOCKS[clock])
    if threads is not None:
        torch.set_num_threads(threads)
    report("the machine's limits")
    result: dict[str, Any] = {"clock": clock, "machine": machine(repeats, watch), "process": {}}
    if "start" in parts:
        report("the start")
        result["process"] = start_up(1 if quick else 3, clock == "processor")
    for kind in dict.fromkeys((usual_dtype(), "bfloat16", "int8")) if "memory" in parts else ():
        report(f"memory in {kind}")
        result["process"][f"peak_memory_{kind}_mib"] = peak_memory(kind)
    ours = load_language_model(dtype=dtype, threads=threads)
    weights = ours.transformer.embed.numel() + _parameters(ours)
    kind = usual_dtype() if dtype == "auto" else dtype
    result["model"] = {"name": ours.name, "dtype": kind, "parameters": weights}
    peers = peers_of(ours) if compare and {"writing", "scoring"} & set(parts) else {}
    result["peers"] = list(peers)
    if "writing" in parts:
        report("reading and writing")
        result["writing"] = measure_writing(ours, peers, 24 if quick else 100, repeats, watch)
        read = result["machine"]["memory_read_gb_s"] * 1e9
        size = _BYTES[kind]
        result["writing"]["share_of_memory_limit"] = result["writing"]["decode_plan_tokens_s"] * weights * size / read
    if "guessing" in parts:
        report("guessing ahead")
        smaller = None if draft_model is None else load_language_model(draft_model, dtype=dtype, threads=threads)
        tokens, turns = (24, 1) if quick else (80, 3)
        result["guessing"] = bench_draft.measure(ours, question(1)[0], tokens, turns, smaller)
    limit = max(result["machine"][f"matmul_{name}_gflops"] for name in ("f32", "bf16")) * 1e9
    result["scoring"] = []
    for n in () if "scoring" not in parts else (53,) if quick else (53, 551):
        report(f"{n} options")
        row = measure_options(ours, peers, n, repeats, watch)
        row["share_of_matmul_limit"] = 2 * row["computed_nodes"] * weights / row["ours_all_s"] / limit
        result["scoring"].append(row)
        peers = _not_much_slower(peers, row)
    result["by_options"], result["by_prompt"] = [], []
    if "growth" in parts:
        for n in (10, 50) if quick else (10, 50, 200, 1000, 5000):
            report(f"growth: {n} options")
            result["by_options"].append(_growth(ours, n, 1 if n > 1000 else 3, watch))
        for examples in (2, 8) if quick else (2, 10, 32, 150):
            prefix, options = question(53, examples)
            length = len(ours.encode_prompt(prefix))
            report(f"growth: a prompt of {length} tokens")
            seconds = watch.timed(functools.partial(ours.score, prefix, options), 3)
            result["by_prompt"].append({"tokens": length, "ours_all_s": seconds})
    return result


def _not_much_slower(peers: dict[str, Reference], row: Mapping[str, Any]) -> dict[str, Reference]:
    """The peers worth waiting for on larger questions: a processor may be ten times slower in one of the types."""
    times = {name: row[f"theirs_{name}_batch_s"] for name in peers}
    return {name: peers[name] for name, t in times.items() if t <= _MUCH * min(times.values())}


def _parameters(model: LocalModel) -> int:
    c = model.config
    q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim
    return c.layers * (c.dim * (2 * q + 2 * kv) + 3 * c.dim * c.ffn)
