"""Examples as task files: the same requests, judged in the simulator by what must hold at the end.

Only what a task file can say becomes a task: no notes, no earlier requests, no answered questions. Every task is held
against the scene before it is written: its names, its goal, and whether its start can be laid out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from envs.goals import AtLeast, Goal, GoalError
from envs.placement import PlacementError, place
from envs.scenes import load_scene
from envs.strict import FileError
from envs.tasks import task_from_data
from planner.learn.draft import literal
from planner.learn.example import ACT, ASK, Example
from planner.learn.examples import stream
from planner.learn.knowledge import Knowledge
from planner.learn.room import CONTAINER, HAND, MOVABLE, RECEPTACLE, Room, Target

SCENES = ("tabletop", "kitchen")
MOST = {"tabletop": 8, "kitchen": 12}  # things of one task
CONTAINERS = {"tabletop": 3, "kitchen": 4}
NARROW = frozenset("cup mug glass tumbler vase bottle can jar teacup".split())  # noqa: SIM905  hold one small thing at best
FLAT = frozenset("block cube brick box book plate tray".split())  # noqa: SIM905  things may be put on them
SOURCES = ("from to", "what is there", "opposite", "unstack", "swap", "pronouns")  # where things start matters
LONGEST = 200  # times the wanted number of examples that are looked at


def tasks(
    knowledge: Knowledge, split: str, scene: str, n: int, seed: int, said: Callable[[int], None] = lambda made: None
) -> list[dict[str, Any]]:
    """``n`` tasks of a split as plain data; raises ValueError for an unknown scene or when too few can be made.

    ``said``: called with how many there are whenever there is one more.
    """
    if scene not in SCENES:
        raise ValueError(f"no tasks for scene {scene!r}; scenes: {', '.join(SCENES)}")
    found: list[dict[str, Any]] = []
    for example in _candidates(knowledge, split, scene, seed):
        if example is None:
            raise ValueError(f"only {len(found)} of {n} tasks could be made for split {split!r} in scene {scene!r}")
        task = task_of(example, f"{split.replace('_', '-')}-{scene}-{len(found) + 1:04d}")
        if task is not None and laid_out(task):
            found.append(task)
            said(len(found))
        if len(found) == n:
            return found
    return found


def _candidates(knowledge: Knowledge, split: str, scene: str, seed: int) -> Iterator[Example | None]:
    unfit = 0
    for example in stream(knowledge, split, seed):
        if example.room.scene == scene and expressible(example):
            unfit = 0
            yield example
        unfit += 1
        if unfit > LONGEST:
            yield None


def expressible(example: Example) -> bool:
    """Whether a task file can say it, and the scene can hold it."""
    room, setting = example.room, example.setting
    if setting.notes or setting.history or setting.asked or any(example.deeds.values()):
        return False
    if len(room.items) > MOST[room.scene] or not setting.request.strip():
        return False
    if sum(i.of(CONTAINER) for i in room.items) > CONTAINERS[room.scene] or (
        not room.items and example.decision == ACT
    ):
        return False
    inside: dict[str, int] = {}
    for name, (predicate, target) in example.goes.items():
        if predicate == "on" and not set(target.split()) & FLAT:
            return False
        if predicate == "in":
            inside[target] = inside.get(target, 0) + 1
            if set(target.split()) & NARROW or room[name].of(CONTAINER):
                return False
    if any(count > 4 for count in inside.values()):
        return False
    stacked = [i for i in room.items if i.at is not None and i.at[0] == "on"]
    return not any(not set(i.at[1].split()) & FLAT for i in stacked if i.at is not None)


def task_of(example: Example, task_id: str) -> dict[str, Any] | None:
    """The task as plain data; None when its goal cannot be said."""
    room = example.room
    objects = [_object(example, i.name) for i in room.items]
    robot = {"at": room.robot_at or None, "holding": room.held or None}
    data: dict[str, Any] = {
        "id": task_id, "instruction": example.setting.request, "family": example.tags.family, "scene": room.scene,
        "start": {"robot": robot, "objects": objects}, "expect": _EXPECT[example.decision],
    }  # fmt: skip
    if example.decision == ACT:
        goal = strict_goal(example)
        if goal is None:
            return None
        data["goal"] = goal.to_json()
    elif example.decision == ASK and example.reply is not None:
        reply, names = example.reply
        wanted = [str(literal(n, example.goes[n])) for n in names]
        data["intents"] = [{"reply": reply, "any": [wanted]}]
    return data


_EXPECT = {ACT: "success", ASK: "ask"} | {"refuse": "refuse"}


def _object(example: Example, name: str) -> dict[str, Any]:
    room = example.room
    item = room[name]
    at = item.at[1] if item.at is not None else None
    if room.scene == "tabletop" and item.at is not None and item.at[0] == "at" and not _start_matters(example):
        at = None  # anywhere: nine regions are small, and the request does not speak of them
    row: dict[str, Any] = {"name": name, "at": "gripper" if item.at is None else at}
    return row | ({"kind": "receptacle"} if item.of(RECEPTACLE) else {})


def _start_matters(example: Example) -> bool:
    """Whether the request or its goal speaks of places where things may be at the start."""
    if example.tags.family in SOURCES or any(p == "at" for p, _ in example.goes.values()):
        return True
    return any(p in example.setting.request.lower() for p in example.room.places)


def strict_goal(example: Example) -> Goal | None:
    """The example's goal, and that nothing else is brought to the same targets."""
    if example.goal is None:
        return None
    room = example.room
    extra = []
    for target in dict.fromkeys(t for t in example.goes.values() if t != HAND and t[0] != "on"):
        for item in room.items:
            if item.of(MOVABLE) and item.name not in example.goes and _stays_out(room, item.name, target):
                extra.append(~literal(item.name, target))
    alternatives = []
    for alternative in example.goal:
        plain = tuple(c for c in alternative if not isinstance(c, AtLeast))
        alternatives.append((*plain, *(x for x in extra if ~x not in plain)))
    try:
        return Goal(tuple(alternatives))
    except GoalError:
        return None


def _stays_out(room: Room, name: str, target: Target) -> bool:
    """Whether a thing that nobody speaks of is elsewhere, and stays there unless it is moved."""
    if target[1] == name or room.there(name, target) or _carried_along(room, name, target):
        return False
    place = room.place_of(name)
    return target[0] != "at" or not place or load_scene(room.scene).disjoint(place, target[1])


def _carried_along(room: Room, name: str, target: Target) -> bool:
    """Whether what carries the thing may be moved to the target."""
    at = room[name].at
    return at is None or (at[1] in room.by_name and room[at[1]].of(MOVABLE))


def laid_out(task: dict[str, Any], draws: int = 3) -> bool:
    """Whether the task is sound and its start can be laid out under several seeds."""
    try:
        checked = task_from_data(task, "made")
        for seed in range(draws):
            place(checked, load_scene(checked.scene), np.random.default_rng(seed))
    except (FileError, PlacementError, KeyError):
        return False
    return True


def suite_text(name: str, made: list[dict[str, Any]], about: str) -> str:
    """A task file."""
    data = {"suite": name, "tasks": made}
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return f"# {about}\n{text}"


def write_suite(path: Path, name: str, made: list[dict[str, Any]], about: str) -> None:
    """Write it; the folder must be there."""
    path.write_text(suite_text(name, made, about), encoding="utf-8")
