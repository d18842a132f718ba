"""Random cluttered tabletop scenes for the skills in the physics simulation, judged by the simulator's ground truth.

``python tests/skills/physics_trial.py --seeds 0-20`` prints one line per step and the rates at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from envs.facts import PhysicalFacts
from envs.scenes import load_scene
from sim.camera_perception import camera_perception, models_of
from sim.driver import PyBulletDriver
from sim.kinematics import ArmKinematics
from sim.objects import Body, make_body
from sim.perception import OraclePerception
from sim.world import Fixture, Placed, World, WorldSpec
from skills.driver import Embodiment, Perception
from skills.executor import StepReport, execute
from skills.guard import Guard
from skills.library import default_library
from skills.perception import PerceptionSetup
from skills.skill import GroundSkill
from skills.symbols import Literal
from skills.types import ObjectState, Pose

CLUTTER = ("pepsi can", "water bottle", "apple", "sponge", "orange block", "purple block", "tea box", "orange")
KINDS = ("bowl", "three in a bowl", "stack", "tower", "can", "bottle", "apple", "sponge", "bowl moves", "chips",
         "out of a bowl", "unstack", "box", "cup", "plate", "sponge in a bowl", "can in a bin",
         "fallen can", "fallen bottle")  # fmt: skip
FEASIBLE = 0.1  # affordance below this: a planner would not try
GAP = 0.025  # [m] least gap between things at the start


@dataclass(frozen=True)
class Trial:
    """One scene and the steps to do in it."""

    kind: str
    seed: int
    names: tuple[str, ...]
    steps: tuple[str, ...]


def make_trial(kind: str, seed: int) -> Trial:
    """The things and steps of one trial."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    scene = load_scene("tabletop")
    places = sorted(scene.regions)
    place = str(rng.choice(places))
    needed, steps = {
        "bowl": (["red block", "blue bowl"], ["pick(red block)", "place_in(red block, blue bowl)"]),
        "three in a bowl": (
            ["red block", "green block", "yellow block", "blue bowl"],
            [s for c in ("red", "green", "yellow") for s in (f"pick({c} block)", f"place_in({c} block, blue bowl)")],
        ),
        "stack": (["red block", "blue block"], ["pick(red block)", "place_on(red block, blue block)"]),
        "tower": (
            ["red block", "blue block", "green block"],
            ["pick(red block)", "place_on(red block, blue block)", "pick(green block)",
             "place_on(green block, red block)"],
        ),
        "can": (["coke can"], ["pick(coke can)", f"place_at(coke can, {place})"]),
        "bottle": (["juice bottle"], ["pick(juice bottle)", f"place_at(juice bottle, {place})"]),
        "apple": (["green apple", "red bowl"], ["pick(green apple)", "place_in(green apple, red bowl)"]),
        "sponge": (["yellow sponge"], ["pick(yellow sponge)", f"place_at(yellow sponge, {place})"]),
        "bowl moves": (["green bowl"], ["pick(green bowl)", f"place_at(green bowl, {place})"]),
        "chips": (["chip bag", "red block"], ["pick(chip bag)", f"place_at(chip bag, {place})", "pick(red block)",
                  f"place_at(red block, {place})"]),
        "out of a bowl": (
            ["red block", "green block", "blue bowl"],
            ["pick(red block)", "place_in(red block, blue bowl)", "pick(green block)",
             "place_in(green block, blue bowl)", "pick(red block)", f"place_at(red block, {place})"],
        ),
        "unstack": (["red block", "blue block"], ["pick(red block)", "place_on(red block, blue block)",
                                                  "pick(red block)", f"place_at(red block, {place})"]),
        "box": (["tea box"], ["pick(tea box)", f"place_at(tea box, {place})"]),
        "cup": (["yellow cup"], ["pick(yellow cup)", f"place_at(yellow cup, {place})"]),
        "plate": (["plate"], ["pick(plate)", f"place_at(plate, {place})"]),
        "fallen can": (["coke can"], ["pick(coke can)", f"place_at(coke can, {place})"]),
        "fallen bottle": (["juice bottle"], ["pick(juice bottle)", f"place_at(juice bottle, {place})"]),
        "sponge in a bowl": (["sponge", "green bowl"], ["pick(sponge)", "place_in(sponge, green bowl)"]),
        "can in a bin": (["coke can", "lemon", "bin"], ["pick(coke can)", "place_in(coke can, bin)", "pick(lemon)",
                                                        "place_in(lemon, bin)"]),
    }[kind]  # fmt: skip
    extra = [str(n) for n in rng.permutation(CLUTTER)][: int(rng.integers(2, 5))]
    return Trial(kind, seed, tuple(needed + [e for e in extra if e not in needed]), tuple(steps))


def make_world(trial: Trial) -> World:
    """The trial's things at random free poses on the tabletop; the first lies on its side in "fallen" trials."""
    rng = np.random.default_rng([trial.seed, 7, KINDS.index(trial.kind)])
    scene = load_scene("tabletop")
    low, high = scene.regions["table"].low, scene.regions["table"].high
    for _ in range(2000):
        placed: list[Placed] = []
        for name in trial.names:
            body = make_body(name)
            lies = trial.kind.startswith("fallen") and not placed
            size = body.shape.size
            radius = _radius(body, lies)
            for _ in range(60):
                x, y = rng.uniform(np.add(low, radius * 0.5), np.subtract(high, radius * 0.5))
                apart = [
                    np.hypot(x - p.pose_world.position[0], y - p.pose_world.position[1])
                    - _radius(p.body, i == 0 and trial.kind.startswith("fallen"))
                    for i, p in enumerate(placed)
                ]
                if min(apart, default=1.0) > radius + GAP:
                    height = size[0] if lies else size[2]
                    pose = Pose.from_yaw((x, y, height / 2 + 0.001), float(rng.uniform(-np.pi, np.pi)))
                    if lies:
                        pose = pose @ Pose.of((0, 0, 0), (0.0, np.sin(np.pi / 4), 0.0, np.cos(np.pi / 4)))
                    placed.append(Placed(body, pose))
                    break
        if len(placed) == len(trial.names):
            break
    else:
        raise RuntimeError(f"no room for {trial.names}")
    fixtures = tuple(Fixture("table", f.size, Pose.of(f.position)) for f in scene.fixtures)
    return World(WorldSpec("panda", Pose(), fixtures, tuple(placed), scene.regions))


def _radius(body: Body, lies: bool) -> float:
    size = body.shape.size
    if lies:
        return size[2] / 2
    return float(np.hypot(*size[:2])) / 2 if body.shape.form.value in ("box", "bin") else size[0] / 2


@dataclass
class Result:
    """What came of a trial. ``truth``: every add effect of the last steps holds by the judge's facts."""

    trial: Trial
    reports: list[StepReport]
    truth: bool
    claimed: bool
    sim_s: float
    think_s: float
    cpu_s: float
    collateral: list[str]
    step_times: list[float]


class NoisyPerception(OraclePerception):
    """The truth with Gaussian noise on positions, drawn anew at every look; ``sd`` [m]."""

    name = "noisy oracle"

    def __init__(self, world: World, sd: float, rng: np.random.Generator) -> None:
        super().__init__(world)
        self.sd, self.rng = sd, rng

    def objects(self) -> Mapping[str, ObjectState]:
        return {
            n: replace(o, pose_world=o.pose_world.moved(*(float(v) for v in self.rng.normal(0, self.sd, 3))))
            for n, o in super().objects().items()
        }


def look(world: World, seed: int, noise: float, camera: bool) -> Perception:
    """The eyes of a trial."""
    if camera:
        cameras = tuple(c.depth_camera(n) for n, c in load_scene("tabletop").cameras.items())
        models = models_of(world.bodies.values())
        return camera_perception(PerceptionSetup(models, world.spec.regions, seed, world, {"cameras": cameras}))
    return NoisyPerception(world, noise, np.random.default_rng([seed, 11])) if noise else OraclePerception(world)


def run_trial(
    trial: Trial, show: Callable[..., None] | None = None, noise: float = 0.0, camera: bool = False
) -> Result | None:
    """Do the steps in order until one fails; None when their affordances say beforehand that it cannot be done."""
    scene = load_scene("tabletop")
    library = default_library()
    with World(make_world(trial).spec) as world:
        world.settle()
        driver = PyBulletDriver(world)
        kinematics = ArmKinematics(world.spec)
        guard = Guard(driver, kinematics)
        guard.connect()
        body = Embodiment(guard, kinematics, look(world, trial.seed, noise, camera), scene.regions)
        before = {n: world.pose(n) for n in world.bodies}
        obs = body.observe()
        for text in trial.steps:  # what the affordances call poor from the start is no trial of the controllers
            step = library.parse(text)
            assert isinstance(step, GroundSkill)
            if step.skill.affordance(obs, kinematics, step.args).value < FEASIBLE:
                kinematics.close()
                return None
        began, ticks0 = time.process_time(), world.tick
        reports: list[StepReport] = []
        times = []
        stepping = [0.0]
        original = world.step

        def timed(n: int = 1) -> None:
            t = time.process_time()
            original(n)
            stepping[0] += time.process_time() - t

        world.step = timed  # type: ignore[method-assign]
        for text in trial.steps:
            step = library.parse(text)
            assert isinstance(step, GroundSkill), step
            at = world.tick
            reports.append(execute(step, body, step_index=len(reports)))
            times.append((world.tick - at) / 240)
            if show:
                show(trial, reports[-1], world)
            if not reports[-1].ok:
                break
        cpu, sim_s = time.process_time() - began, (world.tick - ticks0) / 240
        world.settle()
        facts = PhysicalFacts(world, scene.regions)
        goals = [a for text in trial.steps for a in library.parse(text).operator.add if a.predicate != "holding"]
        last = {g.args[0]: g for g in goals}  # where each thing was put at last
        goals = list(last.values())
        truth = all(facts.holds(Literal(g)) for g in goals)
        used = {a for text in trial.steps for a in library.parse(text).args}
        moved = [
            n for n in world.bodies
            if n not in used and np.linalg.norm(np.subtract(world.pose(n).position, before[n].position)) > 0.005
        ]  # fmt: skip
        kinematics.close()
    claimed = len(reports) == len(trial.steps) and all(r.ok for r in reports)
    return Result(trial, reports, truth, claimed, sim_s, cpu - stepping[0], cpu, moved, times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="0-5")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--out")
    parser.add_argument("--noise", type=float, default=0.0, help="standard deviation of perceived positions [m]")
    parser.add_argument("--camera", action="store_true", help="depth cameras instead of the oracle")
    parser.add_argument("-v", action="store_true")
    args = parser.parse_args()
    a, b = (int(x) for x in args.seeds.split("-"))
    tally: dict[str, Counter] = defaultdict(Counter)
    sims, thinks, cpus = [], [], []
    for kind in args.kinds.split(","):
        for seed in range(a, b):
            result = run_trial(make_trial(kind, seed), noise=args.noise, camera=args.camera)
            c = tally[kind]
            if result is None:
                c["infeasible"] += 1
                continue
            c["n"] += 1
            c["ok"] += result.claimed and result.truth
            c["false"] += result.claimed and not result.truth
            c["collateral"] += bool(result.collateral)
            pairs = len(result.trial.steps) / 2
            sims.append(result.sim_s / pairs)
            thinks.append(result.think_s / pairs)
            cpus.append(result.cpu_s / pairs)
            bad = not (result.claimed and result.truth)
            if bad or result.collateral or args.v:
                last = result.reports[-1]
                print(
                    f"{kind} {seed}: claimed={result.claimed} truth={result.truth} {last.step} {last.failure} "
                    f"sim={result.sim_s:.1f} think={result.think_s:.2f} moved={result.collateral}",
                    flush=True,
                )
                for r in result.reports if bad or args.v else ():
                    print("    ", r.step, r.failure, [(x.why, x.ticks, x.result) for x in r.commands], flush=True)
        print(kind, dict(tally[kind]), flush=True)
    total = sum(tally.values(), Counter())
    print(
        "all",
        dict(total),
        f"sim/pair {np.mean(sims):.2f} s, think/pair {np.mean(thinks):.3f} "
        f"(p95 {np.quantile(thinks, 0.95):.3f}), CPU/pair {np.mean(cpus):.2f} s",
    )
    if args.out:
        Path(args.out).write_text(json.dumps({"kinds": {k: dict(v) for k, v in tally.items()}, "all": dict(total)}))


if __name__ == "__main__":
    main()
