"""What any perception must do, as named checks: run them before a robot acts on what it says it sees.

Nothing moves. `check_perception` asks for the things several times while the robot stands still.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from skills.contract_bench import CheckResult, PromiseBroken, Verdict, need
from skills.driver import Embodiment
from skills.types import ObjectState, Observation

LOOKS = 4  # observations taken
BETWEEN = 12  # control ticks between them
JITTER = 0.02  # [m] a thing at rest is not reported farther from where it was just reported
SLOW = 5.0  # [s] for one observation: more and every step of a plan would wait for it


def check_perception(body: Embodiment) -> list[CheckResult]:
    """All checks on a connected robot that stands still with at least one thing in sight."""
    return list(iterate_perception_checks(body))


def iterate_perception_checks(body: Embodiment) -> Iterator[CheckResult]:
    """The same one by one, for progress."""
    looks: list[tuple[Observation, float]] = []
    try:
        for _ in range(LOOKS):
            began = time.perf_counter()
            looks.append((body.observe(), time.perf_counter() - began))
            body.driver.wait(BETWEEN)
    except Exception as error:
        yield CheckResult("observe", Verdict.FAIL, f"{type(error).__name__}: {error}")
        return
    for name, check in CHECKS.items():
        try:
            yield CheckResult(name, Verdict.PASS, check(body, looks))
        except PromiseBroken as broken:
            yield CheckResult(name, Verdict.FAIL, str(broken))


Looks = list[tuple[Observation, float]]


def _named(body: Embodiment, looks: Looks) -> str:
    name = body.perception.name
    need(isinstance(name, str) and bool(name.strip()), f"its name is {name!r}; every reported number states it")
    return name


def _sees(body: Embodiment, looks: Looks) -> str:
    found = body.perception.objects()
    need(isinstance(found, Mapping), f"objects() gave {type(found).__name__}, not a mapping")
    need(len(found) > 0, "it sees nothing: put at least one thing in sight for this check")
    for name, thing in found.items():
        need(isinstance(thing, ObjectState), f"{name!r} is {type(thing).__name__}, not an ObjectState")
        need(thing.name == name, f"the thing under the name {name!r} calls itself {thing.name!r}")
        need(bool(name.strip()) and name == name.strip(), f"the name {name!r} has blanks at its ends or is empty")
    return f"{len(found)} things"


def _poses(body: Embodiment, looks: Looks) -> str:
    for obs, _ in looks:
        for name, thing in obs.objects.items():
            values = (*thing.pose_world.position, *thing.pose_world.orientation)
            need(all(math.isfinite(v) for v in values), f"the pose of {name!r} holds numbers that are not finite")
            length = float(np.linalg.norm(thing.pose_world.orientation))
            need(abs(length - 1) < 1e-3, f"the quaternion of {name!r} has length {length:.3f}")
            far = max(abs(v) for v in thing.pose_world.position)
            need(far < 50, f"{name!r} is {far:.0f} m away: millimetres?")
            need(thing.mass > 0, f"{name!r} weighs {thing.mass} kg")
    return "finite, unit quaternions, metres"


def _steady(body: Embodiment, looks: Looks) -> str:
    worst = 0.0
    for (before, _), (after, _) in itertools.pairwise(looks):
        for name in before.objects.keys() & after.objects.keys():
            a, b = before.objects[name].pose_world, after.objects[name].pose_world
            worst = max(worst, math.dist(a.position, b.position))
            need(worst < JITTER, f"{name!r} jumped by {worst * 1000:.0f} mm while nothing moved")
    first, last = looks[0][0].objects.keys(), looks[-1][0].objects.keys()
    need(not first - last, f"things vanished while nothing moved: {', '.join(sorted(first - last))}")
    return f"at rest within {worst * 1000:.1f} mm"


def _stamped(body: Embodiment, looks: Looks) -> str:
    for (before, _), (after, _) in itertools.pairwise(looks):
        for name, thing in after.objects.items():
            need(isinstance(thing.seen_tick, int), f"seen_tick of {name!r} is {thing.seen_tick!r}, not a whole number")
            old = before.objects.get(name)
            need(old is None or thing.seen_tick >= old.seen_tick, f"{name!r} was seen earlier than before")
    return "sightings never go back in time"


def _own(body: Embodiment, looks: Looks) -> str:
    found = dict(body.perception.objects())
    handed = body.perception.objects()
    if isinstance(handed, dict):
        handed.clear()
    need(
        dict(body.perception.objects()).keys() == found.keys(), "changing what objects() returned changed what it knows"
    )
    return "its memory is its own"


def _quick(body: Embodiment, looks: Looks) -> str:
    slowest = max(seconds for _, seconds in looks)
    need(slowest < SLOW, f"an observation took {slowest:.1f} s; at most {SLOW:.0f} s")
    return "quick enough"


CHECKS: Mapping[str, Callable[[Embodiment, Looks], str]] = {
    "has a name": _named,
    "sees things by name": _sees,
    "gives sound poses": _poses,
    "is steady at rest": _steady,
    "stamps sightings": _stamped,
    "keeps its own memory": _own,
    "is quick enough": _quick,
}
