"""What a whole process of the engine costs: its start, and the most memory it ever holds."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

import torch

_FIRST_TOKEN = "from planner.lm.engine import load_language_model as l; l().complete('The capital of France is', 1)"
_WORK = """
import json, resource, sys
from planner.lm.bench_questions import question
from planner.lm.engine import load_language_model
lm = load_language_model(dtype=sys.argv[1])
for count in (53, 551):
    prefix, options = question(count)
    lm.score(prefix, options)
    lm.best(prefix, options, 5)
lm.complete(prefix, 40)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(peak / (1024 if sys.platform != "darwin" else 1024 * 1024)))
"""


def _child(code: str, *arguments: str) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, env=environment, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def start_up(repeats: int) -> tuple[float, float]:
    """Seconds from starting Python to the first token: the first time, and the median of ``repeats`` more.

    The first start may read the program and the weights from the disk; the others find them in memory.
    """
    times = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        _child(_FIRST_TOKEN)
        times.append(time.perf_counter() - began)
    return times[0], statistics.median(times[1:])


def peak_memory(dtype: str) -> float:
    """Most resident memory [MiB] of a process that scores 53 and 551 options and writes 40 tokens."""
    return float(json.loads(_child(_WORK, dtype)))
