"""Scenes: a robot, furniture and named places, read from YAML.

Shipped scenes lie in ``configs/scenes``; a path to any other file works as well. Lengths are metres in the
world frame; ``top`` and ``left`` of the tabletop are those of a person who stands opposite the robot.
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from typing import Literal as OneOf

from pydantic import Field, field_validator, model_validator

from envs.eyes import ORACLE, PERCEPTIONS, name_problem
from envs.furniture import FurnitureFile
from envs.overlaps import overlapping, standing
from envs.strict import Document, FileError, Strict, choices_text, read_yaml, suggest
from skills.types import Form, Pose, Region, Shape

if TYPE_CHECKING:
    from sim.cameras import DepthCamera
    from sim.world import Fixture

Metres = Annotated[float, Field(allow_inf_nan=False, strict=False, ge=-50, le=50)]
Length = Annotated[float, Field(allow_inf_nan=False, strict=False, gt=0, le=50)]
Share = Annotated[float, Field(allow_inf_nan=False, strict=False, ge=0, le=1)]
ARTICLES = frozenset({"the", "a", "an", "of", "area", "region", "part", "hand", "table's"})
SYNONYMS = {
    "upper": "top",
    "lower": "bottom",
    "center": "middle",
    "centre": "middle",
    "edge": "side",
    "lefthand": "left",
    "righthand": "right",
    "leftmost": "left",
    "rightmost": "right",
    "tabletop": "table",
}


class BasePose(Strict):
    """Where the robot's base stands. ``yaw`` [rad]."""

    position: tuple[Metres, Metres, Metres] = (0.0, 0.0, 0.0)
    yaw: Metres = 0.0

    @field_validator("position", mode="before")
    @classmethod
    def _triple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class FixtureFile(Strict):
    """A body that never moves. ``position``: its centre; ``wall``: thickness of the walls of one that is open at the
    top; ``form``: of a solid one (cylinders stand upright)."""

    name: str
    size: tuple[Length, Length, Length]
    position: tuple[Metres, Metres, Metres]
    rgba: tuple[Share, Share, Share, Share] = (0.75, 0.70, 0.62, 1.0)
    wall: Annotated[float, Field(allow_inf_nan=False, strict=False, ge=0, le=1)] = 0.0
    form: OneOf["box", "cylinder", "sphere"] = "box"

    @property
    def shape(self) -> Shape:
        """Its form."""
        return Shape(Form.BIN, self.size, self.wall) if self.wall else Shape(Form(self.form), self.size)

    def fixture(self) -> Fixture:
        """As the physics wants it."""
        from sim.world import Fixture

        return Fixture(self.name, self.size, Pose.of(self.position), self.rgba, self.wall, Form(self.form))

    @field_validator("size", "position", "rgba", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class RegionFile(Strict):
    """A rectangle of a supporting surface. ``surface``: its height, else the scene's; ``rim``: height of the top of the
    walls around it, when it has any; ``person``: someone is there to take what is laid on it; ``view``: where somebody
    looks who stands before it, else the scene's."""

    low: tuple[Metres, Metres]
    high: tuple[Metres, Metres]
    surface: Metres | None = None
    rim: Metres | None = None
    person: bool = False
    view: tuple[Metres, Metres] | None = None

    @field_validator("low", "high", "view", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _ordered(self) -> RegionFile:
        if not all(a < b for a, b in zip(self.low, self.high, strict=True)):
            raise ValueError(f"low {self.low} must lie below high {self.high} in x and in y")
        return self


class CameraFile(Strict):
    """A fixed camera. ``eye``, ``target``: world points; ``fov``: vertical, degrees; size in pixels; ``far``: how far
    it sees."""

    eye: tuple[Metres, Metres, Metres]
    target: tuple[Metres, Metres, Metres]
    fov: Annotated[float, Field(strict=False, gt=5, lt=150)] = 50.0
    width: Annotated[int, Field(ge=16, le=4096)] = 320
    height: Annotated[int, Field(ge=16, le=4096)] = 240
    far: Length = 10.0

    def depth_camera(self, name: str) -> DepthCamera:
        """As camera perception wants it."""
        from sim.cameras import DepthCamera

        return DepthCamera(
            name, self.eye, self.target, fov=self.fov, width=self.width, height=self.height, far=self.far
        )

    @field_validator("eye", "target", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class ThingFile(Strict):
    """How one of a scene's own things starts: ``at`` a place, with ``contents`` (loose stuff) in it."""

    at: str | None = None
    contents: str | None = None


class Scene(Strict):
    """A place to work in. ``spawn``: the region in which things without a start place are drawn;
    ``objects``, ``articulated``: what lies around, and furniture with moving parts, when nobody says; ``stations``:
    places a mobile robot can stand at; ``aliases``: other names of places; ``floor``: its height, None: below the
    furniture; ``decor``: boxes that are only seen; ``camera``: for people; ``cameras``: depth cameras of camera
    perception, by name; ``perception``: where the robot's knowledge of things comes from when nobody says otherwise
    (`envs.eyes`); ``starts``: where some of its objects begin, and what is in them."""

    name: str
    about: str = ""
    robot: str = "panda"
    base: BasePose = BasePose()
    surface: Metres = 0.0
    view: tuple[Metres, Metres] | None = None
    floor: Metres | None = None
    fixtures: tuple[FixtureFile, ...] = ()
    decor: tuple[FixtureFile, ...] = ()
    places: dict[str, RegionFile]
    spawn: str
    stations: tuple[str, ...] = ()
    aliases: dict[str, str] = Field(default_factory=dict)
    articulated: tuple[FurnitureFile, ...] = ()
    camera: CameraFile
    cameras: dict[str, CameraFile] = Field(default_factory=dict)
    perception: str = ORACLE
    objects: tuple[str, ...] = ()
    starts: dict[str, ThingFile] = Field(default_factory=dict)

    @field_validator("perception")
    @classmethod
    def _known_eyes(cls, value: str) -> str:
        problem = name_problem(value, PERCEPTIONS)
        if problem:
            raise ValueError(problem)
        return value

    @field_validator("view", "fixtures", "decor", "stations", "articulated", "objects", mode="before")
    @classmethod
    def _tuples(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _consistent(self) -> Scene:
        if not self.places:
            raise ValueError("a scene needs at least one place")
        for what, names in (
            ("spawn", (self.spawn,)),
            ("stations", self.stations),
            ("aliases", tuple(self.aliases.values())),
            ("starts", tuple(t.at for t in self.starts.values() if t.at is not None)),
        ):
            for name in names:
                if name not in self.places:
                    raise ValueError(
                        f"{what}: {name!r} is no place{suggest(name, self.places)} ({', '.join(self.places)})"
                    )
        for name in self.starts:
            if name not in self.objects:
                raise ValueError(f"starts: {name!r} is none of its objects{suggest(name, self.objects)}")
        lists = {"fixtures": tuple(f.name for f in self.fixtures), "objects": self.objects}
        for what, names in (lists | {"articulated": self.furniture_names}).items():
            twice = sorted({n for n in names if names.count(n) > 1})
            if twice:
                raise ValueError(f"{what}: {twice[0]!r} occurs twice")
        return self

    @model_validator(mode="after")
    def _apart(self) -> Scene:
        solid = [standing(f.name, f.shape, Pose.of(f.position)) for f in self.fixtures]
        for piece in (f.piece(self.surface) for f in self.articulated):
            if piece.pose_world is not None:
                solid.append(standing(piece.unit.body.name, piece.unit.body.shape, piece.pose_world))
        found = overlapping(solid)
        if found is not None:
            a, b, deep = found
            raise ValueError(f"{a!r} and {b!r} overlap by {deep * 100:.1f} cm: move one of them, or make it smaller")
        return self

    @property
    def furniture_names(self) -> tuple[str, ...]:
        """Everything that the scene's own furniture with moving parts brings."""
        return tuple(n for f in self.articulated for n in f.piece(0.0).names)

    @cached_property
    def regions(self) -> dict[str, Region]:
        """The places as regions of the skills' contract, by name."""
        return {
            name: Region(
                name,
                p.low,
                p.high,
                self.surface if p.surface is None else p.surface,
                p.rim,
                p.person,
                p.view or self.view,
            )
            for name, p in self.places.items()
        }

    @cached_property
    def within(self) -> dict[str, frozenset[str]]:
        """For each place the larger places that enclose it, as `skills.state.State` wants it."""
        found = {}
        for name, region in self.regions.items():
            found[name] = frozenset(n for n, r in self.regions.items() if n != name and region.within(r))
        return found

    @property
    def base_pose(self) -> Pose:
        """pose_world_base."""
        return Pose.from_yaw(self.base.position, self.base.yaw)

    @property
    def mobile(self) -> bool:
        """Whether the robot drives between places."""
        return bool(self.stations)

    def disjoint(self, a: str, b: str) -> bool:
        """Whether nothing can be at both places: their rectangles share no inner point or their heights differ."""
        r, s = self.regions[a], self.regions[b]
        if abs(r.surface - s.surface) > 0.05:
            return True
        return any(min(r.high[i], s.high[i]) - max(r.low[i], s.low[i]) < 1e-6 for i in (0, 1))

    def resolve_place(self, name: str) -> str | None:
        """The place that a phrase means, None when none or several fit.

        Exact names first. Else articles are dropped, synonyms replaced (upper, centre, edge ...) and the words
        matched in any order; missing words are filled in when only one place is nearest ("left": left side).
        """
        if name in self.places:
            return name
        words = self._words(name)
        if not words:
            return None
        fits = sorted((len(known - words), place) for place, known in self._words_of.items() if words <= known)
        if not fits or (len(fits) > 1 and fits[0][0] == fits[1][0]):
            return None
        return fits[0][1]

    def place(self, name: str) -> str:
        """Like `resolve_place`, but raises KeyError naming the choices."""
        found = self.resolve_place(name)
        if found is None:
            known = f"{suggest(name, self.places)}; places: {', '.join(self.places)}"
            raise KeyError(f"no place {name!r} in scene {self.name!r}{known}")
        return found

    @cached_property
    def _words_of(self) -> dict[str, frozenset[str]]:
        return {name: self._words(name) for name in self.places}

    def _words(self, text: str) -> frozenset[str]:
        plain = text.lower().replace("-", " ").replace("_", " ").split()
        words = frozenset(SYNONYMS.get(w, w) for w in plain if w not in ARTICLES)
        surfaces = words - {"table"}  # "the middle of the table" is the middle
        return surfaces if surfaces and self.surface_word else words

    @property
    def surface_word(self) -> bool:
        """Whether "of the table" adds nothing: every place lies on the one table."""
        return "table" in self.places and len({r.surface for r in self.regions.values()}) == 1


@lru_cache(maxsize=1)
def scene_files() -> dict[str, Path]:
    """The shipped scenes: name -> file."""
    folder = Path(str(resources.files("configs"))) / "scenes"
    return {p.stem: p for p in sorted(folder.glob("*.yaml"))}


def list_scenes() -> list[str]:
    """Names of the shipped scenes, sorted."""
    return list(scene_files())


def load_scene(name_or_path: str | Path) -> Scene:
    """A shipped scene by name, or any scene file by path; raises FileError naming the choices."""
    text = str(name_or_path)
    shipped = scene_files()
    if text in shipped:
        return _load(shipped[text], 0)
    path = Path(text)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        if not path.is_file():
            raise FileError(f"no such scene file; shipped scenes: {choices_text(shipped)}", text)
        return _load(path.resolve(), path.stat().st_mtime_ns)
    known = choices_text(shipped)
    raise FileError(
        f"unknown scene {text!r}{suggest(text, shipped)} (shipped: {known}; or the path of a scene file)", "scene"
    )


@lru_cache(maxsize=32)
def _load(path: Path, _changed_ns: int) -> Scene:
    return read_scene(read_yaml(path))


def read_scene(document: Document) -> Scene:
    """A scene from a document; raises FileError with the line."""
    scene = document.read(Scene)
    if not math.isfinite(scene.base.yaw):
        raise document.error("base.yaw must be a number", ("base", "yaw"))
    return scene
