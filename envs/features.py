"""Observations as arrays of fixed size, with finite bounds, for learning code."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from skills.types import Form, Observation

REACH = 3.0  # [m] positions are cut to a box of this half size
FORMS = tuple(Form)
# present, position, quaternion, size, one-hot form, red, green, blue, movable, held
OBJECT_FEATURES = 1 + 3 + 4 + 3 + len(FORMS) + 3 + 2
TEXT = 2000
CHARSET = frozenset(string.ascii_letters + string.digits + string.punctuation + " ")

Floats = NDArray[np.float32]


def observation_space(joints: int, slots: int) -> spaces.Dict:
    """``joints`` of the arm; ``slots`` for things."""
    one = np.ones(OBJECT_FEATURES, np.float32)
    low, high = -one, one.copy()
    low[1:4], high[1:4] = -REACH, REACH
    low[0] = 0.0
    low[8:] = 0.0
    return spaces.Dict(
        {
            "joints": spaces.Box(-2 * np.pi, 2 * np.pi, (joints,), np.float32),
            "gripper": spaces.Box(0.0, 1.0, (2,), np.float32),  # opening [m], holding
            "tool": spaces.Box(-REACH, REACH, (7,), np.float32),  # position [m], quaternion, in the world
            "objects": spaces.Box(np.tile(low, (slots, 1)), np.tile(high, (slots, 1)), dtype=np.float32),
            "instruction": spaces.Text(TEXT, min_length=0, charset=CHARSET),
            "names": spaces.Text(TEXT, min_length=0, charset=CHARSET),  # of the things, in the order of the slots
        }
    )


def observe(
    observation: Observation,
    instruction: str,
    names: Sequence[str],
    colours: Mapping[str, tuple[float, float, float]],
    held: str | None,
    slots: int,
) -> dict[str, Floats | str]:
    """One element of `observation_space`. ``colours``: red, green, blue in [0, 1] by name."""
    robot, tool = observation.robot, observation.pose_world_tool
    rows = np.zeros((slots, OBJECT_FEATURES), np.float32)
    for i, name in enumerate(names):
        thing = observation.objects.get(name)
        if thing is None:
            continue  # not seen now
        form = [float(thing.shape.form is f) for f in FORMS]
        pose = thing.pose_world
        rows[i] = (
            1.0,
            *pose.position,
            *pose.orientation,
            *thing.shape.size,
            *form,
            *colours[name],
            thing.movable,
            name == held,
        )
    rows[:, 1:4] = np.clip(rows[:, 1:4], -REACH, REACH)
    rows[:, 4:] = np.clip(rows[:, 4:], -1.0, 1.0)
    width = float(np.clip(robot.gripper_width, 0.0, 1.0))
    return {
        "joints": np.clip(np.asarray(robot.q, np.float32), -2 * np.pi, 2 * np.pi).astype(np.float32),
        "gripper": np.array([width, held is not None], np.float32),
        "tool": np.clip(np.array([*tool.position, *tool.orientation], np.float32), -REACH, REACH),
        "objects": rows,
        "instruction": plain_text(instruction),
        "names": plain_text(", ".join(names)),
    }


def plain_text(text: str) -> str:
    """``text`` in the space's characters: accents are dropped, what has no plain form becomes "?"."""
    import unicodedata

    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if c in CHARSET else " " if c.isspace() else "?" for c in bare)[:TEXT]
