"""Where a robot's knowledge of things comes from: the name that a setting means in a scene, and the perception itself.

``auto`` is what the scene's file says; a robot without a camera in a scene without one gets the oracle instead, and is
said to. Every other name is taken at its word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envs.strict import suggest

if TYPE_CHECKING:
    from envs.scenes import Scene
    from sim.world import World
    from skills.driver import Perception

AUTO, ORACLE, CAMERA = "auto", "oracle", "camera"
PERCEPTIONS = (ORACLE, CAMERA)


def name_problem(name: str, builtin: tuple[str, ...] = (AUTO, *PERCEPTIONS)) -> str:
    """Why a name can be no perception, with the choices; "" when it can. ``module:Callable`` is looked up later."""
    if name in builtin or ":" in name:
        return ""
    from skills.perception import GROUP
    from skills.resolve import available

    known = (*builtin, *sorted(set(available(GROUP)) - set(builtin)))
    if name in known:
        return ""
    return f"no perception {name!r}{suggest(name, known)} (choices: {', '.join(known)}, or module:Callable)"


def eyes_in(scene: Scene, setting: str) -> str:
    """The perception that ``setting`` means in ``scene`` with the scene's robot, never "auto"; raises RobotConfigError
    when there is no such robot."""
    if setting != AUTO:
        return setting
    return ORACLE if blind(scene) else scene.perception


def eyes_note(scene: Scene, setting: str) -> str:
    """What a person should know about `eyes_in`: why it is not what the scene says; "" when it is."""
    return f"{scene.robot} carries no camera" if setting == AUTO and blind(scene) else ""


def blind(scene: Scene) -> bool:
    """Whether the scene asks for cameras and neither it nor its robot has one. Around an arm that stands still three
    are put up where a scene names none."""
    if scene.perception != CAMERA or scene.cameras:
        return False
    from sim.robots import load_robot

    config = load_robot(scene.robot)
    return not config.cameras and config.spec.base is not None


def make_eyes(scene: Scene, name: str, seed: int, world: World) -> Perception:
    """The perception called ``name``, of a world at rest; raises ResolveError or ValueError."""
    if name == ORACLE:
        from sim.perception import OraclePerception

        return OraclePerception(world)
    from sim.camera_perception import camera_perception, models_of
    from sim.perception import WithFurniture
    from skills.perception import PerceptionSetup, make_perception

    cameras = tuple(c.depth_camera(camera) for camera, c in scene.cameras.items())
    loose = [world.bodies[n] for n in world.things if n not in world.spills]
    setup = PerceptionSetup(models_of(loose), scene.regions, seed, world, {"cameras": cameras})
    eyes = camera_perception(setup) if name == CAMERA else make_perception(name, setup)
    known = world.units or world.stuff or world.spills
    return WithFurniture(eyes, world) if known else eyes
