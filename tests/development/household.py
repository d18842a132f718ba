"""Tidying rules (one sentence, several kinds, several receptacles) and tabletop templates as tasks."""

from __future__ import annotations

import itertools
from typing import Any

Task = dict[str, Any]
SPOTS = ("table", "close counter", "far counter")


def tidying(item: dict[str, Any]) -> Task:
    """Everything named by the placements goes into its receptacle; receptacles stand on the surfaces in turn."""
    pairs = [tuple(p.split(" -> ")) for p in (*item["seen_placements"], *item["unseen_placements"])]
    objects = [
        {"name": r, "at": SPOTS[i % 3], "kind": "receptacle"}
        for i, r in enumerate(item["receptacles"])
        if r != "trash can"
    ]
    objects += [{"name": n.lower(), "at": SPOTS[i % 3]} for i, (n, _) in enumerate(pairs)]
    goal = [f"at({n.lower()}, trash can)" if r == "trash can" else f"in({n.lower()}, {r})" for n, r in pairs]
    return {
        "id": item["id"], "instruction": item["text"], "family": f"{len(item['receptacles'])} receptacles",
        "scene": "kitchen", "start": {"robot": {"at": "table"}, "objects": objects}, "expect": "success",
        "goal": {"any": [goal]},
    }  # fmt: skip


def on_table(item: str, text: str, family: str, objects: list[str], goal: list[list[str]], ask: bool = False) -> Task:
    """A tabletop task; with ``ask`` the first alternative is what the person says when asked."""
    task: Task = {
        "id": item, "instruction": text, "family": family, "scene": "tabletop",
        "start": {"objects": [{"name": n, "at": None} for n in objects]}, "expect": "ask" if ask else "success",
    }  # fmt: skip
    if ask:
        reply = goal[0][0].split("(")[1].rstrip(")").replace(", ", " in the ")
        return {**task, "intents": [{"reply": f"the {reply}", "any": [goal[0]]}]}
    return {**task, "goal": {"any": goal}}


def ambiguity(group: dict[str, Any]) -> list[Task]:
    """The sentences of the small grammar that name colours, in full or left open."""
    colours = [c for c in group["grammar"]["color"] if c != "red"]
    scene = [f"{c} {x}" for c in colours for x in ("block", "bowl")]
    by_id = {i["id"][-3:]: i for i in group["items"]}
    out = []
    for a, b in itertools.product(colours, colours):
        text = by_id["003"]["text"].replace("{color}", a, 1).replace("{color}", b)
        out.append(on_table(f"named-{a}-{b}", text, "named", scene, [[f"in({a} block, {b} bowl)"]]))
    for a in colours:
        text = by_id["001"]["text"].replace("{color}", a)
        out.append(on_table(f"which-block-{a}", text, "open", scene, [[f"in({colours[0]} block, {a} bowl)"]], True))
        text = by_id["002"]["text"].replace("{color}", a)
        out.append(on_table(f"which-bowl-{a}", text, "open", scene, [[f"in({a} block, {colours[0]} bowl)"]], True))
    return out


def templates(group: dict[str, Any]) -> list[Task]:
    """The templates of block arrangement whose slots our scene can fill."""
    blocks, bowls = (group["attributes"][k][:3] for k in ("block", "bowl"))
    scene = [*blocks, *bowls]
    text = {i["id"][-3:]: i["text"] for i in group["items"]}
    out = []
    for i, (a, b) in enumerate(itertools.product(blocks, [*blocks, *bowls])):
        if a != b:
            words = text["001"].replace("<block>", a).replace("<block/bowl>", b)
            out.append(on_table(f"onto-{i}", words, "named", scene, [[f"on({a}, {b})"]]))
    for i, region in enumerate(group["attributes"]["corner_side"]):
        words = text["003"].replace("<corner/side>", region)
        out.append(on_table(f"region-{i}", words, "several", scene, [[f"at({b}, {region})" for b in blocks]]))
    for i, bowl in enumerate(bowls):
        words = text["004"].replace("<bowl>", bowl)
        out.append(on_table(f"bowl-{i}", words, "several", scene, [[f"in({b}, {bowl})" for b in blocks]]))
    piles = [[f"on({x}, {y})" for x, y in itertools.pairwise(p)] for p in itertools.permutations(blocks)]
    out.append(on_table("stack", text["002"], "several", scene, piles))
    matched = [[f"in({a}, {a.split()[0]} bowl)" for a in blocks]]
    out.append(on_table("matching", text["005"], "several", scene, matched))
    return out
