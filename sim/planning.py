"""Collision-free joint paths by RRT-Connect (Kuffner and LaValle 2000), as implemented in OMPL.

Bounded by iterations, never by time, and seeded anew for every query: equal questions get equal answers.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from skills.types import Array

RESOLUTION = 0.02  # [rad] between checked postures: about 1.5 cm at the hand of an outstretched arm
ITERATIONS = 3000  # checks of the termination condition, at most
SHORTCUTS = 60
# steps that the planner looks at, in those of the last check, and how many postures at most; finer when that fails
RUNS = ((2.5, 12000), (1.0, 4000), (1.0, 4000))


@functools.cache
def _ompl() -> tuple[Any, Any, Any]:
    from ompl import base, geometric, util

    util.setLogLevel(util.LogLevel.LOG_NONE)
    return base, geometric, util


def steps_between(a: Array, b: Array, resolution: float = RESOLUTION) -> Array:
    """Points (N, D) from ``a`` to ``b``, both included, no joint moving more than ``resolution`` [rad] in between."""
    n = max(1, int(np.ceil(np.abs(b - a).max() / resolution)))
    return np.asarray(a + np.linspace(0.0, 1.0, n + 1)[:, None] * (b - a))


def connect(
    q_from: Array,
    q_to: Array,
    lower: Array,
    upper: Array,
    free: Callable[[Array], bool],
    seed: int = 1,
    iterations: int = ITERATIONS,
    resolution: float = RESOLUTION,
) -> list[Array] | None:
    """Corner points (D,) of a path from ``q_from`` to ``q_to``; None when none was found.

    ``free`` says whether a whole stretch of joint points (N, D) is free of collisions; ``resolution``: between them.
    """
    for attempt, (coarse, checks) in enumerate(RUNS):
        limits = (iterations, checks)
        points = _solved(q_from, q_to, lower, upper, free, seed + attempt, limits, coarse * resolution)
        if points is None:
            return None
        if all(free(steps_between(a, b, resolution)) for a, b in itertools.pairwise(points)):
            return shortcut(points, free, np.random.default_rng(seed + attempt), resolution)
    return None  # what is in the way is thinner than even the finer steps


def _solved(
    q_from: Array,
    q_to: Array,
    lower: Array,
    upper: Array,
    free: Callable[[Array], bool],
    seed: int,
    limits: tuple[int, int],
    resolution: float,
) -> list[Array] | None:
    """One run of the planner, which looks at steps of ``resolution``; ``limits``: iterations, postures looked at."""
    base, geometric, util = _ompl()
    util.RNG.setSeed(seed)
    d = len(q_from)
    space = base.RealVectorStateSpace(d)
    bounds = base.RealVectorBounds(d)
    for i in range(d):
        bounds.setLow(i, float(lower[i]))
        bounds.setHigh(i, float(upper[i]))
    space.setBounds(bounds)
    info = base.SpaceInformation(space)
    used = checked = 0

    def valid(state: Any) -> bool:
        nonlocal checked
        checked += 1
        return free(np.array([[state[i] for i in range(d)]]))

    info.setStateValidityChecker(valid)
    info.setStateValidityCheckingResolution(resolution / space.getMaximumExtent())
    info.setup()
    start, goal = space.allocState(), space.allocState()
    for i in range(d):
        start[i], goal[i] = float(q_from[i]), float(q_to[i])
    problem = base.ProblemDefinition(info)
    problem.setStartAndGoalStates(start, goal)
    planner = geometric.RRTConnect(info)
    planner.setRange(0.6)
    planner.setProblemDefinition(problem)
    planner.setup()

    def stop() -> bool:
        nonlocal used
        used += 1
        return used > limits[0] or checked > limits[1]

    planner.solve(base.PlannerTerminationCondition(stop))
    if not problem.hasExactSolution():
        return None
    path = problem.getSolutionPath()
    points = [np.array([state[i] for i in range(d)]) for state in path.getStates()]
    points[0], points[-1] = np.asarray(q_from, float), np.asarray(q_to, float)
    return points


def shortcut(
    points: list[Array], free: Callable[[Array], bool], rng: np.random.Generator, resolution: float = RESOLUTION
) -> list[Array]:
    """Fewer corners and a shorter way: replace detours by free straight stretches, randomly chosen."""
    points = _drop_corners(points, free, resolution)
    for _ in range(SHORTCUTS):
        if len(points) < 3:
            break
        lengths = np.array([np.abs(b - a).max() for a, b in itertools.pairwise(points)])
        total = np.concatenate([[0.0], np.cumsum(lengths)])
        s, t = np.sort(rng.uniform(0.0, total[-1], 2))
        i, j = (int(np.searchsorted(total, x, side="right")) - 1 for x in (s, t))
        if i == j or j >= len(lengths):
            continue
        a = points[i] + (s - total[i]) / max(lengths[i], 1e-9) * (points[i + 1] - points[i])
        b = points[j] + (t - total[j]) / max(lengths[j], 1e-9) * (points[j + 1] - points[j])
        if np.abs(b - a).max() < 0.95 * (t - s) and free(steps_between(a, b, resolution)):
            points = [*points[: i + 1], a, b, *points[j + 1 :]]
    return _drop_corners(points, free, resolution)


def _drop_corners(points: list[Array], free: Callable[[Array], bool], resolution: float) -> list[Array]:
    """Leave out every corner that a free straight stretch can skip, the longest skips first."""
    out, i = [points[0]], 0
    while i < len(points) - 1:
        j = len(points) - 1
        while j > i + 1 and not free(steps_between(points[i], points[j], resolution)):
            j -= 1
        out.append(points[j])
        i = j
    return out
