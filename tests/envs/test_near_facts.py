"""What the judge says stands near what."""

from __future__ import annotations

import pytest
from tabletops import world_of

from envs.facts import PhysicalFacts
from envs.scenes import load_scene
from skills.symbols import parse_literal


@pytest.mark.parametrize(
    ("there", "true"),
    [
        ((0.45, 0.09), {"beside", "right_of"}),
        ((0.45, -0.09), {"beside", "left_of"}),
        ((0.55, 0.0), {"beside", "in_front_of"}),
        ((0.36, 0.0), {"beside", "behind"}),
        ((0.45, 0.26), {"right_of"}),
        ((0.40, 0.40), set()),
    ],
)
def test_sides_of_a_block(there, true):
    """Distances between the bodies, sides as the person opposite the robot sees them."""
    with world_of(("red block", (0.45, 0.0, 0.02)), ("blue block", (*there, 0.02))) as world:
        world.step(120)
        facts = PhysicalFacts(world, load_scene("tabletop").regions)
        names = ("beside", "left_of", "right_of", "in_front_of", "behind")
        assert {n for n in names if facts.holds(parse_literal(f"{n}(blue block, red block)"))} == true


def test_on_top_is_not_next_to_and_a_tower_stands_beside_a_tower():
    with world_of(
        ("red block", (0.45, 0.0, 0.02)), ("blue block", (0.45, 0.0, 0.061)), ("green block", (0.45, 0.1, 0.02))
    ) as world:
        world.step(120)
        facts = PhysicalFacts(world, load_scene("tabletop").regions)
        pairs = ("blue block, red block", "blue block, green block", "green block, blue block", "red block, red block")
        said = [facts.holds(parse_literal(f"beside({pair})")) for pair in pairs]
    assert said == [False, True, True, False]
