"""Reading and writing beside transformers: without guesses, and as the engine really writes.

Writing is measured on two texts: steps of a plan behind worked examples, which repeat what stands in the prompt, and an
ordinary answer, which does not. "As used" is with guesses (``planner.lm.draft``), which change the speed only; that the
text was the same is part of the result.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from planner.lm import bench_draft
from planner.lm.bench_questions import PLACES, THINGS, question
from planner.lm.bench_reference import Reference
from planner.lm.bench_watch import WALL, Watch
from planner.lm.generate import SpeculationCount
from planner.lm.local import LocalModel

TEXTS = ("plan", "answer")


def measure_writing(
    ours: LocalModel, peers: Mapping[str, Reference], tokens: int, repeats: int, watch: Watch = WALL
) -> dict[str, Any]:
    """Tokens per second of reading and writing, in turns with transformers, and seconds of a plan under a grammar."""
    prefix, _ = question(1)
    ids = ours.encode_prompt(prefix * 2)
    texts = bench_draft.texts(ours, prefix)
    prompts = {kind: texts[kind] for kind in TEXTS}
    written: dict[str, str] = {}
    counts: dict[str, SpeculationCount] = {}

    def prefill() -> None:
        ours.forget()
        ours.score(prefix * 2, ["a"])

    def write(name: str, prompt: str, guess: int) -> None:
        ours.guess, ours.speculation = guess, SpeculationCount()
        written[name] = ours.complete(prompt, tokens).text
        counts[name] = ours.speculation

    reading: dict[str, Callable[[], object]] = {"prefill": prefill}
    works: dict[str, Callable[[], object]] = {}
    for kind, prompt in prompts.items():
        works[f"decode_{kind}"] = functools.partial(write, f"decode_{kind}", prompt, 0)
        works[f"as_used_{kind}"] = functools.partial(write, f"as_used_{kind}", prompt, ours.guess)
        for name, peer in peers.items():
            works[f"theirs_{name}_decode_{kind}"] = functools.partial(peer.decode, ours.encode_prompt(prompt), tokens)
    for name, peer in peers.items():
        reading[f"theirs_{name}_prefill"] = functools.partial(peer.prefill, ids)
    kept = ours.guess, ours.speculation, ours.stop_tokens
    ours.stop_tokens = set()
    try:
        # apart, because reading begins by forgetting what writing wants warm
        seconds = watch.in_turns(reading, repeats) | watch.in_turns(works, repeats)
    finally:
        ours.guess, ours.speculation, ours.stop_tokens = kept
    out: dict[str, Any] = {"drafter": ours.drafter.name if ours.guess else "none"}
    lengths = {work: len(ids) if work.endswith("prefill") else tokens for work in seconds}
    out |= {f"{work}_tokens_s": lengths[work] / seconds[work] for work in seconds}
    for kind in TEXTS:
        count = counts[f"as_used_{kind}"]
        out[f"accept_rate_{kind}"] = count.accepted / count.guessed if count.guessed else None
        out[f"same_text_{kind}"] = written[f"as_used_{kind}"] == written[f"decode_{kind}"]
    pairs = {"prefill": "prefill"} | {
        f"{way}_{kind}": f"decode_{kind}" for way in ("decode", "as_used") for kind in TEXTS
    }
    for mine, theirs in pairs.items():
        for name in peers:
            out[f"ratio_{mine}_{name}"] = seconds[f"theirs_{name}_{theirs}"] / seconds[mine]
        if peers:
            out[f"ratio_{mine}"] = min(out[f"ratio_{mine}_{name}"] for name in peers)  # against the faster of them
    return out | {"constrained_plan_s": constrained_plan(ours, prefix, repeats, watch)}


def constrained_plan(ours: LocalModel, prefix: str, repeats: int, watch: Watch = WALL) -> float:
    """Seconds of a plan of six actions under a grammar over twelve objects, the prompt being warm."""
    things = THINGS[:12]

    def grammar(actions: tuple[str, ...]) -> list[str]:
        if len(actions) % 2 == 0:
            return [f" pick up the {a}\n" for a in things]
        return [f" put it on the {p}\n" for p in [*things, *PLACES]]

    return watch.timed(lambda: ours.write_actions(prefix, grammar, 6), repeats)
