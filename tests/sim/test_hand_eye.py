from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sim.hand_eye import CalibrationError, hand_eye
from skills.types import Pose

CAMERA = Pose.of((0.06, -0.02, 0.04), Rotation.from_euler("xyz", [0.1, -0.2, 1.5]).as_quat())
BOARD = Pose.of((0.5, 0.1, 0.0), Rotation.from_euler("xyz", [0.02, 0.01, 0.4]).as_quat())


def draw(rng, n, on_tool=True, noise=0.0, turn=0.6, axis=None):
    """Records of a camera at CAMERA (on the hand, or standing) and a board at BOARD, with noise [m and rad]."""
    tools, boards = [], []
    for _ in range(n):
        vector = rng.normal(0, turn, 3) if axis is None else np.asarray(axis) * rng.normal(0, turn)
        spin = Rotation.from_rotvec(vector) * Rotation.from_euler("x", math.pi)
        tool = Pose.of(rng.uniform((0.3, -0.3, 0.3), (0.6, 0.3, 0.6)), spin.as_quat())
        hand = tool if on_tool else tool.inverse()
        seen = CAMERA.inverse() @ hand.inverse() @ BOARD
        off = Pose.of(rng.normal(0, noise, 3), Rotation.from_rotvec(rng.normal(0, noise / 0.3, 3)).as_quat())
        tools.append(tool)
        boards.append(seen @ off)
    return tools, boards


def error(found, true=CAMERA):
    away = true.inverse() @ found
    return math.dist(away.position, (0, 0, 0)), 2 * math.acos(min(1.0, abs(away.orientation[3])))


@pytest.mark.parametrize("on_tool", [True, False])
def test_exact_records_give_the_exact_camera(on_tool):
    found = hand_eye(*draw(np.random.default_rng(1), 6, on_tool), on_tool)
    assert error(found.camera)[0] < 1e-6
    assert error(found.camera)[1] < 1e-5
    assert error(found.board, BOARD)[0] < 1e-6
    assert max(found.off) < 1e-6


@pytest.mark.parametrize("on_tool", [True, False])
def test_noise_of_a_millimetre_gives_about_a_millimetre(on_tool):
    off, turned, rms = [], [], []
    for seed in range(6):
        found = hand_eye(*draw(np.random.default_rng(seed), 15, on_tool, noise=0.001), on_tool)
        off.append(error(found.camera)[0])
        turned.append(error(found.camera)[1])
        rms.append(found.rms[0])
        assert found.odd == ()
    assert np.median(off) < 0.0015
    assert max(off) < 0.004
    assert np.median(turned) < 0.003
    assert 0.0008 < np.median(rms) < 0.0025  # the residuals say how large the noise was


def test_a_bad_record_is_named_and_hardly_spoils_the_others():
    tools, boards = draw(np.random.default_rng(3), 12, noise=0.0005)
    boards[7] = boards[7].moved(0.04, 0.0, 0.0)
    found = hand_eye(tools, boards, True)
    assert found.odd == (7,)
    assert error(found.camera)[0] < 0.004


def test_records_from_which_nothing_follows_are_refused():
    rng = np.random.default_rng(4)
    with pytest.raises(CalibrationError, match="about one axis only"):
        hand_eye(*draw(rng, 12, axis=(0, 0, 1)), True)
    with pytest.raises(CalibrationError, match="hardly at all"):
        hand_eye(*draw(rng, 12, turn=1e-4), True)
    with pytest.raises(CalibrationError, match="record at least 4"):
        hand_eye(*draw(rng, 3), True)
    tools, boards = draw(rng, 5)
    with pytest.raises(CalibrationError, match="come in pairs"):
        hand_eye(tools, boards[:-1], True)
