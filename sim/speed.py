"""How fast the simulation runs: ``python -m sim.speed`` prints it; `measure` is for benchmark files."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

import numpy as np

from sim.driver import PyBulletDriver
from sim.motion import joint_move
from sim.objects import make_body
from sim.world import STEP, Fixture, Placed, World, WorldSpec
from skills.types import Pose

THINGS = ("red block", "blue bowl", "green block", "pepsi can", "yellow bowl", "apple")


@dataclass(frozen=True)
class Speed:
    """``factor``: simulated seconds per second of processor time; ``step_us``: microseconds per physics step."""

    things: int
    simulated_s: float
    cpu_s: float
    factor: float
    step_us: float


def tabletop(things: tuple[str, ...] = THINGS) -> WorldSpec:
    """Things in a grid before the robot."""
    placed = []
    for i, name in enumerate(things):
        body = make_body(name)
        x, y = 0.38 + 0.19 * (i // 4), -0.33 + 0.22 * (i % 4)
        placed.append(Placed(body, Pose((x, y, body.shape.size[2] / 2 + 5e-4))))
    return WorldSpec(fixtures=(Fixture("table", (0.9, 1.2, 0.04), Pose((0.5, 0.0, -0.02))),), objects=tuple(placed))


def measure(things: tuple[str, ...] = THINGS, seconds: float = 10.0) -> Speed:
    """Move the arm to and fro above the things through the driver, motor commands and supervision included."""
    with World(tabletop(things)) as world:
        driver = PyBulletDriver(world)
        driver.connect()
        spec = driver.describe()
        home = np.asarray(spec.home)
        aside = home + np.array([0.5, 0.1, 0.0, -0.1, 0.0, 0.1, 0.3])
        start, goals, n = time.process_time(), (aside, home), 0
        while world.tick * STEP < seconds:
            motion = driver.follow(joint_move(spec, np.asarray(driver.read_state().q), goals[n % 2]))
            while not motion.done():
                driver.wait()
                driver.read_state()
            n += 1
        cpu = time.process_time() - start
        simulated = world.tick * STEP
        return Speed(len(things), simulated, cpu, simulated / cpu, 1e6 * cpu / world.tick)


if __name__ == "__main__":
    for count in (0, 3, 6):
        print(asdict(measure(THINGS[:count])))
