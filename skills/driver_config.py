"""A driver from its class and plain data: strict about keys and types, so that a typing error moves nothing.

A driver names its configuration in the class attribute ``Config``, a frozen dataclass with a default for whatever has
a sensible one. Everything here needs plain data only; who reads the YAML is no concern of a driver.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from skills.driver import DriverError, RobotDriver
from skills.resolve import suggestion

SECRET_WORDS = ("token", "password", "secret", "api_key", "private_key")
HIDDEN = "(not recorded)"


class ConfigError(ValueError):
    """A configuration that a driver cannot use; the message names the key, the choices and the remedy."""


C = TypeVar("C")


def make_driver(made: type[RobotDriver] | RobotDriver, options: Mapping[str, Any] | None = None) -> RobotDriver:
    """A driver, not connected, from its class and ``options`` (plain data for its ``Config``).

    Raises ConfigError for an unknown key, a wrong value, a missing one, or options for a driver that takes none.
    """
    if not isinstance(made, type):
        if options:
            raise ConfigError(f"{made.describe().name} is ready-made and takes no configuration; leave it out")
        return made
    if made.Config is None:
        if options:
            raise ConfigError(f"{made.__name__} takes no configuration, got {', '.join(map(str, options))}")
        return _made(made)
    return _made(made, read_config(made.Config, options or {}, made.__name__))


def _made(kind: type[RobotDriver], *config: Any) -> RobotDriver:
    lacking = sorted(getattr(kind, "__abstractmethods__", ()))
    if lacking:
        raise ConfigError(f"{kind.__name__} lacks what every driver has: {', '.join(f'{n}()' for n in lacking)}")
    try:
        return kind(*config)
    except (ConfigError, DriverError):
        raise
    except TypeError as error:
        takes = "nothing" if not config else f"one {type(config[0]).__name__}, its Config"
        raise ConfigError(f"{kind.__name__} cannot be made: {error}; its constructor takes {takes}") from error
    except Exception as error:
        raise ConfigError(f"{kind.__name__} cannot be made: {type(error).__name__}: {error}") from error


def read_config(kind: type[C], data: Any, where: str = "") -> C:
    """A dataclass from plain data. Numbers must be finite; whole numbers are taken where floats are wanted; lists
    become tuples. Raises ConfigError for everything else."""
    at = f"{where}: " if where else ""
    if not isinstance(data, Mapping):
        raise ConfigError(f"{at}expected keys and values, got {data!r}")
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    for key in data:
        if key not in known:
            hint = suggestion(str(key), known)
            raise ConfigError(f"{at}unknown key {str(key)!r}{hint or ''}; keys: {', '.join(known) or 'none'}")
    missing = [n for n, f in known.items() if n not in data and f.default is MISSING and f.default_factory is MISSING]
    if missing:
        raise ConfigError(f"{at}needs {', '.join(map(repr, missing))}")
    hints = _hints(kind)  # type: ignore[arg-type]
    try:
        return kind(**{key: _value(value, hints[key], f"{at}{key}") for key, value in data.items()})
    except ConfigError:
        raise
    except ValueError as error:
        raise ConfigError(f"{at}{error}") from error


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def without_secrets(data: Any) -> Any:
    """Plain data for a record: values whose keys speak of tokens, passwords or secrets are replaced, at any depth."""
    if isinstance(data, Mapping):
        return {k: HIDDEN if _secret(str(k)) else without_secrets(v) for k, v in data.items()}
    if isinstance(data, (list, tuple)):
        return [without_secrets(v) for v in data]
    return data


def _secret(key: str) -> bool:
    return any(word in key.lower() for word in SECRET_WORDS)


def _value(value: Any, hint: Any, name: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, UnionType):
        if value is None and type(None) in args:
            return None
        said = []
        for option in (a for a in args if a is not type(None)):
            try:
                return _value(value, option, name)
            except ConfigError as error:
                said.append(str(error))
        raise ConfigError(said[0])
    if origin is tuple:
        return _tuple(value, args, name)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{name}: expected keys and values, got {value!r}")
        return {_value(k, args[0], name): _value(v, args[1], f"{name}.{k}") for k, v in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return read_config(hint, value, name)
    if isinstance(hint, type) and issubclass(hint, Enum):
        choices = [e.value for e in hint]
        if value not in choices:
            raise ConfigError(f"{name}: {value!r} is none of {', '.join(map(str, choices))}")
        return hint(value)
    return _scalar(value, hint, name)


def _tuple(value: Any, args: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)):
        raise ConfigError(f"{name}: expected a list, got {value!r}")
    if args and args[-1] is Ellipsis:
        return tuple(_value(v, args[0], f"{name}[{i}]") for i, v in enumerate(value))
    if len(value) != len(args):
        raise ConfigError(f"{name}: expected {len(args)} values, got {len(value)}")
    return tuple(_value(v, a, f"{name}[{i}]") for i, (v, a) in enumerate(zip(value, args, strict=True)))


def _scalar(value: Any, hint: Any, name: str) -> Any:
    if hint is bool:
        if not isinstance(value, bool):
            raise ConfigError(f"{name}: expected true or false, got {value!r}")
        return value
    if hint is int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ConfigError(f"{name}: expected a whole number, got {value!r}")
        return value
    if hint is float:
        if isinstance(value, str):  # YAML 1.1 reads 1e-3 as text
            try:
                value = float(value)
            except ValueError:
                raise ConfigError(f"{name}: expected a number, got {value!r}") from None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ConfigError(f"{name}: expected a finite number, got {value!r}")
        return float(value)
    if hint is str:
        if not isinstance(value, str):
            raise ConfigError(f"{name}: expected text, got {value!r}; put it in quotes")
        return value
    raise ConfigError(f"{name}: cannot be set from a file ({hint})")
