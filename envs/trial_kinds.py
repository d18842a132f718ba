"""What is tried in `envs.trials`: for every kind of trial a random start, the steps that lead to the preconditions, and
the step that counts."""

from __future__ import annotations

import itertools
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from envs.trial_fetching import FETCHING
from envs.trial_plan import BYSTANDERS, Draw, Plan

SMALL = ("spoon", "red block", "apple", "coke can", "lemon", "sponge", "egg")
THINGS = (*BYSTANDERS, "pepsi can", "orange", "mug", "chip bag", "red block", "banana", "milk carton", "spoon")
TALL = ("coke can", "water bottle", "mug", "glass", "wine bottle", "milk carton", "jar", "soup can", "spray bottle")
VESSELS = ("white cup", "green mug", "glass", "small cup", "teacup", "tumbler")
TARGETS = ("blue bowl", "pot", "red bowl", "basket", "pan")
STUFF = ("rice", "red beans", "peas", "lentils")
SPILLS = ("spill", "coffee stain", "puddle", "milk splash", "red smear")
WIPERS = ("sponge", "cloth", "towel", "rag")
HIDING = ("box", "sink", "basket", "shelf")  # open at the top
HEAVY = ("boot box", "wooden chest", "typewriter", "paving stone", "flour sack", "rice cooker", "cast iron pot")
THIRDS = ("left third", "middle third", "right third")
ACROSS = (("left side", "right side"), ("left side", "middle"), ("right side", "middle"))


def _piece(kind: str, name: str, place: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "at": place, **more}


def _chest(rng: np.random.Generator, place: str, opened: bool, most: int = 3) -> tuple[dict[str, Any], str]:
    """A chest of two drawers (or ``most``) and the name of one of them, open at the start or not. Into the top drawer
    of three that stand on a counter no hand of this robot reaches from above."""
    names = [("top drawer", "bottom drawer"), ("top drawer", "middle drawer", "bottom drawer")][
        int(rng.integers(most - 1))
    ]
    which = str(rng.choice(names))
    more: dict[str, Any] = {"open": [which]} if opened else {}
    return _piece("drawer unit", "chest", place, drawers=len(names), **more), which


def _drawer(verb: str) -> Draw:
    def draw(rng: np.random.Generator, place: str) -> Plan:
        chest, which = _chest(rng, place, verb == "close")
        return Plan((chest,), place, (), f"{verb}({which})")

    return draw


def _hinged(verb: str, kind: str) -> Draw:
    def draw(rng: np.random.Generator, place: str) -> Plan:
        more: dict[str, Any] = {"open": [kind]} if verb == "close" else {}
        return Plan((_piece(kind, kind, place, **more),), place, (), f"{verb}({kind})")

    return draw


def _button(again: bool) -> Draw:
    def draw(rng: np.random.Generator, place: str) -> Plan:
        objects = (_piece("button", "button", place, switches="lamp"), _piece("lamp", "lamp", place))
        return Plan(objects, place, ("press(button)",) if again else (), f"press{'_again' * again}(button)")

    return draw


def _opened(rng: np.random.Generator, place: str, kind: str) -> tuple[dict[str, Any], str]:
    """An open container of furniture and its name."""
    if kind == "drawer":
        return _chest(rng, place, True, 2)
    return _piece(kind, kind, place, open=[kind]), kind


def _put_in(kind: str) -> Draw:
    def draw(rng: np.random.Generator, place: str) -> Plan:
        thing = str(rng.choice(SMALL))
        piece, where = _opened(rng, place, kind)
        return Plan((piece, {"name": thing, "at": place}), place, (f"pick({thing})",), f"place_in({thing}, {where})")

    return draw


def _take_out(kind: str) -> Draw:
    def draw(rng: np.random.Generator, place: str) -> Plan:
        thing = str(rng.choice(SMALL))
        piece, where = _opened(rng, place, kind)
        return Plan((piece, {"name": thing, "at": where}), place, (), f"pick({thing})")

    return draw


def _hand_over(rng: np.random.Generator, place: str) -> Plan:
    thing = str(rng.choice(THINGS))
    before = (f"pick({thing})", "go_to(user)")
    return Plan(({"name": thing, "at": place},), place, before, f"hand_over({thing}, user)")


def _turn(rng: np.random.Generator, place: str) -> Plan:
    thing = str(rng.choice(TALL))
    return Plan(({"name": thing, "at": place, "lying": True},), place, (), f"turn_upright({thing})")


def _pour(rng: np.random.Generator, place: str) -> Plan:
    vessel, target, stuff = (str(rng.choice(names)) for names in (VESSELS, TARGETS, STUFF))
    objects = ({"name": vessel, "at": place, "contents": stuff}, {"name": target, "at": place})
    return Plan(objects, place, (f"pick({vessel})",), f"pour({stuff}, {vessel}, {target})")


def _wipe(rng: np.random.Generator, place: str) -> Plan:
    spill, tool = str(rng.choice(SPILLS)), str(rng.choice(WIPERS))
    objects = ({"name": spill, "at": place}, {"name": tool, "at": place})
    return Plan(objects, place, (f"pick({tool})",), f"wipe({spill}, {tool})")


def _push(rng: np.random.Generator, place: str) -> Plan:
    """Over a tabletop that is free else, sideways: what is tall cannot be pushed towards the arm."""
    thing = str(rng.choice(HEAVY))
    pairs = [*ACROSS, *((b, a) for a, b in ACROSS)]
    start, goal = pairs[int(rng.integers(len(pairs)))]
    return Plan(({"name": thing, "at": start},), "table", (), f"push_to({thing}, {goal})", "tabletop", 0)


def _push_along(rng: np.random.Generator, place: str) -> Plan:
    """Over the kitchen's table, from one third of it to the next; the robot stands where it likes."""
    thing = str(rng.choice(HEAVY))
    goal, start = (THIRDS[i] for i in (1, int(rng.choice([0, 2]))))
    if rng.integers(2):
        goal, start = start, goal
    return Plan(({"name": thing, "at": start},), "table", (), f"push_to({thing}, {goal})", thirds_scene(), 1)


@cache
def thirds_scene() -> str:
    """A file with the kitchen in which the thirds of the table are places, too."""
    kitchen = yaml.safe_load(resources.files("configs").joinpath("scenes/kitchen.yaml").read_text(encoding="utf-8"))
    (x0, y0), (x1, y1) = kitchen["places"]["table"]["low"], kitchen["places"]["table"]["high"]
    edges = [round(x0 + i * (x1 - x0) / 3, 3) for i in range(4)]
    for name, (low, high) in zip(THIRDS, itertools.pairwise(edges), strict=True):
        kitchen["places"][name] = {"low": [low, y0], "high": [high, y1], "surface": 0.74}
    file = Path(tempfile.mkdtemp(prefix="scene-")) / "kitchen.yaml"
    file.write_text(yaml.safe_dump(kitchen), encoding="utf-8")
    return str(file)


def _find(rng: np.random.Generator, place: str) -> Plan:
    """What was not seen from where the robot begins, through its own cameras: it lies in something open that hides it
    from afar, or stands far off."""
    thing, where = str(rng.choice(THINGS)), str(rng.choice(["close counter", "far counter"]))
    if rng.random() < 0.2:
        return Plan(({"name": thing, "at": where},), "user", (), f"find({thing})", bystanders=1, perception="camera")
    hiding = str(rng.choice(HIDING))
    objects = ({"name": hiding, "at": where, "kind": "receptacle"}, {"name": thing, "at": hiding})
    return Plan(objects, "user", (), f"find({thing})", bystanders=1, perception="camera")


TRIALS: dict[str, Draw] = {
    "open a drawer": _drawer("open"),
    "close a drawer": _drawer("close"),
    "open a cabinet": _hinged("open", "cabinet"),
    "close a cabinet": _hinged("close", "cabinet"),
    "open a lidded box": _hinged("open", "lidded box"),
    "close a lidded box": _hinged("close", "lidded box"),
    "press a button": _button(False),
    "press a button again": _button(True),
    "put into an open drawer": _put_in("drawer"),
    "take out of an open drawer": _take_out("drawer"),
    "put into an open lidded box": _put_in("lidded box"),
    "take out of an open lidded box": _take_out("lidded box"),
    "hand over": _hand_over,
    "turn upright": _turn,
    "pour from a cup": _pour,
    "wipe up a spill": _wipe,
    "push over a tabletop": _push,
    "push along a kitchen table": _push_along,
    "find": _find,
    "put into an open cabinet": _put_in("cabinet"),
    "take out of an open cabinet": _take_out("cabinet"),
    **FETCHING,
}
NUMBERED = 12  # the first kinds draw from streams by their number, later ones by their name
