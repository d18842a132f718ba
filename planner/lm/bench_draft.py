"""What guessing ahead is worth: every drafter on several kinds of text, in turns, beside no guessing at all.

Run by ``groundplan bench lm``. The text is the same with every drafter; only the passes differ.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from planner.lm.draft import Drafter, EarlyLayers, Lookup, choose_drafter
from planner.lm.generate import SpeculationCount
from planner.lm.local import LocalModel

STORY = "Once upon a time, in a small village by the sea, there lived an old fisherman who"
QUESTION = "Explain how a robot can tell a clean cup from a dirty one."
SUMMARY = (
    "Repeat this list with a number before every line.\n- wash the blue cup\n- dry the blue cup\n"
    "- put the blue cup on the shelf\n- wash the green plate\n- dry the green plate\n- put the green plate on the shelf"
)


def texts(lm: LocalModel, plan: str) -> dict[str, str]:
    """Kinds of text by name: the prompt that leads to each. ``plan``: a prompt of worked examples."""

    def chat(words: str) -> str:
        return lm.chat_prompt([{"role": "user", "content": words}])

    return {"plan": plan, "list": chat(SUMMARY), "answer": chat(QUESTION), "story": STORY}


def drafters(lm: LocalModel, smaller: LocalModel | None) -> dict[str, Drafter | None]:
    """What is compared: nothing, looking up, early layers (two depths), a smaller model, ``auto``."""
    deep = lm.config.layers
    made: list[Drafter] = [Lookup()]
    made += [EarlyLayers(n) for n in sorted({2 * deep // 3, 9 * deep // 10}) if 0 < n < deep]
    if smaller is not None:
        for kind in ("model", "auto"):
            drafter = choose_drafter(kind, lm, smaller)
            assert drafter is not None
            made.append(drafter)
    return {"none": None, **{d.name: d for d in made}}


def measure(
    lm: LocalModel, plan: str, tokens: int, repeats: int, smaller: LocalModel | None = None
) -> list[dict[str, Any]]:
    """One row per kind of text and drafter: tokens per second, accept rate, tokens per pass, speed-up.

    Times are medians over ``repeats`` rounds in which all drafters take turns. ``same_text`` says whether the
    text was that of the run without guessing.
    """
    kept = lm.guess, lm.drafter, lm.stop_tokens, lm.speculation
    compared = drafters(lm, smaller)
    rows: list[dict[str, Any]] = []
    guess = lm.guess or 6
    try:
        lm.stop_tokens = set()
        for kind, prompt in texts(lm, plan).items():
            times: dict[str, list[float]] = {name: [] for name in compared}
            counts: dict[str, SpeculationCount] = {}
            written: dict[str, str] = {}
            for turn in range(repeats + 1):
                for name, drafter in compared.items():
                    lm.guess = 0 if drafter is None else guess
                    lm.drafter = drafter or lm.drafter
                    lm.speculation = counts[name] = SpeculationCount()
                    lm.complete(prompt, 1)  # the prompt is warm
                    began = time.perf_counter()
                    written[name] = lm.complete(prompt, tokens).text
                    if turn:
                        times[name].append(time.perf_counter() - began)
            for name, count in counts.items():
                seconds = statistics.median(times[name])
                rows.append(
                    {
                        "text": kind,
                        "drafter": name,
                        "tokens_s": tokens / seconds,
                        "accept_rate": count.accepted / count.guessed if count.guessed else None,
                        "tokens_per_pass": tokens / max(1, count.passes),
                        "speed_up": statistics.median(times["none"]) / seconds,
                        "same_text": written[name] == written["none"],
                    }
                )
    finally:
        lm.guess, lm.drafter, lm.stop_tokens, lm.speculation = kept
    return rows


def lines(rows: list[dict[str, Any]]) -> list[str]:
    """The rows as lines of text."""
    out = []
    for row in rows:
        rate = "-" if row["accept_rate"] is None else f"{row['accept_rate']:.0%}"
        out.append(
            f"writing {row['text']:7s} drafter {row['drafter']:24s} {row['tokens_s']:6.1f} tokens/s  right {rate:>4s}  "
            f"{row['tokens_per_pass']:.2f} tokens per pass  speed-up {row['speed_up']:.2f}"
            + ("" if row["same_text"] else "  (another text: rounding)")
        )
    return out
