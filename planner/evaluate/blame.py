"""Who is the first cause of a failed episode: one answer for each, by the rule written here.

The rule follows the way of an instruction and stops at the first thing that was wrong:

1. The worker died: DRIVER (what is below the robot's driver went down), kind DIED.
2. An exception ended the episode: the room it was raised in. planner: LM, skills: SKILL, sim: DRIVER, envs: TASK;
   a driver's own error: DRIVER. Kind ERROR.
3. What the planner believed when it decided was not so (a thing it did not see, a fact or a position of a thing that
   matters): PERCEPTION, when the plan then missed the goal or a step failed.
4. No sequence of skills reaches the task's goal from the start as it was seen: TASK.
5. The wrong decision: acted or refused where it had to ask, anything but refusing where it had to refuse, asked where
   all was clear: LM. Refused a task that can be done: AFFORDANCE if the reason was that a skill cannot be done here,
   else LM. ("LM" is whoever chooses what to do; baselines without a language model are blamed under the same name.)
6. The first plan, were every skill to work, would miss the true goal: LM.
7. The plan was right; the first step that failed: PERCEPTION when a literal it was judged by was measured otherwise
   than it was; else what the failure itself says, or the usual cause of its kind (`skills.failure.DEFAULT_BLAME`).
   A right plan whose step could not start was disturbed by an earlier step: SKILL, not LM.
8. The driver gave up: DRIVER. The plan stopped leading to the goal without a failed step: SKILL.
9. The planner was content, the judge is not: PERCEPTION when the goal was measured otherwise than it was, else SKILL
   (a side effect, something that did not last, something forbidden on the way).
10. A budget ran out: SKILL, kind TIMEOUT.

Kinds are those of `skills.failure.FailureKind`, and ERROR and DIED for what is no failure of a robot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envs.goals import Goal
from planner.evaluate import measures as m
from skills.failure import DEFAULT_BLAME, Blame, FailureKind

ERROR, DIED = "ERROR", "DIED"
MISPLACED = 0.015  # [m] a thing believed further from its place is misperceived: fingers miss by about this much
_ROOMS = {"planner": Blame.LM, "skills": Blame.SKILL, "sim": Blame.DRIVER, "envs": Blame.TASK}
_CANNOT = (FailureKind.UNREACHABLE.value, FailureKind.COLLISION.value)


def first_cause(line: m.Line) -> dict[str, str] | None:
    """``kind``, ``blame`` and ``detail`` of a failed episode; None when it succeeded. The line has its measures."""
    if m.succeeded(line):
        return None
    for rule in (_broke_down, _misread_the_scene, _impossible, _decided_wrongly, _planned_wrongly, _carried_out_badly):
        found = rule(line)
        if found is not None:
            return found
    return _judged(line)


def _cause(kind: FailureKind | str, blame: Blame, detail: str) -> dict[str, str]:
    return {"kind": getattr(kind, "value", kind), "blame": blame.value, "detail": detail}


def _broke_down(line: m.Line) -> dict[str, str] | None:
    if line.get("worker_died"):
        return _cause(DIED, Blame.DRIVER, "the process that ran it died")
    error = line.get("error")
    if error:
        driver = error["type"] == "DriverError"
        blame = Blame.DRIVER if driver else _ROOMS.get(error["room"], Blame.TASK)
        return _cause(ERROR, blame, f"{error['type']}: {error['detail']}")
    return None


def _impossible(line: m.Line) -> dict[str, str] | None:
    if line.get("solvable") is False:
        return _cause(FailureKind.GOAL, Blame.TASK, "no sequence of skills reaches the task's goal from its start")
    return None


def _misread_the_scene(line: m.Line) -> dict[str, str] | None:
    missed = not line["plan"] or not line["plan"]["reached"]
    if line["expect"] == m.REFUSE or not (missed or _first_failed_step(line)):
        return None
    matter = _names_that_matter(line)
    for wrong in line["misperceived"]:
        if wrong["when"] == "decision" and set(wrong["names"]) & matter:
            return _cause(FailureKind.GOAL if missed else FailureKind.EFFECT, Blame.PERCEPTION, wrong["what"])
    return None


def _names_that_matter(line: m.Line) -> set[str]:
    """What the true goal speaks of and the plan touches."""
    names = set(Goal.from_json(line["true_goal"]).names()) if line["true_goal"] else set()
    for step in line["plan"]["steps"] if line["plan"] else ():
        names.update(a.strip() for a in step.partition("(")[2].rstrip(")").split(","))
    return names


def _decided_wrongly(line: m.Line) -> dict[str, str] | None:
    status, expect = line["verdict"]["status"], line["expect"]
    if expect == m.ASK and not m.asked_first(line):
        did = "refused" if status == "refused" else "acted" if m.acted(line) else "stopped"
        return _cause(FailureKind.GOAL, Blame.LM, f"{did} where the request had to be asked about")
    if expect == m.REFUSE:
        did = "acted on" if m.acted(line) else "asked about" if line["cost"]["questions"] else "did not refuse"
        return _cause(FailureKind.GOAL, Blame.LM, f"{did} a request that had to be refused")
    if m.acted(line):
        return None
    if status == "asked":
        question = line["verdict"]["question"] or line["dialogue"][-1]["question"]
        again = "asked again" if expect == m.ASK else "asked where all was clear"
        return _cause(FailureKind.GOAL, Blame.LM, f"{again}: {question}")
    if status == "refused":
        failure = line["verdict"]["failure"] or {"kind": FailureKind.GOAL.value, "detail": line["verdict"]["reason"]}
        blame = Blame.AFFORDANCE if failure["kind"] in _CANNOT else Blame.LM
        return _cause(failure["kind"], blame, f"refused: {failure['detail']}")
    return None


def _planned_wrongly(line: m.Line) -> dict[str, str] | None:
    plan = line["plan"]
    if not plan or plan["reached"]:
        return None
    if plan["broken"] is not None:
        step = plan["steps"][plan["broken"]]
        detail = f"{step} could not start: {', '.join(plan['unmet'])} is not so by then"
        return _cause(FailureKind.PRECONDITION, Blame.LM, detail)
    if plan["forbidden"]:
        return _cause(FailureKind.GOAL, Blame.LM, f"the plan makes something forbidden true: {plan['forbidden'][0]}")
    return _cause(FailureKind.GOAL, Blame.LM, f"the plan would leave this untrue: {', '.join(plan['unmet'])}")


def _first_failed_step(line: m.Line) -> tuple[int, Mapping[str, Any]] | None:
    """(its number over the whole run, its failure)."""
    number = 0
    for attempt in line["attempts"]:
        for step in attempt["steps"]:
            if step.get("failure"):
                return number, step["failure"]
            number += 1
    return None


def _carried_out_badly(line: m.Line) -> dict[str, str] | None:
    failed = _first_failed_step(line)
    if failed is not None:
        number, failure = failed
        wrong = [w["what"] for w in line["misperceived"] if w["when"] == f"step {number + 1}"]
        if wrong:
            return _cause(failure["kind"], Blame.PERCEPTION, wrong[0])
        blame = Blame(failure["blame"]) if failure["blame"] else DEFAULT_BLAME[FailureKind(failure["kind"])]
        # the walk showed that the plan was right, so it was not the chooser's doing
        return _cause(failure["kind"], Blame.SKILL if blame is Blame.LM else blame, failure["detail"])
    if line["verdict"]["status"] == "driver trouble":
        return _cause(FailureKind.DRIVER, Blame.DRIVER, line["verdict"]["reason"])
    lost = next((a["failure"] for a in line["attempts"] if a["failure"]), None)
    return _cause(lost.get("kind", FailureKind.GOAL), Blame.SKILL, lost["detail"]) if lost else None


def _judged(line: m.Line) -> dict[str, str]:
    judge = line.get("judge") or {"holds": {}, "forbidden": []}
    if m.content(line):
        wrong = [w["what"] for w in line["misperceived"] if w["when"] == "goal"]
        if wrong:
            return _cause(FailureKind.GOAL, Blame.PERCEPTION, wrong[0])
        if judge["forbidden"]:
            return _cause(FailureKind.INVARIANT, Blame.SKILL, f"forbidden, but so: {judge['forbidden'][0]['literal']}")
        untrue = ", ".join(x for x, true in judge["holds"].items() if not true) or "the goal"
        return _cause(FailureKind.GOAL, Blame.SKILL, f"a side effect left this untrue: {untrue}")
    return _cause(FailureKind.TIMEOUT, Blame.SKILL, line["verdict"]["reason"])
