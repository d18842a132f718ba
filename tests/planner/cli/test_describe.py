from __future__ import annotations

from dataclasses import replace

from planner.cli.describe import duration, whereabouts
from skills.predicates import symbolic_state
from skills.types import Pose
from stories import block, fake, table


def words(body) -> dict[str, str]:
    seen = body.observe()
    return whereabouts(seen, symbolic_state(seen))


def test_places_containers_and_supports_are_named():
    body = table()
    things = fake(body).world.objects
    assert words(body) == {
        "blue bowl": "at the right side",
        "green block": "at the right side",
        "red block": "at the left side",
    }
    things["red block"] = block("red block", 0.5, -0.1)
    things["green block"] = replace(block("green block", 0.5, 0.2), pose_world=Pose((0.5, 0.2, 0.02)))
    things["red block"] = replace(things["red block"], pose_world=Pose((0.5, -0.1, 0.03)))
    assert words(body)["red block"] == "in the blue bowl"


def test_what_is_held_fallen_or_tilted_is_said():
    body = table()
    world = fake(body).world
    tilted = Pose.of((0.5, 0.15, 0.03), (0.3, 0.0, 0.0, 0.95))
    world.objects["red block"] = replace(world.objects["red block"], pose_world=tilted)
    world.objects["green block"] = replace(world.objects["green block"], pose_world=Pose((0.9, 0.9, -0.7)))
    said = words(body)
    assert said["red block"].endswith("tilted")
    assert said["green block"] == "fallen below the surface"


def test_durations_are_for_people():
    assert [duration(x) for x in (0.123, 4.2, 125.0)] == ["0.12 s", "4.2 s", "2 min 05 s"]
