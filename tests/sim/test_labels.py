"""Labels: packages are told apart by what is printed on them; nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.camera import CameraSpec, take
from sim.labels import label_mesh, label_of, label_picture
from sim.objects import make_body
from sim.world import Fixture, Placed, World, WorldSpec
from skills.types import Pose


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("coke can", "COKE"),
        ("pepsi can", "PEPSI"),
        ("water bottle", "WATER"),
        ("milk carton", "MILK"),
        ("the tea box", "TEA"),
        ("fizzlewonk can", "FIZZLEWONK"),
        ("7up", "7UP"),  # a drink can, though nobody says so
        ("can", "CAN"),
        ("red block", None),
        ("apple", None),
        ("blue bowl", None),
    ],
)
def test_what_is_printed(name, label):
    assert label_of(make_body(name)) == label


@pytest.mark.parametrize("name", ["coke can", "tea box"])
def test_meshes_are_closed_and_face_outwards(name):
    """Every triangle looks the way its normals do, and the volume is that of the form."""
    shape = make_body(name).shape
    mesh = label_mesh(shape)
    corners = mesh.vertices[np.array(mesh.indices).reshape(-1, 3)]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = mesh.normals[np.array(mesh.indices).reshape(-1, 3)].mean(axis=1)
    assert (np.sum(face * normals, axis=1) > 0).all()
    volume = np.sum(corners[:, 0] * np.cross(corners[:, 1], corners[:, 2])) / 6
    x, y, z = shape.size
    assert volume == pytest.approx(x * y * z * (np.pi / 4 if name == "coke can" else 1), rel=0.02)
    assert np.allclose(np.ptp(mesh.vertices, axis=0), shape.size, atol=1e-3)
    assert mesh.uvs.min() >= 0


def test_the_picture_holds_colour_paper_and_ink():
    import imageio.v3 as imageio

    picture = np.asarray(imageio.imread(label_picture("COKE", (0.9, 0.1, 0.1))))[..., :3].astype(int)
    middle = picture[picture.shape[0] // 2]
    assert (picture[4, 4] == (230, 26, 26)).all()
    assert (middle.sum(axis=1) > 700).any()
    assert (middle.sum(axis=1) < 120).any()


def test_coke_and_pepsi_look_different_and_readable():
    things = ("coke can", "pepsi can", "red block")
    placed = [Placed(make_body(n), Pose((0.5, 0.1 * i - 0.1, 0.055))) for i, n in enumerate(things)]
    spec = WorldSpec(fixtures=(Fixture("table", (1.4, 1.4, 0.04), Pose((0.4, 0.0, -0.02))),), objects=tuple(placed))
    with World(spec) as world:
        before = world.truth(contacts=False).poses
        shot = take(world, CameraSpec((0.85, 0.0, 0.2), (0.5, 0.0, 0.05), fov=35, width=320, height=240))
        assert world.truth(contacts=False).poses == before
    light = {n: float((shot.rgb[shot.mask(n)].min(axis=1) > 150).mean()) for n in things}
    assert light["coke can"] > 0.15
    assert light["pepsi can"] > 0.15
    assert light["red block"] < 0.05
    red, blue = (shot.rgb[shot.mask(n)].astype(int).mean(axis=0) for n in things[:2])
    assert red[0] - red[2] > 30
    assert blue[2] - blue[0] > 20
