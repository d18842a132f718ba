"""How well the cameras see: random cluttered tabletops, estimates against the simulator's truth, per form.

``python tests/sim/perception_trial.py --seeds 0-100`` (or ``make perception``) prints a table. A thing counts as in the
open when some camera sees at least half of the surface that faces it.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from envs.scenes import load_scene
from sim.camera_perception import camera_perception, models_of
from sim.objects import Body, make_body
from sim.world import Fixture, Placed, World, WorldSpec
from skills.perception import PerceptionSetup
from skills.perception_turns import nearest_reading, turn_between
from skills.perception_view import NO_SIGHT
from skills.types import Form, Pose

POOL = (
    "red block", "green block", "blue bowl", "red bowl", "pepsi can", "apple", "orange", "sponge", "mug", "basket",
    "water bottle", "plate", "tea box", "banana", "spoon", "disc", "cereal box", "drawer", "wine glass", "tennis ball",
    "brick", "fork", "eraser", "battery", "coin", "key",
)  # fmt: skip
THINGS = 8  # per scene
GAP = 0.015  # [m] least gap between circles around things
FALLEN = 0.3  # share of cylinders that lie on their side; half of that of boxes
OPEN = 0.5  # share of its surface that must be open to one camera for a thing to count as unoccluded
ON_ITS_SIDE = Pose.of((0, 0, 0), (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5)))


@dataclass
class Tally:
    """Of one form: things in all, in the open, found of these, and errors of those found [m], [rad]."""

    things: int = 0
    open: int = 0
    found: int = 0
    errors: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)


def make_world(seed: int) -> World:
    """Random things at random free poses, some on their side."""
    rng = np.random.default_rng([seed, 5])
    scene = load_scene("tabletop")
    placed: list[Placed] = []
    for name in rng.permutation(POOL)[:THINGS]:
        body = make_body(str(name))
        for _ in range(60):
            x, y = rng.uniform(0.3, 0.66), rng.uniform(-0.36, 0.36)
            gaps = (math.dist((x, y), p.pose_world.position[:2]) - _radius(body) - _radius(p.body) for p in placed)
            if min(gaps, default=1.0) > GAP:
                placed.append(Placed(body, _pose(body, x, y, rng)))
                break
    table = tuple(Fixture("table", f.size, Pose.of(f.position)) for f in scene.fixtures)
    return World(WorldSpec(fixtures=table, objects=tuple(placed), regions=scene.regions))


def _radius(body: Body) -> float:
    return math.hypot(*body.shape.size[:2]) / 2


def _pose(body: Body, x: float, y: float, rng: np.random.Generator) -> Pose:
    size, yaw = body.shape.size, float(rng.uniform(-math.pi, math.pi))
    chance = {Form.CYLINDER: FALLEN, Form.BOX: FALLEN / 2}.get(body.shape.form, 0.0)
    if rng.random() < chance:
        return Pose.from_yaw((x, y, size[0] / 2 + 0.001), yaw) @ ON_ITS_SIDE
    return Pose.from_yaw((x, y, size[2] / 2 + 0.001), yaw)


def look(seed: int, tallies: dict[str, Tally]) -> tuple[float, float]:
    """One look at one scene; returns CPU seconds of (pictures, estimates)."""
    with make_world(seed) as world:
        world.settle()
        regions = world.spec.regions
        cameras = tuple(c.depth_camera(n) for n, c in load_scene("tabletop").cameras.items())
        models = models_of(world.bodies.values())
        eyes = camera_perception(PerceptionSetup(models, regions, seed, world, {"cameras": cameras}))
        began = time.process_time()
        views = eyes.cameras.look(0)
        taken = time.process_time()
        eyes.memory.see(views, 0)
        done = time.process_time()
        seen = eyes.memory.objects()
        for name, model in models.items():
            truth, tally = world.pose(name), tallies[model.shape.form.value]
            sight = sum((v.sight(model, truth) for v in views), NO_SIGHT)
            tally.things += 1
            tally.open += sight.visible >= OPEN
            if name in seen:
                tally.found += sight.visible >= OPEN
                pose = nearest_reading(model, seen[name].pose_world, truth)
                tally.errors.append(math.dist(pose.position, truth.position))
                tally.turns.append(turn_between(pose, truth))
    return taken - began, done - taken


def table(tallies: dict[str, Tally]) -> str:
    """A Markdown table, one row per form and one for all."""
    every = Tally(
        *(sum(getattr(t, k) for t in tallies.values()) for k in ("things", "open", "found")),
        [e for t in tallies.values() for e in t.errors],
        [e for t in tallies.values() for e in t.turns],
    )
    lines = [
        "| form | things | in the open | found of these | median error | 95 % below | worst | median turn |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for form, t in [*sorted(tallies.items()), ("all", every)]:
        e = 1000 * np.asarray(t.errors)
        lines.append(
            f"| {form} | {t.things} | {t.open} | {100 * t.found / max(1, t.open):.1f} % | {np.median(e):.1f} mm | "
            f"{np.quantile(e, 0.95):.1f} mm | {e.max():.1f} mm | {math.degrees(float(np.median(t.turns))):.1f}° |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="0-100")
    args = parser.parse_args()
    first, last = (int(x) for x in args.seeds.split("-"))
    tallies: dict[str, Tally] = defaultdict(Tally)
    times = []
    for seed in range(first, last):
        times.append(look(seed, tallies))
        print(f"\r{seed - first + 1} of {last - first} scenes", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    pictures, fits = 1000 * np.mean(times, axis=0)
    print(
        f"seeds {args.seeds}; a look: {pictures:.0f} ms for the pictures, {fits:.0f} ms for {THINGS} first estimates\n"
    )
    print(table(tallies))


if __name__ == "__main__":
    main()
