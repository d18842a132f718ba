"""One stored episode as a report shows it: a short row for the list, and the story that opens below it.

Lines of an evaluation carry measures and a first cause; a single run's record has only the judge's word and is read
with less. What is left out here is what nobody looks at in a report: joints, poses, atoms, digests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.evaluate.measures import MEASURES, cost_of
from planner.evaluate.report_source import solved

SUCCESS, FAILURE, FALSE_SUCCESS, ERROR, UNJUDGED = "success", "failure", "false success", "error", "not judged"
OUTCOMES = (FALSE_SUCCESS, FAILURE, ERROR, SUCCESS, UNJUDGED)
COSTS = ("thinking_s", "acting_s", "tokens", "lm_calls", "replans", "questions", "steps")

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """What filters and tables need of one episode. ``cause``: kind, blame and detail of a failed one."""

    planner: str
    suite: str
    family: str
    task: str
    seed: int
    instruction: str
    outcome: str
    status: str
    cause: Mapping[str, str] | None
    measures: Mapping[str, bool | None]
    cost: Mapping[str, float]

    @property
    def key(self) -> tuple[str, str, int]:
        """What equal starts have in common: suite, task, seed."""
        return self.suite, self.task, self.seed

    @property
    def success(self) -> bool | None:
        """The one yes or no; None when nobody judged."""
        return None if self.outcome == UNJUDGED else self.outcome == SUCCESS


def row_of(line: Line) -> Row:
    """The row of a line; raises KeyError or TypeError when the line lacks what every episode has."""
    measures = measures_of(line)
    outcome = _outcome(line, measures)
    return Row(
        planner=str(line["planner"]),
        suite=str(line["suite"]),
        family=str(line["family"]),
        task=str(line["task"]),
        seed=int(line["seed"]),
        instruction=str(line.get("instruction") or line["task_data"]["instruction"]),
        outcome=outcome,
        status=str(line["verdict"]["status"]),
        cause=_cause(line) if outcome in (FAILURE, FALSE_SUCCESS, ERROR) else None,
        measures=measures,
        cost={k: float(v) for k, v in cost_of(line).items() if k in COSTS},
    )


def measures_of(line: Line) -> dict[str, bool | None]:
    """Every measure by name. Of a run outside of an evaluation: what the judge's word alone tells."""
    stored = line.get("measures")
    if isinstance(stored, Mapping):
        return {name: stored.get(name) for name in MEASURES}
    found: dict[str, bool | None] = dict.fromkeys(MEASURES)
    judged = solved(line)
    found["execution_success"] = judged
    if judged is not None:
        found["false_success"] = line["verdict"]["status"] == "reached" and not judged
        found["collateral"] = bool(line["judge"]["collateral"])
    return found


def _outcome(line: Line, measures: Mapping[str, bool | None]) -> str:
    if line.get("error") or line.get("worker_died"):
        return ERROR
    if measures["false_success"]:
        return FALSE_SUCCESS
    done = measures["plan_success" if line.get("mode") == "plan" else "execution_success"]
    return UNJUDGED if done is None else SUCCESS if done else FAILURE


def _cause(line: Line) -> dict[str, str]:
    stored = line.get("failure") if "measures" in line else line["verdict"].get("failure")
    cause = stored if isinstance(stored, Mapping) else {}
    detail = cause.get("detail") or line["verdict"].get("reason") or ""
    return {"kind": str(cause.get("kind") or "GOAL"), "blame": str(cause.get("blame") or "?"), "detail": str(detail)}


def detail_of(line: Line) -> dict[str, Any]:
    """The story of one episode, small and plain: numbers to three digits, literals as text."""
    task, verdict, judge = line.get("task_data") or {}, line["verdict"], line.get("judge") or {}
    wall = line.get("wall") or {}
    return _lean(
        {
            "expect": line.get("expect") or task.get("expect"),
            "reason": verdict.get("reason"),
            "goal": goal_text(verdict.get("goal")),
            "true_goal": goal_text(line.get("true_goal") or _goal_of(task)),
            "forbidden": task.get("forbidden"),
            "intent": (line.get("intent") or {}).get("reply"),
            "unmet": verdict.get("unmet"),
            "judge": judge.get("success"),
            "untrue": [x for x, true in (judge.get("holds") or {}).items() if not true],
            "broken": [b["literal"] for b in judge.get("forbidden") or ()],
            "collateral": [_bystander(c) for c in judge.get("collateral") or ()],
            "plan": line.get("plan"),
            "misperceived": [f"{w['when']}: {w['what']}" for w in line.get("misperceived") or ()],
            "error": (line.get("error") or {}).get("where"),
            "notes": line.get("notes"),
            "dialogue": line.get("dialogue"),
            "attempts": [_attempt(a) for a in line.get("attempts") or ()],
            "goal_checks": [[c["tick"], c["unmet"]] for c in line.get("goal_checks") or ()],
            "recoveries": line.get("recoveries"),
            "cost": {k: short(v) for k, v in cost_of(line).items()},
            "total_s": short(wall.get("total_s")),
            "digest": str(line.get("digest", ""))[:16],
        }
    )


def _goal_of(task: Mapping[str, Any]) -> Mapping[str, Any] | None:
    goal = task.get("goal")
    return goal if isinstance(goal, Mapping) else None


def _bystander(c: Mapping[str, Any]) -> str:
    return f"{c['name']} {'toppled' if c['toppled'] else 'moved'} ({c['moved'] * 100:.1f} cm)"


def _attempt(a: Mapping[str, Any]) -> dict[str, Any]:
    return _lean(
        {
            "fresh": a.get("fresh", True),
            "notes": list((a.get("notes") or {}).values()),
            "proposals": [_proposal(p) for p in a["proposals"]],
            "decision": _decision(a["decision"]),
            "steps": [_step(s) for s in a["steps"]],
            "skipped": [s["step"] for s in a.get("skipped") or ()],
            "failure": _failure(a.get("failure")),
        }
    )


def _proposal(p: Mapping[str, Any]) -> dict[str, Any]:
    scores = {k: short(p[k]) for k in ("lm", "affordance", "combined")}
    says = {"goal": " and ".join(p["goal"]), "steps": p["steps"], "step_lm": [short(s) for s in p["step_scores"]]}
    return _lean(says | scores | {"verdict": p["verdict"], "source": p["source"]})


def _decision(d: Mapping[str, Any]) -> dict[str, Any]:
    if "ask" in d:
        return {"ask": d["ask"]["question"], "options": d["ask"]["options"]}
    if "refuse" in d:
        return {"refuse": _failure(d["refuse"])}
    act = d["act"]
    steps = [
        {"step": s["step"], "lm": short(s["lm"]), "affordance": _affordance(s["affordance"]), "source": s["source"]}
        | {"combined": short(s["combined"])}
        for s in act["steps"]
    ]
    return {"act": steps, "goal": goal_text(act["goal"]), "repaired": act["repaired"], "proposal": act["proposal"]}


def _step(s: Mapping[str, Any]) -> dict[str, Any]:
    return _lean(
        {
            "index": s["index"],
            "step": s["step"],
            "affordance": _affordance(s["affordance"]),
            "ticks": s.get("ticks"),
            "evidence": [[e["expected"], e["measured"]] for e in s.get("evidence") or ()],
            "failure": _failure(s.get("failure")),
            "open": True if "ticks" not in s else None,  # the record ends inside of this step
        }
    )


def _affordance(a: Mapping[str, Any]) -> dict[str, Any]:
    factors = {k: short(v) if isinstance(v, (int, float)) else str(v) for k, v in a["factors"].items()}
    return _lean({"value": short(a["value"]), "factors": factors, "reason": a["reason"]})


def _failure(f: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if f is None:
        return None
    return _lean({k: f.get(k) for k in ("kind", "detail", "step", "unmet", "blame")})


def goal_text(goal: Mapping[str, Any] | None) -> str | None:
    """A goal's plain data in words: alternatives of conditions."""
    if not goal:
        return None
    texts = [" and ".join(map(_condition, alternative)) for alternative in goal["any"]]
    return " or ".join(f"({t})" for t in texts) if len(texts) > 1 else texts[0]


def _condition(c: Any) -> str:
    if isinstance(c, Mapping):
        return f"at least {c['at_least']['n']} of [{', '.join(c['at_least']['of'])}]"
    return str(c)


def short(value: Any) -> Any:
    """A number to three digits after the point; anything else as it is."""
    return round(value, 3) if isinstance(value, float) else value


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {k: v for k, v in data.items() if v is not None and v != [] and v != "" and v != {}}
