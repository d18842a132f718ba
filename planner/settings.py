"""Typed settings: one frozen dataclass per part, read strictly from a file and from ``key=value`` pairs.

Every default stands in the dataclass of its part and nowhere else. The resolved settings are plain data
(`as_dict`) and go into every episode, so that a run can be repeated from its own record.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from envs.stage import StageSettings
from planner.budget import Budget
from planner.ground.grounder import GroundConfig
from planner.lm.address import is_address, parse_address
from planner.propose.proposer import ProposeConfig
from planner.robot_settings import RobotSettings


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the key, the choices and the remedy."""


@dataclass(frozen=True)
class ModelSettings:
    """Which language model, and how it runs. ``name``: "default", a GGUF file, a folder, a hub name, or the address
    of an OpenAI-compatible server (http://HOST:PORT/v1, or with #NAME to choose one of its models)."""

    name: str = "default"
    dtype: str = "auto"  # bfloat16 where the processor is fast at it (4x here), else float32
    threads: int | None = None  # of the whole process; None: as torch chooses
    # a PEFT folder on top of it; "default": the shipped one, where ``name`` is the default model; "none"
    adapter: str = "default"
    fallback: str | None = None  # a local model ("default", ...) that answers when the server does not, or cannot score
    timeout: float = 60.0  # seconds one request to a server may take in all
    retries: int = 2  # of a request to a server that failed

    def __post_init__(self) -> None:
        for key in ("name", "fallback"):
            value = getattr(self, key)
            if value is not None and is_address(value):
                if key == "fallback":
                    raise ValueError("fallback: a model of this machine, such as default, not another server")
                try:
                    parse_address(value)
                except ValueError as error:
                    raise ValueError(f"name: {error}") from None
        if not 0.1 <= self.timeout <= 3600:
            raise ValueError(f"timeout: 0.1 to 3600 seconds, not {self.timeout}")
        if not 0 <= self.retries <= 20:
            raise ValueError(f"retries: 0 to 20, not {self.retries}")
        if self.dtype not in ("auto", "float32", "float16", "bfloat16", "int8", "int4"):
            raise ValueError(f"dtype: auto, float32, float16, bfloat16, int8 or int4, not {self.dtype!r}")
        if self.threads is not None and not 1 <= self.threads <= 256:
            raise ValueError(f"threads: 1 to 256 or null, not {self.threads}")


@dataclass(frozen=True)
class VideoSettings:
    """What is filmed. Sizes in pixels; ``speed``: 2 plays twice as fast as the simulated time."""

    enabled: bool = True  # not "on": YAML 1.1 reads that word as true
    width: int = 480
    height: int = 360
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not all(64 <= v <= 4096 and v % 2 == 0 for v in (self.width, self.height)):
            raise ValueError(f"width and height are even, 64 to 4096 pixels, not {self.width} x {self.height}")
        if not 0.1 <= self.speed <= 50:
            raise ValueError(f"speed lies between 0.1 and 50, not {self.speed}")


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, by part. ``faults``: what goes wrong on purpose in the simulator, each such as
    ``{kind: slip, when: carrying, at: 30}``."""

    model: ModelSettings = field(default_factory=ModelSettings)
    propose: ProposeConfig = field(default_factory=ProposeConfig)
    ground: GroundConfig = field(default_factory=GroundConfig)
    stage: StageSettings = field(default_factory=StageSettings)
    budget: Budget = field(default_factory=Budget)
    video: VideoSettings = field(default_factory=VideoSettings)
    robot: RobotSettings = field(default_factory=RobotSettings)
    faults: tuple[Any, ...] = ()


T = TypeVar("T")


def resolve(base: T, file: Path | None = None, pairs: Iterable[str] = ()) -> T:
    """``base`` overlaid by a YAML file, then by ``key=value`` pairs with dotted keys.

    Raises SettingsError on an unknown key (with the nearest known one), a value of the wrong type, or a
    file that cannot be read.
    """
    import yaml

    if file is not None:
        try:
            data = yaml.safe_load(file.read_text(encoding="utf-8"))
        except OSError as e:
            raise SettingsError(f"cannot read the settings file {file}: {e.strerror or e}") from e
        except (yaml.YAMLError, UnicodeDecodeError) as e:
            raise SettingsError(f"{file} is not YAML: {' '.join(str(e).split())}") from e
        base = overlay(base, {} if data is None else data, where=str(file))
    for pair in pairs:
        key, sep, text = pair.partition("=")
        if not sep or not key.strip():
            raise SettingsError(f"--set wants key=value, got {pair!r}; keys: {', '.join(keys(base))}")
        try:
            value = yaml.safe_load(text) if text.strip() else ""
        except yaml.YAMLError as e:
            raise SettingsError(f"--set {key.strip()}: {text!r} is not a value") from e
        nested: Any = value
        for part in reversed(key.strip().split(".")):
            nested = {part: nested}
        base = overlay(base, nested, where="--set")
    return base


def overlay(base: T, data: Any, where: str = "", path: str = "") -> T:
    """A copy of the dataclass ``base`` with the values in ``data`` put in; strict about keys and types."""
    assert is_dataclass(base)
    at = f"{where}: " if where else ""
    if not isinstance(data, Mapping):
        choices = ", ".join(f"{path}{f.name}" for f in fields(base))
        raise SettingsError(f"{at}{path.rstrip('.') or 'settings'} has parts, it takes no value itself: {choices}")
    hints = get_type_hints(type(base))
    known = [f.name for f in fields(base)]
    new: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise SettingsError(f"{at}unknown key {path + str(key)!r}{_hint(base, path, str(key))}")
        old = getattr(base, key)
        if is_dataclass(old):
            new[key] = overlay(old, value, where, f"{path}{key}.")
        elif hints[key] is Any and isinstance(old, Mapping) and isinstance(value, Mapping):
            new[key] = _merged(old, value)  # somebody else's keys: known to who reads them
        else:
            new[key] = _coerce(value, hints[key], f"{at}{path}{key}")
    try:
        return replace(base, **new)  # type: ignore[type-var]
    except SettingsError:
        raise
    except ValueError as e:
        raise SettingsError(f"{at}{path}{e}") from e


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    both = {k: _merged(old[k], v) for k, v in new.items() if isinstance(v, Mapping) and isinstance(old.get(k), Mapping)}
    return {**old, **new, **both}


def keys(settings: object, path: str = "") -> list[str]:
    """Every dotted key of a settings tree, in order."""
    found: list[str] = []
    for f in fields(settings):  # type: ignore[arg-type]
        value = getattr(settings, f.name)
        found += keys(value, f"{path}{f.name}.") if is_dataclass(value) else [f"{path}{f.name}"]
    return found


def as_dict(settings: object) -> dict[str, Any]:
    """Plain data, fit for JSON; `overlay` reads it back."""

    def plain(value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return as_dict(value)
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, (tuple, list)):
            return [plain(v) for v in value]
        if isinstance(value, (set, frozenset)):
            return sorted(plain(v) for v in value)
        if isinstance(value, Mapping):
            return {str(k): plain(v) for k, v in value.items()}
        return str(value) if isinstance(value, Path) else value

    return {f.name: plain(getattr(settings, f.name)) for f in fields(settings)}  # type: ignore[arg-type]


def _hint(base: object, path: str, key: str) -> str:
    """The nearest known keys: here, or anywhere below when the person left out the part's name."""
    here = [f"{path}{f.name}" for f in fields(base)]  # type: ignore[arg-type]
    every = keys(base, path)
    known = list(dict.fromkeys([*here, *every]))
    close = difflib.get_close_matches(path + key, known, n=1, cutoff=0.6)
    close += [k for k in every if k.rsplit(".", 1)[-1] == key and k not in close]
    if close:
        return f", did you mean {' or '.join(repr(c) for c in close[:2])}?"
    return f"; keys: {', '.join(here)}"


def _coerce(value: Any, hint: Any, name: str) -> Any:
    """``value`` as the annotated type, or a SettingsError that says what was wanted."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and type(None) in args:
            return None
        rest = [a for a in args if a is not type(None)]
        for option in rest[:-1]:
            try:
                return _coerce(value, option, name)
            except SettingsError:
                continue
        return _coerce(value, rest[-1], name)
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise SettingsError(f"{name}: wants a list, got {value!r}")
        if args and args[-1] is Ellipsis:
            return tuple(_coerce(v, args[0], name) for v in value)
        if len(value) != len(args):
            raise SettingsError(f"{name}: wants {len(args)} values, got {len(value)}")
        return tuple(_coerce(v, a, name) for v, a in zip(value, args, strict=True))
    if isinstance(hint, type) and issubclass(hint, Enum):
        choices = [e.value for e in hint]
        if value not in choices:
            raise SettingsError(f"{name}: {value!r} is none of {', '.join(map(str, choices))}")
        return hint(value)
    if hint is bool:
        if isinstance(value, bool):
            return value
        raise SettingsError(f"{name}: wants true or false, got {value!r}")
    if hint is int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise SettingsError(f"{name}: wants a whole number, got {value!r}")
    if hint is float:
        return _number(value, name)
    if hint is str:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        raise SettingsError(f"{name}: wants text, got {value!r}")
    if hint is Path:
        return Path(str(value))
    if hint is Any:
        return value
    raise SettingsError(f"{name}: cannot be set from text ({hint})")


def _number(value: Any, name: str) -> float:
    if isinstance(value, str):  # YAML 1.1 reads 1e-3 as text
        try:
            value = float(value)
        except ValueError:
            raise SettingsError(f"{name}: wants a number, got {value!r}") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise SettingsError(f"{name}: wants a finite number, got {value!r}")
    return float(value)
