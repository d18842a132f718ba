from __future__ import annotations

import pytest

from skills.library import default_library
from skills.skill import Affordance, GroundSkill


def test_affordances_are_probabilities():
    for bad in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="affordance"):
            Affordance(bad)


def test_ground_skills_read_as_written():
    step = GroundSkill(default_library()["place_in"], ("red block", "bowl"))
    assert str(step) == "place_in(red block, bowl)"
    assert step.operator.say == "put the red block in the bowl"
