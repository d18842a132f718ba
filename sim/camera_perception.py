"""Camera perception of a simulated world: its cameras, its catalogue of things, the same tracker as for real robots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.bodies import bowl_profile
from sim.cameras import CameraRig, DepthCamera, carried_cameras
from sim.objects import Body
from sim.sensor import DepthSensor
from sim.world import World
from skills.perception import CameraPerception, PerceptionSetup
from skills.perception_model import ObjectModel
from skills.types import Form


def model_of(body: Body) -> ObjectModel:
    """What a catalogue would know of a simulated thing: its form and size, never where it is."""
    outline = None
    if body.shape.form is Form.BOWL:
        outline = tuple((float(r), float(z)) for r, z in bowl_profile(body.shape))
    return ObjectModel(
        body.name, body.kind, body.shape, body.mass, body.movable, body.colour, body.soft, outline, body.wipes
    )


def models_of(bodies: Iterable[Body]) -> dict[str, ObjectModel]:
    """A catalogue of things, by name."""
    return {body.name: model_of(body) for body in bodies}


def table_cameras(world: World) -> tuple[DepthCamera, ...]:
    """Three cameras around the workspace of an arm that stands still, for scenes that name none."""
    base = world.spec.base

    def at(name: str, x: float, y: float, z: float) -> DepthCamera:
        eye, target = base.apply((x, y, z)), base.apply((0.46, 0.0, 0.02))
        return DepthCamera(name, (eye[0], eye[1], eye[2]), (target[0], target[1], target[2]))

    return at("front", 1.25, 0.0, 0.75), at("left", 0.50, -0.85, 0.70), at("right", 0.50, 0.85, 0.70)


def camera_perception(setup: PerceptionSetup, sensor: DepthSensor | None = None) -> CameraPerception:
    """The perception called "camera" in settings; ``setup.options["cameras"]``: the scene's cameras."""
    if not isinstance(setup.world, World):
        raise ValueError(
            "camera perception of this kind looks at a simulated world; a real robot brings its own cameras"
        )
    options: Mapping[str, object] = setup.options
    fixed: tuple[DepthCamera, ...] = tuple(options.get("cameras") or ())  # type: ignore[call-overload]
    if not fixed and not setup.world.arm.base_joints:
        fixed = table_cameras(setup.world)
    cameras = (*fixed, *carried_cameras(setup.world))
    if not cameras:
        raise ValueError(
            f"camera perception: robot {setup.world.spec.robot!r} carries no camera and the scene has none; give "
            "either file cameras:, or take the perception oracle"
        )
    rig = CameraRig(setup.world, cameras, sensor or DepthSensor(), setup.seed, setup.regions.values())
    return CameraPerception(rig, setup.models, setup.regions)
