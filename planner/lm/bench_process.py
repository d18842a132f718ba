"""What a whole process of the engine costs: its start, and the most memory it ever holds."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

import torch

_AS_THE_COMMANDS = "import gc; from planner.cli.main import COLLECTOR; gc.set_threshold(*COLLECTOR)\n"
_FIRST_TOKEN = (
    _AS_THE_COMMANDS
    + "from planner.lm.engine import load_language_model as l; l().complete('The capital of France is', 1)"
)
_IMPORT = _AS_THE_COMMANDS + "import torch"
_TIMED = "\nimport json, time; print(json.dumps(time.process_time()))"
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


def start_up(repeats: int, processor: bool = False) -> dict[str, float]:
    """Seconds from starting Python to the first token, and to PyTorch being imported, which nobody can be faster than.

    "first_start_s" may read the program and the weights from the disk; the others find them in memory and are medians
    of ``repeats`` starts. ``processor``: processor time instead of wall clock.
    """
    first = _started(_FIRST_TOKEN, processor)
    turns = [(_started(_FIRST_TOKEN, processor), _started(_IMPORT, processor)) for _ in range(repeats)]
    usual, imports = (statistics.median(times) for times in zip(*turns, strict=True))
    return {"first_start_s": first, "start_up_s": usual, "import_torch_s": imports}


def _started(code: str, processor: bool) -> float:
    began = time.perf_counter()
    printed = _child(code + _TIMED)
    return float(json.loads(printed)) if processor else time.perf_counter() - began


def peak_memory(dtype: str) -> float:
    """Most resident memory [MiB] of a process that scores 53 and 551 options and writes 40 tokens."""
    return float(json.loads(_child(_WORK, dtype)))
