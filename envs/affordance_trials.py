"""Random trials of pick and place for the calibration of affordances: what the affordance said, and what came of it.

A scene: one thing to move, at a random spot of a table that is wider than the arm reaches, neighbours as near as a few
millimetres, sometimes too thick or too heavy for the hand, sometimes fallen over; then `pick`, and if that worked one
of `place_at`, `place_in`, `place_on`. Every step is carried out whatever its affordance says, judged by ground truth.
Nouns are split by their names: what is fitted on the ones is measured on the others. One JSON line per step.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from envs.facts import PhysicalFacts
from envs.footprint import Footprint, clearance, footprint
from envs.scenes import load_scene
from sim.colours import number_of
from sim.driver import PyBulletDriver
from sim.kinematics import ArmKinematics
from sim.lexicon import lexicon
from sim.objects import Body, make_body
from sim.perception import OraclePerception
from sim.world import Fixture, Placed, World, WorldSpec
from skills.driver import Embodiment
from skills.executor import execute, expected_effects
from skills.library import SkillLibrary, default_library
from skills.skill import GroundSkill
from skills.types import Form, Pose, Region

TABLE = Region("table", (0.22, -0.60), (0.84, 0.60))  # the arm reaches about 0.75 m: the corners are beyond
SLABS = (Fixture("table", (1.4, 1.7, 0.05), Pose((0.45, 0.0, -0.025))),)
UNSEEN_EVERY = 3  # every third noun is kept for measuring
SCALES, MASSES = (0.6, 1.1), (0.5, 3.0)  # factors on a thing's size and mass, drawn evenly
HEAVY, FALLEN, CROWDED = 0.06, 0.12, 0.5  # shares of scenes with a thing of 2 to 5 kg, one that lies, near neighbours
NEAR, FAR = (0.004, 0.05), (0.03, 0.25)  # [m] gaps to neighbours
NEIGHBOURS = 6
WEIGHTS = {"place_at": 0.4, "place_in": 0.3, "place_on": 0.3}


@dataclass(frozen=True)
class Scene:
    """What stands where, what is moved, and where to (for `place_at` a region, else one of the things)."""

    placed: tuple[Placed, ...]
    moved: str
    noun: str
    step: str
    where: str
    regions: dict[str, Region]


def unseen(noun: str) -> bool:
    """Whether a noun is kept for measuring. Nouns of one shape and size are one thing here: they go together."""
    entry = lexicon()[noun]
    return number_of(f"{entry.form.value} {entry.size} {entry.soft}") % UNSEEN_EVERY == 0


def draw_scene(seed: int) -> Scene:
    """The scene of a seed. The thing that is moved comes first; equal seeds give equal scenes."""
    for attempt in range(50):
        rng = np.random.default_rng([seed, 41, attempt])
        scene = _draw(rng)
        if scene is not None:
            return scene
    raise RuntimeError(f"no scene for seed {seed} in 50 draws")


def _draw(rng: np.random.Generator) -> Scene | None:
    nouns = [n for n, e in lexicon().items() if not e.spill]
    noun = str(rng.choice(nouns))
    step = str(rng.choice(list(WEIGHTS), p=list(WEIGHTS.values())))
    moved = _varied(noun, "it", rng)
    if rng.random() < HEAVY:
        moved = replace(moved, mass=float(rng.uniform(2.0, 5.0)))
    others = []
    if step == "place_in":
        hollow = [n for n, e in lexicon().items() if e.form in (Form.BOWL, Form.BIN)]
        others.append(_varied(str(rng.choice(hollow)), "target", rng))
    elif step == "place_on":
        flat = [n for n, e in lexicon().items() if e.form in (Form.BOX, Form.CYLINDER) and not e.spill]
        others.append(_varied(str(rng.choice(flat)), "target", rng))
    others += [_varied(str(rng.choice(nouns)), f"thing {i}", rng) for i in range(int(rng.integers(0, NEIGHBOURS + 1)))]
    lies = moved.shape.form in (Form.CYLINDER, Form.BOX) and rng.random() < FALLEN
    x, y = (float(v) for v in rng.uniform(TABLE.low, TABLE.high))
    yaw = float(rng.uniform(-math.pi, math.pi))
    placed = [Placed(moved, _lying(moved, x, y, yaw) if lies else _standing(moved, x, y, yaw))]
    outlines = [footprint(_shadow(moved, lies), x, y, yaw)]
    for body in others:
        gaps = NEAR if rng.random() < CROWDED else FAR
        for _ in range(60):
            turn, angle, gap = (float(rng.uniform(a, b)) for a, b in ((-math.pi, math.pi), (0, 2 * math.pi), gaps))
            away = outlines[0].inner + max(body.shape.size[:2]) / 2 + gap + float(rng.exponential(0.08)) * (gaps is FAR)
            spot = (x + away * math.cos(angle), y + away * math.sin(angle))
            outline = footprint(body.shape, *spot, turn)
            if all(clearance(outline, other) > gaps[0] for other in outlines) and abs(spot[1]) < 0.8 and spot[0] < 1.0:
                placed.append(Placed(body, _standing(body, *spot, turn)))
                outlines.append(outline)
                break
        else:
            if body.name == "target":
                return None
    regions = dict(load_scene("tabletop").regions) | {"table": TABLE}
    where = str(rng.choice(sorted(set(regions) - {"table"}))) if step == "place_at" else "target"
    return Scene(tuple(placed), "it", noun, step, where, regions)


def draw_choice(seed: int, count: int = 3) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    """(everything on the table, names of the things of unseen nouns of which any one will do), crowded as in trials."""
    rng = np.random.default_rng([seed, 43])
    nouns = [n for n, e in lexicon().items() if not e.spill]
    wanted = [n for n in nouns if unseen(n)]
    placed: list[Placed] = []
    outlines: list[Footprint] = []
    names = tuple(f"{word} thing" for word in ("first", "second", "third", "fourth")[:count])
    bodies = [_varied(str(rng.choice(wanted)), name, rng) for name in names]
    bodies += [_varied(str(rng.choice(nouns)), f"neighbour {i}", rng) for i in range(int(rng.integers(2, 3 * count)))]
    for i, body in enumerate(bodies):
        for _ in range(200):
            yaw = float(rng.uniform(-math.pi, math.pi))
            if i < count:
                x, y = (float(v) for v in rng.uniform(TABLE.low, TABLE.high))
            else:
                near = outlines[int(rng.integers(count))]
                away = near.inner + max(body.shape.size[:2]) / 2 + float(rng.uniform(*NEAR))
                angle = float(rng.uniform(0, 2 * math.pi))
                x, y = near.centre[0] + away * math.cos(angle), near.centre[1] + away * math.sin(angle)
            outline = footprint(body.shape, x, y, yaw)
            if all(clearance(outline, other) > NEAR[0] for other in outlines) and abs(y) < 0.8 and x < 1.0:
                placed.append(Placed(body, _standing(body, x, y, yaw)))
                outlines.append(outline)
                break
    return tuple(placed), tuple(p.body.name for p in placed if p.body.name in names)


def _varied(noun: str, name: str, rng: np.random.Generator) -> Body:
    """A thing of this kind, larger or smaller and heavier or lighter than usual: some fit no hand."""
    body = make_body(noun)
    f, m = float(rng.uniform(*SCALES)), float(rng.uniform(*MASSES))
    x, y, z = (round(s * f, 4) for s in body.shape.size)
    wall = min(body.shape.wall, 0.4 * min(x, y, z))
    return replace(body, name=name, shape=replace(body.shape, size=(x, y, z), wall=wall), mass=body.mass * m)


def _shadow(body: Body, lies: bool) -> Any:
    x, y, z = body.shape.size
    return replace(body.shape, form=Form.BOX, size=(z, y, x)) if lies else body.shape


def _standing(body: Body, x: float, y: float, yaw: float) -> Pose:
    return Pose.from_yaw((x, y, body.shape.size[2] / 2 + 0.001), yaw)


def _lying(body: Body, x: float, y: float, yaw: float) -> Pose:
    over = Pose.of((0, 0, 0), (0.0, math.sin(math.pi / 4), 0.0, math.cos(math.pi / 4)))
    return Pose.from_yaw((x, y, body.shape.size[0] / 2 + 0.001), yaw) @ over


def run_scene(seed: int, library: SkillLibrary) -> Iterator[dict[str, Any]]:
    """The records of one scene: of the pick, and of the placement if the pick worked. A scene that does not come to
    rest, or in which the thing rolled off, gives none."""
    scene = draw_scene(seed)
    spec = WorldSpec(fixtures=SLABS, objects=scene.placed, regions=scene.regions)
    kinematics = ArmKinematics(spec)
    with World(spec) as world:
        world.settle(360)
        driver = PyBulletDriver(world)
        driver.connect()
        body = Embodiment(driver, kinematics, OraclePerception(world), scene.regions)
        if not world.truth(contacts=False).still(0.02, 0.3) or world.pose(scene.moved).position[2] < 0:
            kinematics.close()
            return
        steps = [GroundSkill(library["pick"], ("it",)), GroundSkill(library[scene.step], ("it", scene.where))]
        for step in steps:
            record = _try(step, body, world, scene, seed)
            if record is None:
                break
            yield record
            if not record["ok"]:
                break
    kinematics.close()


def _try(step: GroundSkill, body: Embodiment, world: World, scene: Scene, seed: int) -> dict[str, Any] | None:
    obs = body.observe()
    said = step.skill.affordance(obs, body.kinematics, step.args)
    began = time.process_time()
    report = execute(step, body)
    if report.failure is not None and report.failure.kind.name in ("PRECONDITION", "WRONG_TYPE", "UNKNOWN_OBJECT"):
        return None  # not asked of an affordance
    world.settle(240)
    facts = PhysicalFacts(world, scene.regions)
    ok = report.ok and all(facts.holds(x) for x in expected_effects(step.operator))
    thing = scene.placed[0].body
    return {
        "seed": seed,
        "skill": step.skill.name,
        "noun": scene.noun,
        "unseen": unseen(scene.noun),
        "value": round(said.value, 6),
        "factors": {k: round(v, 6) for k, v in said.factors.items()},
        "reason": said.reason,
        "ok": ok,
        "claimed": report.ok,
        "failure": "" if report.failure is None else report.failure.kind.name,
        "form": thing.shape.form.value,
        "size": thing.shape.size,
        "mass": round(thing.mass, 4),
        "cpu_s": round(time.process_time() - began, 3),
    }


def read_records(path: Path) -> list[dict[str, Any]]:
    """All records of a file of trials, in its order; raises FileNotFoundError and ValueError naming the line."""
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}:{number}: not a record of a trial: {error}") from None
    return records


def main(argv: Sequence[str] | None = None) -> None:
    """Collect until there are enough records; goes on where a file that exists ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="JSON lines; an existing file is continued")
    parser.add_argument("--n", type=int, default=3600, help="records to collect")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no further scene after so long")
    args = parser.parse_args(argv)
    until = time.monotonic() + 60 * args.minutes
    args.out.parent.mkdir(parents=True, exist_ok=True)
    known = read_records(args.out) if args.out.exists() else []
    seed = max((r["seed"] for r in known), default=args.first - 1) + 1
    count, library = len(known), default_library()
    with args.out.open("a", encoding="utf-8") as file:
        while count < args.n and time.monotonic() < until:
            for record in run_scene(seed, library):
                file.write(json.dumps(record) + "\n")
                count += 1
            file.flush()
            seed += 1
    print(f"{count} records up to seed {seed - 1} in {args.out}")


if __name__ == "__main__":
    main()
