"""``make bench``: the project's numbers, measured on this machine and written with machine, commit and seeds.

Goals are ratios and rates, not timed tests: a slow machine makes a slow table, never a red build.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

INSTRUCTION = "put the red block in the blue bowl"
KINDS = ("in", "stack", "region")  # "put X in the Y bowl", "stack", "put on region", with clutter


def machine() -> dict[str, Any]:
    """Processor, cores, memory [GiB], system, versions of what the numbers depend on."""
    from importlib.metadata import version

    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), name)
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": name,
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {p: version(p) for p in ("torch", "pybullet", "numpy", "ompl")},
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and the slow end [s]."""
    ordered = sorted(values)
    return {
        "n": len(ordered),
        "median": round(statistics.median(ordered), 3),
        "p90": round(ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))], 3),
        "max": round(ordered[-1], 3),
    }


def episodes(count: int, seed: int, *, goal_given: bool) -> dict[str, Any]:
    """Random cluttered tabletop tasks from start to judge, one after another in this process.

    ``goal_given``: the goal literals come from the task file, so that skills, grounding and loop are measured;
    otherwise the planner must find them in the instruction.
    """
    from rich.progress import track

    from envs.generate import generate
    from planner.evaluate.statistics import rate
    from planner.events import Status
    from planner.session import open_mind, run_task
    from planner.settings import Settings
    from planner.workplace import open_workplace

    settings = Settings()
    mind = open_mind(settings)
    wall, think, act, failures = [], [], [], []
    success: list[bool] = []
    false: list[bool | None] = []  # None where the planner was not content
    by_kind: dict[str, list[bool]] = {}
    tasks = generate(count, seed, KINDS, clutter=(2, 5))
    label = "goal given" if goal_given else "goal from words"
    for i, task in enumerate(track(tasks, description=label, disable=not sys.stderr.isatty())):
        with open_workplace(task, seed + i, settings) as place:
            began = time.perf_counter()
            out = run_task(task, seed + i, settings, place, mind, goal=task.goal if goal_given else None)
            wall.append(time.perf_counter() - began)
        reached = out.verdict.status is Status.REACHED
        judged = bool(out.judged)
        success.append(judged)
        false.append(not judged if reached else None)
        by_kind.setdefault(task.family, []).append(judged)
        think.append(float(out.episode["wall"]["thinking_s"]))
        act.append(float(out.episode["wall"]["acting_s"]))
        if not judged:
            why = str(out.verdict.failure or out.verdict.reason)
            failures.append({"task": task.id, "instruction": task.instruction, "seed": seed + i, "why": why})
    return {
        "seeds": f"{seed}..{seed + count - 1}",
        "execution_success": rate(success),
        "false_success": rate(false),
        "families": {k: rate(v) for k, v in sorted(by_kind.items())},
        "episode_wall_s": spread(wall),
        "thinking_s": spread(think),
        "acting_s": spread(act),
        "failed": failures,
    }


def simulation_speed(seconds: float = 30.0) -> dict[str, Any]:
    """Simulated over real seconds while the arm moves among eight things, on one core."""
    from envs.tasks import make_task
    from planner.settings import Settings
    from planner.workplace import open_workplace

    with open_workplace(make_task(INSTRUCTION), 0, Settings()) as place:
        body = place.body
        spec = body.driver.describe()
        home, other = list(spec.home), list(spec.home)
        other[0] += 0.6
        ticks, began = 0, time.perf_counter()
        while ticks < seconds * spec.rate:
            body.kinematics.sync(body.observe())
            path = body.kinematics.transit(body.driver.read_state().q, other)
            motion = body.driver.follow(path)  # type: ignore[arg-type]
            while not motion.done():
                body.driver.wait(1)
                ticks += 1
            home, other = other, home
        real = time.perf_counter() - began
    simulated = ticks / spec.rate
    return {"simulated_s": round(simulated, 2), "real_s": round(real, 3), "ratio": round(simulated / real, 1)}


def process(words: Sequence[str], repeat: int = 1) -> dict[str, Any]:
    """Wall clock [s] and peak memory [MiB] of a whole process, by the operating system's own account."""
    walls, peaks = [], []
    for _ in range(repeat):
        began = time.perf_counter()
        child = subprocess.Popen(list(words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        walls.append(time.perf_counter() - began)
        peaks.append(usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))  # bytes there, KiB here
        if os.waitstatus_to_exitcode(status) != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    return {"wall_s": spread(walls), "peak_mib": round(max(peaks), 1)}


FIRST_TOKEN = """
import time; t = time.perf_counter()
from planner.lm.engine import load_language_model
lm = load_language_model(); lm.complete('The robot', 1)
print(time.perf_counter() - t)
"""


def first_token(repeat: int = 5) -> dict[str, Any]:
    """Seconds from a fresh interpreter to the first token, weights on disk."""
    walls = []
    for _ in range(repeat):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", FIRST_TOKEN], check=True, capture_output=True)
        walls.append(time.perf_counter() - began)
    return spread(walls)


def markdown(result: dict[str, Any]) -> str:
    """The table that the README and the docs show."""

    def show(r: dict[str, Any]) -> str:
        return f"{r['k']} of {r['n']} = {100 * r['rate']:.1f} % [{100 * r['low']:.1f}, {100 * r['high']:.1f}]"

    given, words = result["goal_given"], result["goal_from_words"]
    rows = [
        ("execution success, goal given", show(given["execution_success"]), "at least 98 %"),
        ("false success, goal given", show(given["false_success"]), "0"),
        *((f"- {k}", show(v), "") for k, v in given["families"].items()),
        ("execution success, goal from the words", show(words["execution_success"]), ""),
        ("false success, goal from the words", show(words["false_success"]), ""),
        (
            "one pick-and-place episode after start, thinking included",
            f"median {words['episode_wall_s']['median']} s, 90 % {words['episode_wall_s']['p90']} s",
            "under 1.5 s",
        ),
        ("tabletop simulation against real time, one core", f"{result['simulation']['ratio']}x", "at least 30x"),
        ("peak memory of `groundplan run`", f"{result['run']['peak_mib']:.0f} MiB", "under 1229 MiB"),
        ("start of a process to the first token", f"median {result['first_token_s']['median']} s", "under 3 s"),
        ("`groundplan --help`", f"median {result['help']['wall_s']['median']} s", "0.3 s"),
    ]
    table = "\n".join(f"| {a} | {b} | {c} |" for a, b, c in rows)
    m, code = result["machine"], result["code"]
    return (
        "# Bench\n\nWritten by `make bench`. Random cluttered tabletop scenes, oracle perception, the judge reads "
        "ground truth; rates with 95 % Wilson intervals.\n\n| what | measured | goal |\n|---|---|---|\n"
        f"{table}\n\nMachine: {m['processor']}, {m['cores']} cores, {m['memory_gib']} GiB, {m['system']}, Python "
        f"{m['python']}, torch {m['versions']['torch']}, pybullet {m['versions']['pybullet']}. "
        f"Seeds: {given['seeds']} (goal given), {words['seeds']} (goal from the words). Date: {result['date']}. "
        f"Commit: {(code['commit'] or 'none')[:12]}{' with changes' if code['changed'] else ''}.\n"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure everything and write ``bench.json`` and ``bench.md`` into ``--out``."""
    from planner.identity import code_identity

    parser = argparse.ArgumentParser(prog="python -m planner.bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--scenes", type=int, default=200, help="random scenes with the goal given")
    parser.add_argument("--word-scenes", type=int, default=60, help="random scenes with the goal from the words")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    args.out.mkdir(parents=True, exist_ok=True)
    groundplan = [sys.executable, "-m", "planner.cli.main"]
    result: dict[str, Any] = {"machine": machine(), "code": code_identity(), "date": time.strftime("%Y-%m-%d")}
    result["help"] = process([*groundplan, "--help"], 5)
    result["first_token_s"] = first_token()
    result["run"] = process([*groundplan, "run", "--scene", "tabletop", "--quiet", "--out", "runs/bench", INSTRUCTION])
    result["simulation"] = simulation_speed()
    result["goal_from_words"] = episodes(args.word_scenes, args.seed + 10_000, goal_given=False)
    result["goal_given"] = episodes(args.scenes, args.seed, goal_given=True)
    result["own_peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    (args.out / "bench.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (args.out / "bench.md").write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
