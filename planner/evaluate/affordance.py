"""Affordances against what came of them: fits the curves, measures them on unseen objects, and tries them in a choice.

``fit`` reads trials (`envs.affordance_trials`) and writes ``configs/affordance.yaml`` and the reliability diagrams;
``choose`` lets the loop take any one of three unseen things with the goal given, with no, the analytic and the
calibrated affordance on the same scenes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from envs.affordance_trials import SLABS, TABLE, draw_choice, read_records
from envs.facts import PhysicalFacts
from envs.goals import Goal
from planner.evaluate.calibration import diagram, reliability
from planner.evaluate.statistics import rate
from planner.events import Event, Replanned, Status
from planner.ground.calibrated import read_calibration
from planner.ground.grounder import DefaultGrounder, GroundConfig
from planner.loop import run
from planner.parts import Parts
from planner.plan import Request
from planner.propose.scripted import ScriptedProposer, say
from sim.driver import PyBulletDriver
from sim.kinematics import ArmKinematics
from sim.perception import OraclePerception
from sim.world import World, WorldSpec
from skills.calibration import Calibration, isotonic
from skills.driver import Embodiment
from skills.library import default_library
from skills.symbols import lit

CONFIGS = {
    "none": GroundConfig(affordance=0.0),
    "analytic": GroundConfig(),
    "calibrated": GroundConfig(calibrated=True),
}
GOAL_ECE = 0.05
HEAD = "# Written by `make affordance`: how often a skill succeeded where its affordance said so much.\n"


def fit(records: Sequence[Mapping[str, Any]]) -> Calibration:
    """Curves of every skill from the trials with seen nouns; hard noes are left out, they stay what they are."""
    known = [r for r in records if not r["unseen"] and r["value"] > 0]
    curves = {}
    for skill in dict.fromkeys(r["skill"] for r in known):
        mine = [r for r in known if r["skill"] == skill]
        curves[skill] = tuple(isotonic([r["value"] for r in mine], [r["ok"] for r in mine]))
    return Calibration(curves)


def measured(records: Sequence[Mapping[str, Any]], curves: Calibration) -> dict[str, Any]:
    """Reliability before and after, on unseen nouns: of all trials, of those without a hard no, and by skill."""
    unseen = [r for r in records if r["unseen"]]
    out: dict[str, Any] = {
        "n": len(records), "seen": len(records) - len(unseen), "unseen": len(unseen),
        "nouns": [len({r["noun"] for r in records if r["unseen"] == flag}) for flag in (False, True)],
        "seeds": [min(r["seed"] for r in records), max(r["seed"] for r in records)],
        "false_no": rate([r["ok"] for r in unseen if r["value"] == 0]),
    }  # fmt: skip
    said = [r for r in unseen if r["value"] > 0]
    groups = {"all": unseen, "without hard noes": said}
    groups |= {s: [r for r in said if r["skill"] == s] for s in sorted({r["skill"] for r in said})}
    out["groups"] = {}
    for name, mine in groups.items():
        before = reliability([(r["value"], r["ok"]) for r in mine])
        after = reliability([(curves.probability(r["skill"], r["value"]), r["ok"]) for r in mine])
        out["groups"][name] = {"analytic": before, "calibrated": after}
    return out


def choose(seed: int, config: GroundConfig) -> dict[str, Any] | None:
    """One scene, the goal given (hold any one of three things): whether the first attempt and the whole run succeeded,
    by ground truth. None for a scene that does not come to rest."""
    placed, names = draw_choice(seed)
    spec = WorldSpec(fixtures=SLABS, objects=placed, regions={"table": TABLE})
    kinematics, events = ArmKinematics(spec), []
    try:
        with World(spec) as world:
            world.settle(360)
            if not world.truth(contacts=False).still(0.02, 0.3):
                return None
            driver = PyBulletDriver(world)
            driver.connect()
            body = Embodiment(driver, kinematics, OraclePerception(world), spec.regions)

            def proposals(request: Request) -> list[Any]:
                tried = {str(p.failure.step) for p in request.past if p.failure is not None}
                order = [n for n in names if n not in tried]
                return [say(request, [f"pick({n})"], [f"holding({n})"], "task") for n in order]

            def note(event: Event) -> None:
                events.append(event)

            parts = Parts(body, ScriptedProposer(proposals), DefaultGrounder(config), default_library(), note)
            goal = Goal(tuple((lit("holding", n),) for n in names))
            verdict = run("take one of the things", parts, goal)
            facts = PhysicalFacts(world, spec.regions)
            won = any(facts.holds(lit("holding", n)) for n in names)
    finally:
        kinematics.close()
    content = verdict.status is Status.REACHED
    again = sum(isinstance(e, Replanned) for e in events)
    return {"seed": seed, "first": won and again == 0, "won": won, "false": content and not won, "replans": again}


def choices(count: int, first: int) -> dict[str, Any]:
    """The choice on ``count`` scenes that come to rest, each way on the same ones."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in CONFIGS}
    seed = first
    while len(rows["none"]) < count:
        found = {name: choose(seed, config) for name, config in CONFIGS.items()}
        if all(v is not None for v in found.values()):
            for name, v in found.items():
                rows[name].append(v)  # type: ignore[arg-type]
        seed += 1
    table = {name: {k: rate([r[k] for r in mine]) for k in ("first", "won", "false")} for name, mine in rows.items()}
    return {"n": count, "seeds": [first, seed - 1], "ways": table}


ABOUT = """# Affordances, calibrated

Written by `make affordance`. An affordance is a score from geometry; how often a skill succeeds where it says 0.8 is
another question, answered by trials: a thing of any known noun, 0.6 to 1.1 of its usual size and 0.5 to 3 times its
weight (one in 17: 2 to 5 kg), anywhere on a table that is wider than the arm reaches, one in eight fallen over, its
neighbours half of the time as near as 4 mm. It is picked, then put somewhere, whatever the affordance says, and judged
by ground truth. Nouns are split by form and size: a third is never used for fitting.
"""
REPEAT = """## How to repeat it

```bash
python -m envs.affordance_trials --out runs/affordance.jsonl --n 3000   # seeds 0, 1, ...; goes on where it stopped
python -m planner.evaluate.affordance fit --trials runs/affordance.jsonl
python -m planner.evaluate.affordance choose --n 60 --first 1000000
```

`make affordance` does all of it. The curves (isotonic, per skill) are in `configs/affordance.yaml`;
`skills/calibration.py` fits and applies them.
"""
PICTURES = "![Reliability of the analytic affordance](images/affordance-analytic.svg)\n" + (
    "![Reliability of the calibrated affordance](images/affordance-calibrated.svg)\n"
)


def page(found: Mapping[str, Any], chosen: Mapping[str, Any] | None, commit: str) -> str:
    """docs/affordance.md."""
    lines = [
        ABOUT,
        f"{found['n']} trials, seeds {found['seeds'][0]}..{found['seeds'][1]}: {found['seen']} with "
        f"{found['nouns'][0]} seen nouns,\n{found['unseen']} with {found['nouns'][1]} unseen ones. Oracle perception. "
        f"Commit: {commit}.",
        "\n## On unseen objects\n",
        "| trials | n | calibration error, analytic | calibrated | Brier, analytic | calibrated |",
        "|---|---|---|---|---|---|",
    ]
    for name, g in found["groups"].items():
        a, c = g["analytic"], g["calibrated"]
        lines.append(f"| {name} | {a['n']} | {a['ece']:.3f} | {c['ece']:.3f} | {a['brier']:.3f} | {c['brier']:.3f} |")
    no = found["false_no"]
    lines += [
        f"\nGoal: at most {GOAL_ECE} on all unseen trials. With few trials the error is biased upwards. A hard "
        f"no (0) was wrong in {no['k']} of {no['n']}:\nthe controller, which looks further, found a way; "
        "it stays a no.\n",
        PICTURES,
    ]
    if chosen is not None:
        lines += _choice(chosen)
    return "\n".join([*lines, REPEAT])


def _choice(chosen: Mapping[str, Any]) -> list[str]:
    lines = [
        "## What it is good for\n",
        f"Goal given: take any one of three unseen things, crowded; {chosen['n']} scenes, seeds {chosen['seeds'][0]}.."
        f"{chosen['seeds'][1]},\nthe same for every way. No language model.\n",
        "| affordance | first attempt | in the end | false success |",
        "|---|---|---|---|",
    ]
    for name, r in chosen["ways"].items():
        lines.append(f"| {name} | {' | '.join(_share(r[k]) for k in ('first', 'won', 'false'))} |")
    lost = max(
        chosen["ways"]["analytic"][k]["rate"] - chosen["ways"]["calibrated"][k]["rate"] for k in ("first", "won")
    )
    verdict = f"It lowers success by {100 * lost:.1f} points" if lost > 0 else "It does not lower success"
    lines.append(
        "\nThe curves rise, so within one skill the order of choices stays: only plans of several skills can change."
    )
    return [*lines, f"\n{verdict} here. Off by default; `--set ground.calibrated=true` turns it on.\n"]


def _share(r: Mapping[str, Any]) -> str:
    if not r["n"]:
        return "-"
    return f"{r['k']} of {r['n']} [{100 * r['low']:.0f}, {100 * r['high']:.0f}] %"


def yaml_of(curves: Calibration) -> str:
    """The file of the curves."""
    lines = [HEAD + "curves:"]
    for skill, points in curves.curves.items():
        text = ", ".join(f"[{x:g}, {y:g}]" for x, y in points)
        lines.append(f"  {skill}: [{text}]")
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> None:
    """``fit`` or ``choose``; numbers go to docs/affordance.json."""
    from planner.identity import code_identity

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("fit", "choose"))
    parser.add_argument("--trials", type=Path, default=Path("runs/affordance.jsonl"))
    parser.add_argument("--n", type=int, default=60, help="scenes of the choice")
    parser.add_argument("--first", type=int, default=1_000_000, help="their first seed")
    args = parser.parse_args(argv)
    root = Path(__file__).resolve().parents[2]
    store = root / "docs" / "affordance.json"
    known: dict[str, Any] = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
    if args.what == "fit":
        records = read_records(args.trials)
        curves = fit(records)
        (root / "configs" / "affordance.yaml").write_text(yaml_of(curves), encoding="utf-8")
        read_calibration(root / "configs" / "affordance.yaml")
        known["reliability"] = measured(records, curves)
        known["commit"] = str(code_identity()["commit"])[:12]
        for way in ("analytic", "calibrated"):
            picture = diagram(known["reliability"]["groups"]["all"][way])
            (root / "docs" / "images" / f"affordance-{way}.svg").write_text(picture, encoding="utf-8")
    elif args.what == "choose":
        known["choice"] = choices(args.n, args.first)
    store.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    if "reliability" in known:
        text = page(known["reliability"], known.get("choice"), known["commit"])
        (root / "docs" / "affordance.md").write_text(text, encoding="utf-8")
    print(json.dumps({k: v for k, v in known.items() if k == "choice"} or known.get("commit"), indent=1))


if __name__ == "__main__":
    main()
