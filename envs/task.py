"""One task: what is asked, where, from which start, and what must hold at the end.

These are the typed values; `envs.tasks` reads files of them and `envs.check` holds their names against
the scene.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from typing import Literal as OneOf

from pydantic import BeforeValidator, PrivateAttr, field_validator, model_validator
from pydantic_core import PydanticCustomError

from envs.furniture import KINDS, unit_for
from envs.goals import Goal, GoalError, parse_alternatives, parse_at, parse_goal
from envs.scenes import Scene, load_scene
from envs.strict import Strict, describe
from skills.symbols import Literal

MAX_INSTRUCTION = 2000
MAX_NAME = 80
MAX_OBJECTS = 100
GRIPPER = "gripper"
RECEPTACLE = "receptacle"


def _guarded(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a GoalError keep its path on the way through pydantic."""

    def run(data: Any) -> Any:
        try:
            return read(data)
        except GoalError as err:
            text = str(err).replace("{", "(").replace("}", ")")  # braces are pydantic's template marks
            raise PydanticCustomError("goal", "{text}", {"text": text, "path": err.path}) from None

    return run


def _goal(data: Any) -> Any:
    return data if isinstance(data, Goal) or data is None else parse_goal(data)


def _literals(data: Any) -> Any:
    if isinstance(data, tuple):
        return data
    if not isinstance(data, list):
        raise GoalError(f"expected a list of literals, got {describe(data)}")
    return tuple(parse_at(x, (i,)) for i, x in enumerate(data))


def _tuple(data: Any) -> Any:
    return tuple(data) if isinstance(data, list) else data


def _clean(data: Any) -> Any:
    return " ".join(data.split()) if isinstance(data, str) else data


def _legal(name: str) -> str:
    if not name:
        raise ValueError("a name must not be empty")
    if len(name) > MAX_NAME:
        raise ValueError(f"a name of {len(name)} characters; at most {MAX_NAME}")
    if not any(c.isalnum() for c in name):
        raise ValueError(f"{name!r} has no letter or digit")
    bad = sorted(set(name) & set(",()")) or [c for c in name if not c.isprintable()]
    if bad:
        raise ValueError(f"{name!r} contains {bad[0]!r}; names must not hold commas, brackets or control characters")
    return name


Name = Annotated[str, BeforeValidator(_clean)]
Names = Annotated[tuple[str, ...], BeforeValidator(_tuple)]


class RobotStart(Strict):
    """Where a mobile robot stands (a place) and what the gripper holds (an object's name)."""

    at: Name | None = None
    holding: Name | None = None


class ObjectStart(Strict):
    """One thing. ``at``: place, object, ``gripper`` or None (drawn by the seed). ``kind``: ``receptacle`` (an open
    container that is never moved), furniture with moving parts (`envs.furniture.KINDS`), or a noun that says what the
    thing is when its name does not. ``lying``: it starts on its side, on a surface. Of furniture: ``drawers``, ``open``
    (parts), ``switches`` as in scene files. ``contents``: loose stuff that a vessel is filled with at the
    start ("rice"), which goals may speak of."""

    name: Name
    at: Name | None = None
    kind: Name | None = None
    lying: bool = False
    drawers: int | None = None
    open: Names = ()
    switches: Name | None = None
    contents: Name | None = None

    @field_validator("contents")
    @classmethod
    def _check_contents(cls, name: str | None) -> str | None:
        return None if name is None else _legal(name)

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        _legal(name)
        if name.lower() == GRIPPER:
            raise ValueError("'gripper' means the robot's hand and cannot name an object")
        return name

    def to_data(self) -> dict[str, Any]:
        """Plain data in the file's form."""
        data: dict[str, Any] = {"name": self.name, "at": self.at}
        more = {
            "kind": self.kind,
            "lying": self.lying,
            "drawers": self.drawers,
            "open": list(self.open),
            "switches": self.switches,
            "contents": self.contents,
        }
        return data | {k: v for k, v in more.items() if v}

    @model_validator(mode="after")
    def _lies(self) -> ObjectStart:
        if self.lying and (self.kind in (RECEPTACLE, *KINDS) or self.at == GRIPPER):
            what = "what the gripper holds" if self.at == GRIPPER else f"a {self.kind}"
            raise ValueError(f"{self.name!r}: {what} does not lie on its side; lying is for loose things on a surface")
        return self

    @model_validator(mode="after")
    def _furniture(self) -> ObjectStart:
        if self.contents is not None and self.kind in (RECEPTACLE, *KINDS):
            raise ValueError(f"{self.name!r}: contents are for a vessel that can be moved (a cup, a glass, a bowl)")
        if self.kind in KINDS:
            unit_for(self.name, str(self.kind), self.drawers, self.open, self.switches)
        elif self.drawers is not None or self.open or self.switches is not None:
            raise ValueError(f"{self.name!r}: drawers, open and switches belong to furniture ({', '.join(KINDS)})")
        return self


class Start(Strict):
    """How the world begins. ``objects`` None: the scene's own. ``furniture``: whether the scene's own furniture with
    moving parts is there; None: with the scene's own objects only."""

    robot: RobotStart = RobotStart()
    objects: Annotated[tuple[ObjectStart, ...] | None, BeforeValidator(_tuple)] = None
    furniture: bool | None = None

    @property
    def furnished(self) -> bool:
        """Whether the scene's own furniture with moving parts is there."""
        return self.objects is None if self.furniture is None else self.furniture

    @field_validator("robot", mode="before")
    @classmethod
    def _robot(cls, data: Any) -> Any:
        return RobotStart() if data is None else data

    @field_validator("objects")
    @classmethod
    def _few(cls, objects: tuple[ObjectStart, ...] | None) -> tuple[ObjectStart, ...] | None:
        if objects is not None and len(objects) > MAX_OBJECTS:
            raise ValueError(f"{len(objects)} objects; at most {MAX_OBJECTS}")
        return objects


class Intent(Strict):
    """What the person means, and says when asked. ``goal`` is written ``any:`` in the file."""

    reply: str
    any: Annotated[Any, BeforeValidator(_guarded(lambda d: d if isinstance(d, Goal) else Goal(parse_alternatives(d))))]

    @property
    def goal(self) -> Goal:
        """What must hold when this was meant."""
        goal: Goal = self.any
        return goal

    @field_validator("reply")
    @classmethod
    def _said(cls, reply: str) -> str:
        if not reply.strip():
            raise ValueError("a reply must not be empty")
        return reply


class Task(Strict):
    """One task. ``family``: free label. ``suite``, ``file``, ``line`` tell where it came from."""

    id: str
    instruction: str
    family: str = "other"
    scene: str
    start: Start = Start()
    expect: OneOf["success", "ask", "refuse"] = "success"
    goal: Annotated[Goal | None, BeforeValidator(_guarded(_goal))] = None
    forbidden: Annotated[tuple[Literal, ...], BeforeValidator(_guarded(_literals))] = ()
    intents: Annotated[tuple[Intent, ...], BeforeValidator(_tuple)] = ()
    tags: Names = ()
    _source: tuple[str, str, int] = PrivateAttr(default=("", "", 0))

    @property
    def suite(self) -> str:
        """The suite that it belongs to."""
        return self._source[0]

    @property
    def file(self) -> str:
        """The file that it was read from, empty when it was made on the fly."""
        return self._source[1]

    @property
    def line(self) -> int:
        """Its line in that file, from 1."""
        return self._source[2]

    def from_source(self, suite: str, file: str = "", line: int = 0) -> Task:
        """The same task, labelled with where it came from."""
        copy = self.model_copy()
        copy._source = (suite, file, line)
        return copy

    @field_validator("id")
    @classmethod
    def _check_id(cls, name: str) -> str:
        if not name.strip() or not name.isprintable() or len(name) > 200:
            raise ValueError("an id is 1 to 200 printable characters")
        return name

    @field_validator("instruction")
    @classmethod
    def _check_instruction(cls, text: str) -> str:
        return check_instruction(text)

    @model_validator(mode="after")
    def _fits(self) -> Task:
        if self.expect == "success" and self.goal is None:
            raise ValueError("a task with expect: success needs a goal")
        if self.intents and self.expect != "ask":
            raise ValueError(f"intents belong to expect: ask only, this task says expect: {self.expect}")
        return self

    @property
    def scene_object(self) -> Scene:
        """The scene, loaded; raises FileError when it does not exist."""
        return load_scene(self.scene)

    @property
    def objects(self) -> tuple[ObjectStart, ...]:
        """Everything that is there at the start: the task's own objects, else the scene's."""
        if self.start.objects is not None:
            return self.start.objects
        scene = self.scene_object
        own = {n: scene.starts.get(n) for n in scene.objects}
        return tuple(
            ObjectStart(name=n) if t is None else ObjectStart(name=n, at=t.at, contents=t.contents)
            for n, t in own.items()
        )

    @property
    def holding(self) -> str | None:
        """What the gripper holds at the start, whichever way the file says it."""
        held = next((o.name for o in self.objects if o.at == GRIPPER), None)
        return held or self.start.robot.holding

    def to_data(self) -> dict[str, Any]:
        """Plain data in the file's form; `task_from_data` reads it back."""
        start: dict[str, Any] = {"robot": {"at": self.start.robot.at, "holding": self.start.robot.holding}}
        if self.start.objects is not None:
            start["objects"] = [o.to_data() for o in self.start.objects]
        if self.start.furniture is not None:
            start["furniture"] = self.start.furniture
        data: dict[str, Any] = {"id": self.id, "instruction": self.instruction, "family": self.family}
        data |= {"scene": self.scene, "start": start, "expect": self.expect}
        if self.goal is not None:
            data["goal"] = self.goal.to_json()
        if self.forbidden:
            data["forbidden"] = [str(x) for x in self.forbidden]
        if self.intents:
            data["intents"] = [{"reply": i.reply} | i.goal.to_json() for i in self.intents]
        return data | ({"tags": list(self.tags)} if self.tags else {})


def check_instruction(text: str) -> str:
    """The instruction as it is; raises ValueError when it is empty or too long."""
    if not text.strip():
        raise ValueError("the instruction is empty; say what the robot should do")
    if len(text) > MAX_INSTRUCTION:
        raise ValueError(f"the instruction has {len(text)} characters; at most {MAX_INSTRUCTION}")
    return text
