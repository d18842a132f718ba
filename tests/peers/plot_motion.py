"""Draws what was commanded and what was measured: ``python -m tests.peers.plot_motion franka PICTURE.png``.

For Franka the motion is planned by the project's own kinematics (a free motion, a straight line down, a stop half-way
up). Needs matplotlib (extra ``bench``).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from skills.types import Pose, Trajectory
from tests.peers.start import arm_options, franka_peer, ros2_peer

DOWN = (1.0, 0.0, 0.0, 0.0)
Row = tuple[float, np.ndarray, np.ndarray]


def franka() -> tuple[list[Row], list[float]]:
    """(stamp, commanded, measured) at 100 Hz and the moments of stops."""
    from sim.kinematics import ArmKinematics
    from sim.world import WorldSpec
    from skills.drivers.franka import FrankaConfig, FrankaDriver

    kinematics = ArmKinematics(WorldSpec())
    with franka_peer() as peer:
        driver = FrankaDriver(FrankaConfig(peer.address, model="panda"))
        driver.silence = 1.5
        driver.connect()
        spec = driver.describe()
        kinematics.spec = spec
        above = Pose((0.5, 0.15, 0.35), DOWN)
        posture = kinematics.solutions(above, driver.read_state().q, 1)[0]
        go(driver, kinematics.transit(driver.read_state().q, posture))
        go(driver, kinematics.line(driver.read_state().q, above.moved(dz=-0.2), 0.15))
        up = kinematics.line(driver.read_state().q, above, 0.15)
        stops = [go(driver, up, share=0.5)]
        driver.recover()
        driver.wait(30)
        driver.close()
        rows = [(t, np.asarray(c), np.asarray(m)) for t, c, m in driver.trace]
    kinematics.close()
    return rows, stops


def ros2() -> tuple[list[Row], list[float]]:
    """The trajectory that was handed over beside the joint states, and the moment of the stop."""
    from skills.contract_bench import nudge
    from skills.driver_config import make_driver
    from skills.drivers.ros2 import Ros2Driver

    rows: list[Row] = []
    with ros2_peer(77):
        driver: Any = make_driver(Ros2Driver, arm_options(domain=77))
        driver.silence = 1.5
        driver.connect()
        began = time.monotonic()
        stops = []
        for share, size, until in ((0.3, 0.8, 1.0), (0.3, -0.8, 0.5)):
            state, spec = driver.read_state(), driver.describe()
            path = nudge(spec, state, share=share, size=abs(size))
            if size < 0:
                path = Trajectory(
                    path.joint_names, path.times, 2 * path.positions[0] - path.positions, -path.velocities
                )
            start = time.monotonic()
            motion = driver.follow(path)
            while not motion.done() and time.monotonic() - start < until * path.duration + (3 if until == 1 else 0):
                driver.wait(1)
                reading = driver._reading
                rows.append((reading.arrived - began, path.sample(reading.arrived - start)[0], np.asarray(reading.q)))
            if until < 1:
                driver.stop()
                stops.append(time.monotonic() - began)
                for _ in range(45):
                    driver.wait(1)
                    reading = driver._reading
                    rows.append((reading.arrived - began, np.full(6, np.nan), np.asarray(reading.q)))
        driver.close()
    return rows, stops


def go(driver: Any, path: Any, share: float = 1.0) -> float:
    """Follow it, or stop after ``share`` of its time; the robot's clock at the end [s]."""
    assert isinstance(path, Trajectory), path
    began = driver._reading.stamp
    motion = driver.follow(path)
    while not motion.done() and (share >= 1 or driver._reading.stamp - began < share * path.duration):
        driver.wait(1)
    stamp = driver._reading.stamp
    if share < 1:
        driver.stop()
    else:
        assert motion.result().ok, motion.result()
    driver.wait(20)
    return float(stamp)


def draw(rows: list[Row], stops: list[float], names: tuple[str, ...], title: str, out: Path) -> None:
    """Positions above, the distance between both below."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    when = np.array([r[0] for r in rows]) - rows[0][0]
    wanted, seen = np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    figure, (above, below) = pyplot.subplots(2, 1, figsize=(8, 5.2), sharex=True, height_ratios=(2, 1))
    for j, name in enumerate(names):
        (line,) = above.plot(when, seen[:, j], lw=1.4, label=name)
        above.plot(when, wanted[:, j], "--", lw=0.9, color=line.get_color(), alpha=0.6)
        below.plot(when, (seen - wanted)[:, j] * 1000, lw=1.0, color=line.get_color())
    for stop in stops:
        for axes in (above, below):
            axes.axvline(stop - rows[0][0], color="k", lw=0.8, ls=":")
    above.set_ylabel("joint [rad]\n(dashed: commanded)")
    below.set_ylabel("measured -\ncommanded [mrad]")
    below.set_xlabel("the robot's clock [s]; dotted: stop()")
    above.legend(fontsize=7, ncol=2)
    above.set_title(title, fontsize=10)
    figure.tight_layout()
    figure.savefig(out, dpi=80)
    apart = float(np.nanmax(np.abs(seen - wanted)))
    print(f"{len(rows)} readings, largest distance {apart * 1000:.1f} mrad, written to {out}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("franka", "ros2"))
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    rows, stops = {"franka": franka, "ros2": ros2}[args.kind]()
    names = tuple(f"joint {i + 1}" for i in range(len(rows[0][1])))
    title = {"franka": "Franka driver against an independent server", "ros2": "ROS 2 driver against a node of ours"}
    draw(rows, stops, names, title[args.kind], args.out)


if __name__ == "__main__":
    main()
