"""Where a robot that drives begins: at the place that the task names, on a spot from which it can work there."""

from __future__ import annotations

from dataclasses import replace

from envs.resting import PlacementError
from envs.scenes import Scene
from envs.task import Task
from sim.kinematics import ArmKinematics
from sim.units import states_at_start
from sim.world import WorldSpec
from skills.base import station_at
from skills.driver import mobile
from skills.go_to import choose_stands
from skills.types import Mode, Observation, Pose, RobotState


def stationed(task: Task, scene: Scene, spec: WorldSpec, kinematics: ArmKinematics) -> WorldSpec:
    """``spec`` with the robot at its start place; unchanged for a task that names none.

    Raises PlacementError when there is no room to stand.
    """
    place, driving = task.start.robot.at, mobile(kinematics)
    if place is None or driving is None:
        return spec
    base = (*scene.base.position[:2], scene.base.yaw)
    home = kinematics.spec.home
    robot = RobotState(0, 0.0, home, (0.0,) * len(home), kinematics.spec.gripper_range[1], False, Mode.IDLE, base=base)
    things = {p.body.name: p.body.state(p.pose_world) for p in spec.objects if p.body.name != spec.holding}
    things |= {n: s for u in spec.units for n, s in states_at_start(u).items()}
    here = station_at(base, scene.regions, scene.stations)
    seen = Observation(robot, kinematics.forward(home), things, scene.regions, robot_at=here, stations=scene.stations)
    stands = choose_stands(seen, driving, place)
    if not stands:
        raise PlacementError(f"the robot has no room to stand at {place}")
    x, y, yaw = stands[0]
    return replace(spec, base=Pose.from_yaw((x, y, spec.base.position[2]), yaw))
