"""Objects of a real table, typed in: a file that says what lies where.

```yaml
objects:
  - {name: red block, at: [0.45, -0.10], yaw: 0.5}             # stands on the surface there; metres, radians
  - {name: my cup, at: [0.55, 0.10], form: cylinder, size: [0.07, 0.07, 0.095], mass: 0.2}
  - {name: blue bowl, at: [0.50, 0.22], z: 0.031}              # or say the height of its centre
```

Without a size a name means what it means in simulation: measure your things, a gripper will.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from envs.scenes import Scene
from envs.strict import FileError, Strict, read_yaml
from sim.objects import make_body
from skills.types import Form, ObjectState, Pose, Shape

Metres = Annotated[float, Field(allow_inf_nan=False, strict=False)]
WALL = 0.005  # [m] of a bowl or bin whose wall nobody measured


class TypedObject(Strict):
    """One thing. ``at``: x, y of its centre in the world [m]; ``z``: of its centre, None: it stands on what is there;
    ``yaw`` [rad]; ``form``, ``size`` (full extents [m]), ``mass`` [kg]: as measured, else what the name means."""

    name: str
    at: tuple[Metres, Metres]
    z: Metres | None = None
    yaw: Metres = 0.0
    kind: str | None = None
    form: Form | None = None
    size: tuple[Metres, Metres, Metres] | None = None
    wall: Metres | None = None
    mass: Metres | None = None
    movable: bool | None = None
    soft: bool | None = None

    @field_validator("at", "size", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("form", mode="before")
    @classmethod
    def _form(cls, value: object) -> object:
        if isinstance(value, str):
            if value not in [f.value for f in Form]:
                raise ValueError(f"{value!r} is none of {', '.join(f.value for f in Form)}")
            return Form(value)
        return value

    @model_validator(mode="after")
    def _complete(self) -> TypedObject:
        if self.form is not None and self.size is None:
            raise ValueError(f"{self.name}: a form needs a size, [x, y, z] in metres")
        if self.mass is not None and self.mass <= 0:
            raise ValueError(f"{self.name}: a mass above 0 kg, not {self.mass}")
        return self


class TypedScene(Strict):
    """The whole file."""

    objects: tuple[TypedObject, ...]

    @field_validator("objects", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _names(self) -> TypedScene:
        names = [o.name for o in self.objects]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"names must differ; used twice: {', '.join(twice)}")
        return self


def read_typed_scene(path: str | Path, scene: Scene) -> list[ObjectState]:
    """The things of a file as perception reports them, standing on the surfaces of ``scene``. Raises FileError."""
    document = read_yaml(path)
    typed: TypedScene = document.read(TypedScene)
    found = []
    for i, thing in enumerate(typed.objects):
        try:
            found.append(_state(thing, scene))
        except ValueError as error:
            raise FileError(str(error), document.file, document.line(("objects", i))) from None
    return found


def _state(thing: TypedObject, scene: Scene) -> ObjectState:
    body = make_body(thing.name, thing.kind)
    changes: dict[str, Any] = {k: v for k in ("mass", "movable", "soft") if (v := getattr(thing, k)) is not None}
    if thing.size is not None:
        form = thing.form or body.shape.form
        hollow = form in (Form.BOWL, Form.BIN)
        changes["shape"] = Shape(form, thing.size, (thing.wall or WALL) if hollow else 0.0)
    body = replace(body, **changes)
    x, y = thing.at
    z = thing.z
    if z is None:
        under = [r.surface for r in scene.regions.values() if r.contains(x, y)]
        if not under:
            raise ValueError(f"{thing.name}: no place of the scene is at ({x}, {y}); give z, or another spot")
        z = max(under) + body.shape.size[2] / 2
    return body.state(Pose.from_yaw((x, y, z), thing.yaw))
