from __future__ import annotations

import numpy as np

from envs.features import OBJECT_FEATURES, observation_space, observe, plain_text
from sim.objects import make_body
from skills.types import Mode, Observation, Pose, RobotState


def test_what_is_seen_fits_the_space_and_what_is_not_stays_empty():
    robot = RobotState(3, 0.1, (0.1,) * 7, (0.0,) * 7, 0.04, True, Mode.IDLE)
    things = {
        "red block": make_body("red block").state(Pose.from_yaw((0.4, -9.0, 0.02), 1.0)),
        "crème brûlée": make_body("bowl").state(Pose((0.5, 0.1, 0.03))),
    }
    seen = Observation(robot, Pose((0.4, 0.0, 0.4)), things, {})
    names = ("red block", "crème brûlée", "hidden cup")
    colours = {"red block": (0.8, 0.1, 0.2), "crème brûlée": (1.0, 1.0, 0.5)}
    element = observe(seen, "bring me\nthe crème", names, colours, "red block", 5)
    assert observation_space(7, 5).contains(element)
    rows = element["objects"]
    assert rows.shape == (5, OBJECT_FEATURES)
    assert list(rows[:, 0]) == [1, 1, 0, 0, 0]
    assert rows[0, 2] == -3.0  # cut to the box
    assert list(rows[:2, -1]) == [1, 0]
    assert np.allclose(rows[0, 16:19], (0.8, 0.1, 0.2))
    assert not rows[2:].any()
    assert element["instruction"] == "bring me the creme"
    assert element["names"] == "red block, creme brulee, hidden cup"


def test_text_without_a_plain_form():
    assert plain_text("可乐 ½ cup\t!") == "?? 1?2 cup !"
    assert len(plain_text("x" * 9000)) == 2000
