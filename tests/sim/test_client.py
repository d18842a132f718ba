"""Every physics call names its client: in the source, and in behaviour."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sim
from sim.client import Client, bullet

ROOM = Path(sim.__file__).parent


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda p: p.name)
def test_only_the_client_touches_the_physics_module(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module or "")])
    }
    allowed = path.name == "client.py"
    assert allowed or "pybullet" not in imported, f"{path.name} imports pybullet; use sim.client.Client"
    if not allowed:
        used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        assert "bullet" not in used, f"{path.name} takes the raw module; use sim.client.Client"


def test_a_call_goes_to_its_own_client():
    with_gravity, without = Client(), Client()
    bodies = []
    for client in (with_gravity, without):
        shape = client.createCollisionShape(client.GEOM_SPHERE, radius=0.1)
        bodies.append(client.register("ball", client.createMultiBody(1.0, shape, -1, [0, 0, 1])))
    with_gravity.setGravity(0, 0, -9.81)
    for _ in range(24):
        with_gravity.stepSimulation()
        without.stepSimulation()
    fallen = with_gravity.getBasePositionAndOrientation(with_gravity.body("ball"))[0][2]
    floating = without.getBasePositionAndOrientation(without.body("ball"))[0][2]
    assert fallen < 0.96
    assert floating == 1.0
    with_gravity.close()
    without.close()


def test_names_lead_to_bodies_and_back():
    client = Client()
    shape = client.createCollisionShape(client.GEOM_SPHERE, radius=0.1)
    body = client.register("ball", client.createMultiBody(0.0, shape))
    assert client.body("ball") == body
    assert client.name(body) == "ball"
    with pytest.raises(KeyError, match=r"no body 'bell'; present: ball"):
        client.body("bell")
    with pytest.raises(ValueError, match="'ball' exists already"):
        client.register("ball", 99)
    assert client.forget("ball") == body
    assert client.names == ()
    client.close()


def test_close_twice_and_no_call_after():
    client = Client()
    client.setGravity(0, 0, -1)
    client.close()
    client.close()
    assert not client.open
    with pytest.raises(bullet().error):
        client.stepSimulation()


def test_a_closed_client_never_reaches_the_next_one():
    first = Client()
    first.setGravity(0, 0, 0)
    first.close()
    second = Client()
    second.setGravity(0, 0, -5)
    with pytest.raises(bullet().error):
        first.setGravity(0, 0, -1)
    assert second.getPhysicsEngineParameters()["gravityAccelerationZ"] == -5
    second.close()
