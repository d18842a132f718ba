from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skills.driver import DriverError
from skills.driver_spec import sound_state, spec_faults
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.types import Mode, RobotState

STATE = RobotState(0, 0.0, (0.1, 0.0, 0.5, 0.0), (0.0,) * 4, 0.04, None, Mode.IDLE)


def test_a_sound_spec_has_no_faults_and_lists_are_as_good_as_tuples():
    assert spec_faults(FAKE_SPEC) == []
    listed = replace(FAKE_SPEC, joint_names=list(FAKE_SPEC.joint_names), lower=list(FAKE_SPEC.lower))
    assert listed == FAKE_SPEC


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "no name"),
        ({"joint_names": ("x", "x", "z", "yaw")}, "joint names repeat"),
        ({"home": (9.0, 0.0, 0.5, 0.0)}, "joint x: home 9.0 is outside"),
        ({"upper": (1.0, 0.7, 0.9, 180.0)}, "radians and metres are wanted"),
        ({"lower": (0.0, "a", 0.0, -3.6)}, "joint y: limits, home, velocity and acceleration have to be finite"),
        ({"gripper_range": (0.0, 80.0)}, "metres are wanted"),
        ({"gripper_range": (0.08, 0.0)}, "0 or more, rising"),
        ({"gripper_speed": 0.0}, "gripper speed 0.0 m/s"),
        ({"gripper_force": (5.0, float("inf"))}, "gripper force"),
        ({"rate": 1e6}, "1 to 2000"),
        ({"payload": -1.0}, "payload -1.0 kg"),
    ],
)
def test_what_cannot_be_right_is_said(change, words):
    assert words in "; ".join(spec_faults(replace(FAKE_SPEC, **change)))


def test_arrays_become_plain_numbers():
    state = sound_state(FAKE_SPEC, replace(STATE, q=np.array(STATE.q), dq=[0.0] * 4))
    assert (state.q, type(state.q[0])) == (STATE.q, float)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"q": (0.0,) * 3}, "3 joint positions"),
        ({"dq": (0.0,) * 5}, "5 joint velocities"),
        ({"q": (0.0, None, 0.0, 0.0)}, "not finite"),
        ({"stamp": float("nan")}, "not finite"),
        ({"gripper_width": 40.0}, "gripper width of 40 m"),
        ({"mode": "running"}, "none of idle"),
    ],
)
def test_readings_that_cannot_be_are_refused(change, words):
    with pytest.raises(DriverError, match=words):
        sound_state(FAKE_SPEC, replace(STATE, **change))
