"""``groundplan/Kitchen-v0``: a robot that drives in a kitchen, by skills or by velocities of its joints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces

from envs.eyes import ORACLE
from envs.fetch import generate_fetch
from envs.joint_actions import PERIOD, JointActions
from envs.stage import StageSettings
from envs.tabletop import GENERATED, TabletopEnv
from envs.task import Task
from skills.library import SkillLibrary
from skills.types import Observation

MODES = ("skill", "joint")
LIMITS = {"skill": 30, "joint": 1200}  # actions of an episode
ROOM = 10.0  # [m] positions of the base are cut to a box of this half size


class KitchenEnv(TabletopEnv):
    """A mobile arm in the kitchen, an instruction, and actions of one of two kinds.

    ``mode``: "skill", one skill per action as in `TabletopEnv`, or "joint", velocities for a tenth of a second
    (`envs.joint_actions`). ``tasks``: as there, None: generated fetch-and-carry tasks; ``robot``: another robot that
    drives, by name or file; ``limit``: actions after which an episode is cut off; ``perception``: where the observation
    comes from, by default the oracle (every thing where it truly is, in every tick), not what the scene says: "camera"
    fills the slots of what the robot has seen only, and its looks cost time. It stands in every ``info``.

    Observation: that of `TabletopEnv` with ``base`` (x, y, cosine and sine of its heading), ``velocity`` (of the base,
    then of the joints) and ``parts``: for each moving part of the scene's furniture, in the order of ``part_names``,
    whether it is there and how far it is open (a button pushed in, a lamp lit). Reward and end as there.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012 - gymnasium wants a plain dict

    def __init__(
        self,
        tasks: Sequence[Task | str | Path] | str | Path | None = None,
        mode: str = "skill",
        scene: str = "kitchen",
        slots: int = 12,
        robot: str | None = None,
        limit: int | None = None,
        render_mode: str | None = None,
        library: SkillLibrary | None = None,
        perception: str = ORACLE,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"no mode {mode!r}; choices: {', '.join(MODES)}")
        if limit is not None and limit < 1:
            raise ValueError(f"limit is at least one action, not {limit}")
        super().__init__(tasks, scene, slots, render_mode, library, StageSettings(perception, robot=robot))
        self.mode, self.limit = mode, limit or LIMITS[mode]
        self.metadata = {**self.metadata, "render_fps": 2 if mode == "skill" else 10}
        self.joints = JointActions(self.spec_of_robot)
        if mode == "joint":
            self.action_space = self.joints.space  # type: ignore[assignment]
        self.part_names = self.scene.furniture_names
        count = len(self.spec_of_robot.joint_names)
        one = np.ones(4, np.float32)
        self.observation_space = spaces.Dict(
            {
                **self.observation_space.spaces,  # type: ignore[attr-defined]
                "base": spaces.Box(-ROOM * one, ROOM * one, dtype=np.float32),
                "velocity": spaces.Box(-ROOM, ROOM, (3 + count,), np.float32),
                "parts": spaces.Box(0.0, 1.0, (len(self.part_names), 2), np.float32),
            }
        )
        self._taken = 0

    def _default_tasks(self) -> list[Task]:
        return generate_fetch(GENERATED)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A fresh kitchen for a task drawn from the pool, or for ``options["task"]``."""
        self.joints.reset()
        self._taken = 0
        return super().reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Carry one action out and let the judge look."""
        out = super().step(action) if self.mode == "skill" else self._move(action)
        self._taken += 1
        return (*out[:3], self._taken >= self.limit and not out[2], out[4])

    def _move(self, action: Any) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        driver: Any = self.stage.body.driver
        blocked = self.joints.apply(driver, action)
        return self._judged({"step": "", "failure": blocked and f"DRIVER: {blocked}", "ticks": PERIOD}, settle=False)

    def _info(self, observation: Observation) -> dict[str, Any]:
        if self.mode == "skill":
            return super()._info(observation)
        stage = self.stage
        names = list(self.names)
        return {"task": stage.task.id, "seed": stage.seed, "objects": names, "perception": stage.settings.perception}

    def _seen(self, observation: Observation) -> dict[str, Any]:
        seen = super()._seen(observation)
        robot = observation.robot
        x, y, yaw = robot.base or (0.0, 0.0, 0.0)
        speeds = [*(robot.base_velocity or (0.0, 0.0, 0.0)), *robot.dq]
        seen["base"] = np.clip(np.array([x, y, np.cos(yaw), np.sin(yaw)], np.float32), -ROOM, ROOM)
        seen["velocity"] = np.clip(np.asarray(speeds, np.float32), -ROOM, ROOM)
        seen["parts"] = np.array([_part(observation, n) for n in self.part_names], np.float32).reshape(-1, 2)
        return seen


def _part(observation: Observation, name: str) -> tuple[float, float]:
    """(is there, opened by this share)."""
    thing = observation.objects.get(name)
    if thing is None:
        return 0.0, 0.0
    return 1.0, 0.0 if thing.joint is None else thing.joint.share
