"""``groundplan/Tabletop-v0``: language-conditioned tabletop tasks, one skill per step, judged by ground truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, SupportsInt

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from envs.actions import ActionTable
from envs.features import observation_space, observe
from envs.generate import generate
from envs.scenes import load_scene
from envs.stage import Stage, StageSettings, build_stage
from envs.task import Task
from envs.tasks import load_tasks
from skills.executor import execute
from skills.library import SkillLibrary, plain_library
from skills.predicates import held_object, symbolic_state
from skills.skill import GroundSkill
from skills.types import Observation

GENERATED = 200  # tasks of the default pool


class TabletopEnv(gymnasium.Env[dict[str, Any], np.int64]):
    """A robot arm at a table, an instruction, and skills as actions.

    ``tasks``: a list of tasks or the names or paths of task files; None: generated ones. Only tasks with a goal are
    played; each reset draws one. ``slots``: the most things a task may have.

    Action: ``Discrete`` over skill x things x places (`ActionTable`); ``info["action_mask"]`` tells the legal ones. An
    illegal action moves nothing. Observation: see `envs.features`. Reward: 1 when the judge says that the goal holds,
    -1 when something forbidden happened, else 0; both end the episode. `reset` takes ``options={"task": id or Task}``.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 2}  # noqa: RUF012 - gymnasium wants a plain dict

    def __init__(
        self,
        tasks: Sequence[Task | str | Path] | str | Path | None = None,
        scene: str = "tabletop",
        slots: int = 12,
        render_mode: str | None = None,
        library: SkillLibrary | None = None,
        settings: StageSettings | None = None,
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"no render mode {render_mode!r}; choices: {', '.join(self.metadata['render_modes'])}")
        self.render_mode, self.slots = render_mode, slots
        self.scene = load_scene(scene)
        self.settings = settings or StageSettings()
        self.pool = self._pool(tasks, scene)
        places, parts = tuple(self.scene.places), self.scene.furniture_names
        self.table = ActionTable(library or plain_library(), slots, places, self.scene.stations, parts)
        self.action_space = spaces.Discrete(len(self.table))
        from sim.robots import load_robot

        self.spec_of_robot = load_robot(self.settings.robot or self.scene.robot).spec
        self.observation_space = observation_space(len(self.spec_of_robot.joint_names), slots)
        self._stage: Stage | None = None

    def _pool(self, tasks: Sequence[Task | str | Path] | str | Path | None, scene: str) -> list[Task]:
        if tasks is None:
            return self._default_tasks()
        listed = [tasks] if isinstance(tasks, str | Path) else list(tasks)
        read = [t for x in listed for t in ([x] if isinstance(x, Task) else load_tasks(x))]
        pool = [t for t in read if t.goal is not None and t.expect == "success" and t.scene == scene]
        if not pool:
            raise ValueError(f"none of the {len(read)} tasks has a goal in scene {scene!r}")
        large = [t.id for t in pool if len(t.objects) > self.slots]
        if large:
            most = max(len(t.objects) for t in pool)
            raise ValueError(
                f"task {large[0]!r} has more things than slots={self.slots}; make the environment with slots={most}"
            )
        return pool

    def _default_tasks(self) -> list[Task]:
        return generate(GENERATED)

    @property
    def stage(self) -> Stage:
        """The present world; raises ResetNeeded before the first reset and after close."""
        if self._stage is None:
            raise gymnasium.error.ResetNeeded("call reset() first")
        return self._stage

    @property
    def names(self) -> tuple[str, ...]:
        """The things, in the order of the slots."""
        return tuple(o.name for o in self.stage.task.objects)

    def step_of(self, action: SupportsInt) -> GroundSkill | None:
        """What an action means now; None when it names an empty slot."""
        return self.table.step(int(action), self.names)

    def action_of(self, text: str) -> int:
        """The action for a step such as ``"pick(red block)"``; raises ValueError naming what is wrong."""
        step = self.table.library.parse(text)
        if not isinstance(step, GroundSkill):
            raise ValueError(str(step))
        return self.table.action(step, self.names)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A fresh world for a task drawn from the pool, or for ``options["task"]``."""
        super().reset(seed=seed)
        task = self._drawn((options or {}).get("task"))
        self._free()
        self._stage = build_stage(task, int(self.np_random.integers(2**31)), self.settings)
        observation = self.stage.body.observe()
        return self._seen(observation), self._info(observation)

    def _drawn(self, wanted: Task | str | None) -> Task:
        drawn = self.pool[int(self.np_random.integers(len(self.pool)))]  # always, so that options change no seed
        if wanted is None:
            return drawn
        if isinstance(wanted, Task):
            return self._pool([wanted], self.scene.name)[0]
        found = next((t for t in self.pool if t.id == wanted), None)
        if found is None:
            raise ValueError(f"no task {wanted!r} among the {len(self.pool)} of this environment")
        return found

    def step(self, action: SupportsInt) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Carry one skill out, to its end or its failure, and let the judge look."""
        step = self.step_of(action)
        note: dict[str, Any] = {"step": str(step) if step is not None else "", "failure": "", "ticks": 0}
        if step is None:
            note["failure"] = "WRONG_TYPE: the action names an empty slot"
        else:
            report = execute(step, self.stage.body)
            note |= {"failure": "" if report.failure is None else str(report.failure), "ticks": report.ticks}
        return self._judged(note)

    def _judged(
        self, note: dict[str, Any], settle: bool = True
    ) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """What `step` returns after something was done: the judge looks; ``note`` goes into the info. ``settle``: time
        passes until things rest; else success counts only when they do."""
        stage = self.stage
        verdict = stage.judge.verdict(settle=settle)
        success = bool(verdict.success) and (settle or verdict.settled)
        reward = -1.0 if verdict.forbidden else float(success)
        observation = stage.body.observe()
        info = self._info(observation) | note | {"is_success": success, "verdict": verdict.to_json()}
        return self._seen(observation), reward, reward != 0.0, False, info

    def _seen(self, observation: Observation) -> dict[str, Any]:
        stage = self.stage
        colours = {n: b.rgba[:3] for n, b in stage.world.bodies.items()}
        return observe(observation, stage.task.instruction, self.names, colours, held_object(observation), self.slots)

    def _info(self, observation: Observation) -> dict[str, Any]:
        stage = self.stage
        return {
            "task": stage.task.id,
            "seed": stage.seed,
            "objects": list(self.names),
            "perception": stage.settings.perception,
            "action_mask": self.table.mask(symbolic_state(observation), self.names),
        }

    def render(self) -> NDArray[np.uint8] | None:
        """(H, W, 3) the scene's camera, when made with ``render_mode="rgb_array"``."""
        return self.stage.picture() if self.render_mode == "rgb_array" else None

    def _free(self) -> None:
        if self._stage is not None:
            self._stage.close()
            self._stage = None

    def close(self) -> None:
        """Free the world; harmless the second time."""
        self._free()
