"""Under which conditions the episodes of a report ran, and what they therefore do not show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.evaluate.report_rows import ERROR, UNJUDGED
from planner.evaluate.report_tables import Tables

MANY_SEEDS = 12
KINDS = ("code", "model", "driver", "robot", "perception", "scene", "mode", "expect", "faults")
FEW = 30  # episodes: below that an interval is wider than 34 points at a rate of one half


class Facts:
    """Grows line by line like the tables."""

    def __init__(self) -> None:
        self.episodes = 0
        self.seen: dict[str, Counter[str]] = {k: Counter() for k in KINDS}
        self.seeds: set[int] = set()
        self.starts: Counter[tuple[str, str]] = Counter()
        self.first = self.last = ""
        self.changed = False

    def add(self, line: Mapping[str, Any]) -> None:
        """Note one episode's conditions."""
        self.episodes += 1
        code, model = line.get("code") or {}, line.get("model") or {}
        commit = code.get("commit")
        self.changed = self.changed or bool(code.get("changed"))
        self.seen["code"][f"{code.get('version', '?')}" + (f" at {commit[:12]}" if commit else "")] += 1
        self.seen["model"][str(model.get("name") or "none")] += 1
        for key in ("driver", "robot", "perception", "scene"):
            self.seen[key][str(line.get(key) or "unknown")] += 1
        task = line.get("task_data") or {}
        self.seen["expect"][str(line.get("expect") or task.get("expect") or "success")] += 1
        self.seen["mode"][str(line.get("mode") or "run")] += 1
        faults = (line.get("settings") or {}).get("faults") or ()
        self.seen["faults"]["yes" if faults else "none"] += 1
        self.seeds.add(int(line["seed"]))
        self.starts[str(line["suite"]), str(line["task"])] += 1
        started = str((line.get("wall") or {}).get("started") or "")
        if started:
            self.first = min(self.first or started, started)
            self.last = max(self.last, started)

    def rows(self) -> list[tuple[str, str]]:
        """(label, value) of what everybody should know beside the numbers."""
        dates = self.first[:10] + (f" to {self.last[:10]}" if self.last[:10] != self.first[:10] else "")
        rows = [
            ("Episodes", f"{self.episodes:,} over {len(self.starts):,} tasks"),
            ("Seeds", _seeds(self.seeds)),
            ("Perception", _perception(self.seen["perception"])),
            ("Robot", _names(self.seen["robot"])),
            ("Scenes", _names(Counter({Path(s).stem: n for s, n in self.seen["scene"].items()}))),
            ("Language model", _names(Counter({m: n for m, n in self.seen["model"].items() if m != "none"})) or "none"),
            ("Code", _names(self.seen["code"]) + (", with uncommitted changes" if self.changed else "")),
            ("Date", dates or "unknown"),
        ]
        if set(self.seen["mode"]) == {"plan"}:
            rows.append(("Mode", "plans only: judged symbolically, nothing moved"))
        return rows

    def limits(self, tables: Tables, rows: Mapping[str, int]) -> list[str]:
        """What these episodes do not show, one sentence each. ``rows``: episodes by outcome."""
        said = []
        seen = self.seen
        if set(seen["mode"]) == {"plan"}:
            said.append("Execution: plans were only walked through symbolically, with every skill assumed to work.")
        if all("simulated" in r or r == "unknown" for r in seen["robot"]):
            said.append("A real robot: everything ran in simulation.")
        if set(seen["perception"]) <= {"oracle"}:
            said.append("Perception: object poses came from the simulator (oracle), not from a camera.")
        if set(seen["faults"]) <= {"none"}:
            said.append("Disturbances: no fault was injected; nothing slipped, moved or failed on purpose.")
        if len(self.seeds) == 1:
            said.append("Other starts: one seed only, so every task was seen from a single drawn start.")
        if not seen["expect"]["ask"]:
            said.append("Asking: no task wants a question.")
        if not seen["expect"]["refuse"]:
            said.append("Refusing: no task wants to be refused.")
        if len(seen["scene"]) == 1:
            said.append(f"Other scenes than {Path(next(iter(seen['scene']))).stem}.")
        if len(tables.planners) == 1:
            said.append("Comparison: one planner only, so nothing says how hard the tasks are.")
        small = [f"{p} on {s} (n = {t.n})" for (s, p), t in tables.arms.items() if t.n < FEW]
        if small:
            said.append(f"Fine differences: few episodes for {_list(small)}; read the intervals, not the rates.")
        return said + self._doubts(tables, rows)

    def _doubts(self, tables: Tables, rows: Mapping[str, int]) -> list[str]:
        said = []
        if len(self.seen["code"]) > 1:
            said.append(f"One version: the episodes come from {len(self.seen['code'])} versions of the code.")
        if self.changed:
            said.append("The exact commit: the code had uncommitted changes when this ran.")
        if rows.get(ERROR):
            said.append(f"{rows[ERROR]} episodes ended in an error of the program; they count as failed.")
        if rows.get(UNJUDGED):
            said.append(f"{rows[UNJUDGED]} episodes were judged by nobody; they are in no success rate.")
        uneven = [s for s in tables.suites if len({tables.arms[s, p].n for p in tables.of(s)}) > 1]
        if uneven:
            said.append(f"All planners alike: numbers of episodes differ on {_list(uneven)}; trust the paired table.")
        return said


def planner_notes(names: Sequence[str], summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What each planner says about itself, from the summary or from its class; else only its name."""
    from planner.evaluate.planners import BUILT_IN, find_planner, statement  # brings the whole planner along

    stored = summary.get("planners") or {}
    notes = []
    for name in names:
        said = (stored.get(name) or {}).get("statement") or {}
        if not said and name in BUILT_IN:
            said = statement(find_planner(name))
        words = {k: said.get(k, "") for k in ("about", "feedback", "skills")}
        notes.append({"name": name, **words, "sees_truth": bool(said.get("sees_truth"))})
    return notes


def read_config(folder: Path) -> dict[str, Any]:
    """What ``summary.json`` says about configuration; empty where there is none to read."""
    try:
        data = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _seeds(seeds: Iterable[int]) -> str:
    known = sorted(seeds)
    if len(known) > 2 and known == list(range(known[0], known[-1] + 1)):
        return f"{known[0]} to {known[-1]} ({len(known)})"
    shown = ", ".join(map(str, known[:MANY_SEEDS]))
    return shown + (f", ... ({len(known)} in all)" if len(known) > MANY_SEEDS else "")


def _perception(seen: Counter[str]) -> str:
    say = {"oracle": "oracle (poses from the simulator)"}
    return ", ".join(say.get(k, k) for k in seen)


def _names(seen: Counter[str]) -> str:
    return ", ".join(seen)


def _list(items: Sequence[str]) -> str:
    shown = ", ".join(items[:4])
    return shown + (f" and {len(items) - 4} more" if len(items) > 4 else "")
