"""Each skill alone, in many random scenes: do its effects come true from where its preconditions hold?

A trial draws a kitchen with the piece of furniture, a few bystanders and the robot at the right place, brings about the
preconditions, executes one ground skill and asks the judge (ground truth) for every effect. A start that does not fit
or cannot be brought about is drawn anew; after that nothing is sorted out: where the skill's own affordance says no,
the trial counts as a failure.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from envs.stage import Stage, StageError, StageSettings, build_stage
from envs.strict import FileError
from envs.tasks import task_from_data
from envs.trial_kinds import NUMBERED, TRIALS
from envs.trial_plan import BYSTANDERS, PLACES, Plan
from skills.executor import StepReport, execute, expected_effects
from skills.failure import Failure, FailureKind
from skills.geometry import width_along
from skills.library import SkillLibrary, default_library
from skills.predicates import symbolic_state
from skills.relations import direction, place_under
from skills.skill import GroundSkill
from skills.symbols import Literal

KNOWN = 0.05  # [m] what is known to be somewhere is at most this far from there
REDRAWS = 20  # of a start that does not fit


@dataclass(frozen=True)
class Result:
    """What came of a trial. ``ok``: claimed and true; ``claimed``: the skill says so; ``why``: what went wrong;
    ``cpu_s``: process seconds of thinking and acting of the one step that counts; ``form``: of its first thing."""

    kind: str
    seed: int
    step: str
    ok: bool
    claimed: bool
    why: str
    failure: str
    cpu_s: float
    ticks: int
    form: str = ""


def run_trial(kind: str, seed: int, library: SkillLibrary | None = None) -> Result:
    """One trial, drawn anew when its start does not fit or cannot be brought about; raises StageError after that."""
    library = library or default_library()
    for draw in range(REDRAWS):
        result = _try(kind, seed, draw, library)
        if result is not None:
            return result
    raise StageError(f"{kind} {seed}: no start in {REDRAWS} draws")


def _try(kind: str, seed: int, draw: int, library: SkillLibrary) -> Result | None:
    """One draw; None when the preconditions could not be brought about."""
    try:
        stage, plan = stage_of(kind, seed, draw)
    except (StageError, FileError):  # does not fit, or is called as a place of the scene is
        return None
    with stage:
        for text in plan.before:
            report = do_step(stage, library, text)
            if isinstance(report, Failure) or not report.ok:
                return None
        form = _form(stage, plan.step)
        began = time.process_time()
        report = do_step(stage, library, plan.step)
        spent = time.process_time() - began
        if isinstance(report, Failure):
            return Result(kind, seed, plan.step, False, False, str(report), report.kind.name, spent, 0, form)
        if report.failure is not None and report.failure.kind is FailureKind.PRECONDITION:
            return None
        wrong = [str(x) for x in expected_effects(report.step.operator) if not came_true(stage, x)]
        failure = "" if report.failure is None else report.failure.kind.name
        why = str(report.failure or "") or (f"in truth not so: {', '.join(wrong)}" if wrong else "")
        ok = report.ok and not wrong
        failure = failure or ("" if ok else "FALSE")
        return Result(kind, seed, plan.step, ok, report.ok, why, failure, spent, report.ticks, form)


def _form(stage: Stage, step: str) -> str:
    """The form of the first thing that a step names; "" when it names none."""
    name = step.partition("(")[2].rstrip(")").partition(",")[0].strip()
    body = stage.world.bodies.get(name)
    return "" if body is None else body.shape.form.value


def stage_of(kind: str, seed: int, draw: int = 0) -> tuple[Stage, Plan]:
    """The stage of a trial (to be closed) and its plan; raises StageError when it does not fit."""
    rng = np.random.default_rng([seed, _stream(kind), draw])
    plan = TRIALS[kind](rng, PLACES[seed % len(PLACES)])
    used = {o["name"] for o in plan.objects}
    spare = [str(n) for n in rng.permutation([b for b in BYSTANDERS if b not in used])]
    more = [{"name": n, "at": plan.place} for n in spare[: int(rng.integers(0, plan.bystanders + 1))]]
    data = {
        "id": f"{kind.replace(' ', '-')}-{seed}",
        "instruction": kind,
        "scene": plan.scene,
        "start": {"robot": {"at": plan.place if plan.scene != "tabletop" else None}, "objects": [*plan.objects, *more]},
        "expect": "refuse",
    }
    settings = StageSettings(plan.perception)
    stage = build_stage(task_from_data(data, "trials"), seed, settings)
    if plan.room is not None and _room(stage, *plan.room[:2]) < plan.room[2]:
        stage.close()
        raise StageError(f"no room {plan.room[1]} {plan.room[0]}")
    return stage, plan


def _room(stage: Stage, name: str, side: str) -> float:
    """How far the place goes on beyond a thing to one side [m]."""
    thing = stage.world.state(name)
    region = place_under(stage.body.observe(), thing)
    way = direction(region, side)
    if region is None or way is None:
        return 0.0
    x, y, _ = thing.pose_world.position
    ends = [(high - at) / w if w > 0 else (low - at) / w for at, w, low, high in
            zip((x, y), way, region.low, region.high, strict=True) if abs(w) > 0.1]  # fmt: skip
    return min(ends) - width_along(thing, np.array([*way, 0.0])) / 2


def came_true(stage: Stage, literal: Literal) -> bool:
    """Whether an effect is so in truth; what is said to be known must be known to some centimetres."""
    if literal.atom.predicate == "known":
        (name,) = literal.atom.args
        seen = stage.body.perception.objects().get(name)
        return seen is not None and math.dist(seen.pose_world.position, stage.world.pose(name).position) < KNOWN
    return stage.judge.holds(literal)


def _stream(kind: str) -> int:
    """What keeps the draws of one kind apart from those of the others, whatever kinds there are besides."""
    number = list(TRIALS).index(kind)
    return number if number < NUMBERED else zlib.crc32(kind.encode())


def do_step(stage: Stage, library: SkillLibrary, text: str) -> StepReport | Failure:
    step = library.parse(text, symbolic_state(stage.body.observe()))
    return execute(step, stage.body) if isinstance(step, GroundSkill) else step


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """Counts of one kind, as plain data."""
    why = Counter(r.failure for r in results if not r.ok)
    forms = {f: f"{sum(r.ok for r in results if r.form == f)}/{n}" for f, n in Counter(r.form for r in results).items()}
    return {
        "n": len(results),
        "ok": sum(r.ok for r in results),
        "false": sum(r.claimed and not r.ok for r in results),
        "failures": dict(sorted(why.items())),
        "forms": dict(sorted(forms.items())),
        "cpu_s": round(float(np.median([r.cpu_s for r in results])), 3),
        "seeds": [min(r.seed for r in results), max(r.seed for r in results)],
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run trials and merge their counts into a file of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="scenes of each kind")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--kinds", default=",".join(TRIALS), help="between commas")
    parser.add_argument("--out", type=Path, help="JSON file to merge the counts into")
    parser.add_argument("--log", type=Path, help="a line per trial; what stands in it is not tried again")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no further trial after so long")
    args = parser.parse_args(argv)
    kinds, until = args.kinds.split(","), time.monotonic() + 60 * args.minutes
    for kind in kinds:
        if kind not in TRIALS:
            parser.error(f"no trial {kind!r}; there are: {', '.join(TRIALS)}")
    commit = commit_here()
    rows = read_log(args.log) if args.log is not None else {}
    for kind in kinds:
        for seed in range(args.first, args.first + args.n):
            if (kind, seed) not in rows and time.monotonic() < until:
                rows[kind, seed] = _logged(kind, seed, commit, args.log)
        wanted = [rows[kind, s] for s in range(args.first, args.first + args.n) if (kind, s) in rows]
        results = [r for r, _ in wanted if r is not None]
        if results:
            counts = summary(results) | {"commit": ", ".join(dict.fromkeys(c for r, c in wanted if r is not None))}
            print(kind, json.dumps(counts), flush=True)
            if args.out is not None:
                _merge(args.out, kind, counts)


def _logged(kind: str, seed: int, commit: str, log: Path | None) -> tuple[Result | None, str]:
    """One trial, written down; None for a seed without a start."""
    try:
        result = run_trial(kind, seed)
    except StageError as error:
        result = None
        print(error, flush=True)
    if result is not None and not result.ok:
        print(f"{kind} {seed}: {result.step}: {result.why}", flush=True)
    if log is not None:
        row = {"kind": kind, "seed": seed} if result is None else asdict(result)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(("" if _ends_whole(log) else "\n") + json.dumps(row | {"commit": commit}) + "\n")
    return result, commit


def read_log(path: Path) -> dict[tuple[str, int], tuple[Result | None, str]]:
    """(kind, seed) -> what came of it, None for a seed without a start, and the commit that it was tried at. A line
    that was cut off when the program was ended is left out."""
    found: dict[tuple[str, int], tuple[Result | None, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        commit, key = row.pop("commit"), (row["kind"], row["seed"])
        found[key] = (Result(**row) if "step" in row else None, commit)
    return found


def _ends_whole(path: Path) -> bool:
    """Whether the last line was written to its end."""
    text = path.read_bytes()
    return not text or text.endswith(b"\n")


def commit_here() -> str:
    asked = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def _merge(path: Path, kind: str, counts: dict[str, Any]) -> None:
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[kind] = counts
    order = [*TRIALS, *(k for k in known if k not in TRIALS)]
    path.write_text(json.dumps({k: known[k] for k in order if k in known}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
