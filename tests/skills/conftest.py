"""Things to test skills with: short constructors and a gantry in a small world."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from skills.types import Form, Mode, ObjectState, Observation, Pose, Region, RobotState, Shape

DOWN = (1.0, 0.0, 0.0, 0.0)
TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))


class Make:
    """Constructors of things that stand on z = 0 unless told otherwise."""

    @staticmethod
    def thing(name: str, form: Form, size: Sequence[float], x: float, y: float, z: float = 0.0, **more) -> ObjectState:
        yaw, wall = more.pop("yaw", 0.0), more.pop("wall", 0.0)
        kind = more.pop("kind", name.split()[-1])
        pose = more.pop("pose", Pose.from_yaw((x, y, z + size[2] / 2), yaw))
        return ObjectState(name, kind, Shape(form, tuple(size), wall), pose, **more)

    @classmethod
    def block(cls, name: str, x: float, y: float, z: float = 0.0, edge: float = 0.04, **more) -> ObjectState:
        return cls.thing(name, Form.BOX, (edge, edge, edge), x, y, z, **more)

    @classmethod
    def can(cls, name: str, x: float, y: float, z: float = 0.0, **more) -> ObjectState:
        return cls.thing(name, Form.CYLINDER, (0.066, 0.066, 0.12), x, y, z, **more)

    @classmethod
    def apple(cls, name: str, x: float, y: float, z: float = 0.0, **more) -> ObjectState:
        return cls.thing(name, Form.SPHERE, (0.07, 0.07, 0.07), x, y, z, **more)

    @classmethod
    def bowl(cls, name: str, x: float, y: float, z: float = 0.0, **more) -> ObjectState:
        more.setdefault("movable", False)
        return cls.thing(name, Form.BOWL, (0.17, 0.17, 0.06), x, y, z, wall=0.005, **more)

    @classmethod
    def bin(cls, name: str, x: float, y: float, z: float = 0.0, **more) -> ObjectState:
        more.setdefault("movable", False)
        return cls.thing(name, Form.BIN, (0.24, 0.2, 0.1), x, y, z, wall=0.006, **more)

    @staticmethod
    def lying(roll: float) -> np.ndarray:
        return np.array([math.sin(roll / 2), 0.0, 0.0, math.cos(roll / 2)])

    @staticmethod
    def seen(
        *things: ObjectState,
        regions: Sequence[Region] = (TABLE,),
        tool: Pose = Pose((0.4, 0.0, 0.5), DOWN),  # noqa: B008
        width: float = 0.08,
        holding: bool | None = False,
        **more,
    ) -> Observation:
        robot = RobotState(0, 0.0, (0.0,), (0.0,), width, holding, Mode.IDLE)
        return Observation(robot, tool, {t.name: t for t in things}, {r.name: r for r in regions}, **more)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make
