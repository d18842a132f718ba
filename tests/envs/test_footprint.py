from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.footprint import clearance, footprint
from skills.types import Form, Shape

BLOCK = Shape(Form.BOX, (0.04, 0.04, 0.04))
BRICK = Shape(Form.BOX, (0.10, 0.04, 0.04))
BOWL = Shape(Form.BOWL, (0.16, 0.16, 0.05), 0.006)


def test_known_distances():
    assert clearance(footprint(BLOCK, 0, 0, 0), footprint(BLOCK, 0.1, 0, 0)) == pytest.approx(0.06)
    assert clearance(footprint(BRICK, 0, 0, 0), footprint(BLOCK, 0.1, 0, 0)) == pytest.approx(0.03)
    assert clearance(footprint(BRICK, 0, 0, math.pi / 2), footprint(BLOCK, 0.1, 0, 0)) == pytest.approx(0.06)
    assert clearance(footprint(BOWL, 0, 0, 0), footprint(BOWL, 0.2, 0, 0)) == pytest.approx(0.04)
    assert clearance(footprint(BOWL, 0, 0, 0), footprint(BLOCK, 0.05, 0, 0)) < 0


@given(st.floats(0, 0.3), st.floats(-3.2, 3.2), st.floats(-3.2, 3.2), st.sampled_from([BLOCK, BRICK, BOWL]))
def test_never_more_than_the_true_distance_and_symmetric(away, turn, yaw, shape):
    a, b = footprint(BRICK, 0, 0, turn), footprint(shape, away, 0, yaw)
    room = clearance(a, b)
    assert room == pytest.approx(clearance(b, a))
    assert room <= away - a.inner - b.inner + 1e-6
    assert room >= away - a.outer - b.outer / math.cos(math.pi / 16) - 1e-6
