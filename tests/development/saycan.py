"""Instruction/plan pairs of the SayCan kitchen as tasks: the goal is what the reference plan brings about.

Several answers are often right ("something to drink"); so nothing is put into the scene that would be as good as the
reference, except what the words themselves rule out or name.
"""

from __future__ import annotations

import re
from typing import Any

Task = dict[str, Any]
PLACES = {
    "table": "table", "close counter": "close counter", "far counter": "far counter", "trash": "trash can",
    "trash can": "trash can", "you": "user", "user": "user",
}  # fmt: skip
COUNTERS = ("close counter", "far counter")
RULED_OUT = re.compile(r"(?:not|isn.t|allergic to)\s+(?:an?\s+)?(\w+)(?:\s+or\s+an?\s+(\w+))?")
FILLERS = (("sponge", "far counter"), ("paper towel roll", "far counter"), ("screwdriver", "close counter"))
STEP = re.compile(r"(pick up|find|go to|bring it to|put down|open|close|visit)\s+(?:the |an |a )?(.+)")


def task_of(item: dict[str, Any]) -> tuple[Task | None, str]:
    """(task, "") or (None, why it cannot be said in our scenes)."""
    text = item["text"]
    goal, movers, why = _goal(item["reference_plan"])
    if why:
        return None, why
    start = _start_place(text, item["reference_plan"])
    away = {"table": "far counter", "close counter": "table", "far counter": "table"}
    objects: list[dict[str, Any]] = []
    drawer = "drawer" in text.lower()
    if drawer:
        objects.append({"name": "drawer", "at": "close counter", "kind": "receptacle"})
    targets = {p for _, p in goal}
    for i, name in enumerate(movers):
        at = start or next(p for p in ("table", "far counter", "close counter") if p not in targets or i > 2)
        if at in targets:
            at = away[at]
        objects.append({"name": name, "at": at})
    present = {o["name"] for o in objects}
    for match in RULED_OUT.finditer(text.lower()):
        for word in filter(None, match.groups()):
            word = {"apples": "apple", "caffeinated": "coke"}.get(word, word)
            if word not in present:
                objects.append({"name": word, "at": "table"})
                present.add(word)
    if "something that is not" not in text:
        cleared = start in ("table", "close counter")
        objects += [{"name": n, "at": p if not cleared or p != start else "far counter"} for n, p in FILLERS]
    return {
        "id": item["id"], "instruction": text, "family": _family(text), "scene": "kitchen",
        "start": {"robot": {"at": "user"}, "objects": objects}, "expect": "success",
        "goal": {"any": _alternatives(goal)},
    }, ""  # fmt: skip


def _goal(plan: list[str]) -> tuple[list[tuple[str, str]], list[str], str]:
    """What the plan brings about: (literal pattern with the name, place), things moved, or why it is not sayable."""
    goal: list[tuple[str, str]] = []
    movers: list[str] = []
    visited: list[str] = []
    held, at = "", ""
    for step in plan:
        match = STEP.match(step)
        if match is None:
            continue
        verb, what = match[1], match[2].strip()
        if verb == "pick up":
            if any(x[0] == f"in({what}, drawer)" or x[0].startswith(f"at({what},") for x in goal) and held == "":
                again = [n for n in movers if n.rstrip("0123456789 ") == what]
                if "drawer" not in "".join(x[0] for x in goal) and at != "drawer":
                    what = f"{what} {len(again) + 1}"
            held = what
            if what not in movers:
                movers.append(what)
        elif verb in ("go to", "bring it to", "visit"):
            at = what
            visited.append(what)
        elif verb == "find":
            at = ""
            if what in PLACES:
                visited.append(what)
        elif verb == "put down" and held:
            goal = [g for g in goal if f"({held}," not in g[0]]
            goal.append((f"in({held}, drawer)", "drawer") if at == "drawer" else (f"at({held}, {at})", at))
            held = ""
    if held:
        goal.append((f"holding({held})", ""))
    if not goal:
        goal = [(f"visited({p})", p) for p in dict.fromkeys(visited)]
    unknown = [p for _, p in goal if p and p not in PLACES and p not in ("counter", "drawer")]
    return goal, movers, f"no such place: {unknown[0]}" if unknown else "" if goal else "the plan changes nothing"


def _alternatives(goal: list[tuple[str, str]]) -> list[list[str]]:
    """Literals with our place names; "the counter" may be either of the two."""

    def said(counter: str) -> list[str]:
        out = []
        for literal, place in goal:
            ours = counter if place == "counter" else PLACES.get(place, place)
            out.append(literal.replace(f", {place})", f", {ours})").replace(f"({place})", f"({ours})"))
        return out

    return [said(c) for c in COUNTERS] if any(p == "counter" for _, p in goal) else [said("")]


def _start_place(text: str, plan: list[str]) -> str:
    """Where the words say the things are, "" when they do not."""
    low = text.lower()
    if "from the drawer" in low:
        return "drawer"
    for place in ("close counter", "table"):
        if re.search(rf"(on|off|from|clear|clean)[\w ]* the {place}", low) and plan[0].startswith(("go to", "find")):
            first = plan[0].removeprefix("go to the ")
            if first == place or "from" in low or "off" in low:
                return place
    return ""


def _family(text: str) -> str:
    low = text.lower()
    if re.search(r"\b(all|everything|clear off|clean off|three)\b", low):
        return "several"
    if re.search(r"\b(something|snack|drink|soda|fruit|spice|caffein\w*)\b", low):
        return "by kind"
    return "named"
