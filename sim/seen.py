"""What depth cameras need of a world, and no more: a copy in a client of its own that is quick to render.

Pictures of the world itself take most of their time for what depth does not need: the robot's shell of a hundred
thousand triangles, tiles, planks and labels. Here the robot is drawn in few triangles, things are plain, decor is left
out. Nothing moves by itself: before a picture everything is put where it is in the world.
"""

from __future__ import annotations

import copy
import functools
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from sim.arm import ROBOT
from sim.bodies import add_picture
from sim.client import Client
from sim.coarse import coarse_mesh
from sim.grains import GrainsBody
from sim.mobile import model_of
from sim.model_files import arm_file, find_mesh, write_model
from sim.robots import RobotConfig
from sim.units import UnitBody
from sim.world import World, WorldSpec
from skills.types import Pose

GREY = (0.7, 0.7, 0.7, 1.0)


@functools.cache
def coarse_model(config: RobotConfig) -> str:
    """Path of a model file of the robot in few triangles. A link whose meshes cannot be made coarser looks like what it
    is touched by."""
    source = Path(model_of(config, arm_file(config)))
    root = ElementTree.fromstring(source.read_text(encoding="utf-8"))
    for mesh in root.iter("mesh"):
        mesh.set("filename", str(find_mesh(mesh.get("filename", ""), source)))
    for link in root.findall("link"):
        touched = link.findall("collision")
        if not all(_made_coarse(mesh) for look in link.findall("visual") for mesh in look.iter("mesh")) and touched:
            for look in link.findall("visual"):
                link.remove(look)
            for part in touched:
                look = copy.deepcopy(part)
                look.tag = "visual"
                link.append(look)
        for part in touched:
            link.remove(part)
    return write_model(root, f"{config.spec.name} seen")


def _made_coarse(mesh: ElementTree.Element) -> bool:
    scale = (mesh.get("scale") or "1").split()[0]
    coarse = coarse_mesh(mesh.get("filename", ""), abs(float(scale)) or 1.0)
    if coarse is not None:
        mesh.set("filename", coarse)
    return coarse is not None


class SeenWorld:
    """A copy of ``world`` as it was built; `sync` puts it as it is. Close it, or let the world do so."""

    def __init__(self, world: World) -> None:
        self.world, self.client, self.built = world, Client(), world.client
        world.on_close(self.close)
        c, spec = self.client, world.spec
        if spec.floor is not None and spec.fixtures:
            _add_ground(c, spec)
        for f in spec.fixtures:
            c.register(f.name, add_picture(c, f.shape, f.pose_world, GREY))
        on_floor = Pose((0.0, 0.0, spec.base.position[2])) if world.robot.chassis else spec.base
        self.robot = c.register(ROBOT, c.loadURDF(
            coarse_model(world.robot), on_floor.position, on_floor.orientation, useFixedBase=True
        ))  # fmt: skip
        self.joints = [i for i in range(c.getNumJoints(self.robot)) if c.getJointInfo(self.robot, i)[3] > -1]
        loose = [p for p in spec.objects if not p.body.spill]
        self.things = {p.body.name: add_picture(c, p.body.shape, p.pose_world, GREY) for p in loose}
        for name, body in self.things.items():
            c.register(name, body)
        self.units = [UnitBody(c, placed) for placed in spec.units]
        shapes = {g.name: world.bodies[g.vessel].shape for g in spec.grains}
        self.stuff = {g.name: GrainsBody(c, g, shapes[g.name], world.pose(g.vessel)) for g in spec.grains}

    def sync(self) -> Client:
        """Put everything where it is in the world; returns the client to render."""
        c, world = self.client, self.world
        states = world.client.getJointStates(world.arm.body, self.joints)
        for joint, row in zip(self.joints, states, strict=True):
            c.resetJointState(self.robot, joint, row[0])
        for name, body in self.things.items():
            pose = world.pose(name)
            c.resetBasePositionAndOrientation(body, pose.position, pose.orientation)
        for mine, theirs in zip(self.units, world.units, strict=True):
            mine.arrange(theirs.positions(), lit=False)
        for name, grains in self.stuff.items():
            grains.arrange(world.stuff[name].positions())
        return c

    def close(self) -> None:
        """Free the client; harmless the second time."""
        self.client.close()


def _add_ground(client: Client, spec: WorldSpec) -> None:
    """The floor as far as there is furniture on it, in two triangles: every face costs time."""
    around = [(f.pose_world.position[k] - f.size[k] / 2, f.pose_world.position[k] + f.size[k] / 2)
              for k in (0, 1) for f in spec.fixtures]  # fmt: skip
    count = len(spec.fixtures)
    (x0, x1), (y0, y1) = ((min(a for a, _ in r), max(b for _, b in r)) for r in (around[:count], around[count:]))
    look = client.createVisualShape(
        client.GEOM_MESH,
        vertices=[[x0, y0, 0], [x1, y0, 0], [x1, y1, 0], [x0, y1, 0]],
        indices=[0, 1, 2, 0, 2, 3],
        normals=[[0, 0, 1]] * 4,
    )
    client.createMultiBody(0.0, -1, look, (0.0, 0.0, spec.floor))
