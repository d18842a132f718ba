"""Names from outside to classes and functions: ``"module:Class"`` or an installed entry point of a group."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any


class ResolveError(LookupError):
    """A name that leads nowhere, or to the wrong kind of thing; the message lists the choices."""


def available(group: str) -> dict[str, EntryPoint]:
    """The installed entry points of a group, by name."""
    return {point.name: point for point in entry_points(group=group)}


def suggestion(name: str, choices: Iterable[str]) -> str:
    """``", did you mean 'x'?"`` when one of the choices is close, else an empty string."""
    close = difflib.get_close_matches(name, list(choices), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def resolve(name: str, group: str, kind: type | None = None) -> Any:
    """What ``name`` stands for: ``"package.module:attribute"``, or an entry point of ``group``.

    ``kind``: the class that a result must derive from (a class) or be an instance of (anything else).
    Raises ResolveError when nothing is there, when it cannot be imported, or when it is of another kind.
    """
    if not isinstance(name, str) or not name.strip():
        raise ResolveError(f"a {group} name must be a word or module:Class, got {name!r}")
    found = _from_module(name) if ":" in name else _from_group(name, group)
    fits = kind is None or (isinstance(found, type) and issubclass(found, kind)) or isinstance(found, kind)
    if not fits:
        assert kind is not None
        wanted = f"{kind.__module__}:{kind.__name__}"
        hint = f"; let the class derive from {wanted}" if isinstance(found, type) else ""
        raise ResolveError(f"{name!r} is {found!r}, which is no {wanted}{hint}")
    return found


def _from_group(name: str, group: str) -> Any:
    points = available(group)
    if name not in points:
        known = ", ".join(sorted(points)) or "none installed"
        raise ResolveError(
            f"no {group} named {name!r}{suggestion(name, points)}; known: {known}; or write module:Class"
        )
    try:
        return points[name].load()
    except Exception as error:  # somebody's package may raise anything
        raise ResolveError(f"{group} {name!r} ({points[name].value}) cannot be loaded: {error}") from error


def _module(path: str, name: str) -> Any:
    """A module by its path. One that lies in the present folder is found, too, as ``python -m`` finds it."""
    top = path.partition(".")[0]
    here = Path.cwd()
    if ((here / f"{top}.py").exists() or (here / top).is_dir()) and str(here) not in sys.path:
        sys.path.append(str(here))
        importlib.invalidate_caches()
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name == top:
            raise ResolveError(
                f"no module {top!r}, for {name!r}: install its package (pip install -e FOLDER), or start from the "
                f"folder that {top}.py lies in"
            ) from error
        raise ResolveError(f"cannot import module {path!r} of {name!r}: {error}") from error
    except Exception as error:  # somebody's file may raise anything
        said = str(error) if isinstance(error, (ImportError, ValueError)) else f"{type(error).__name__}: {error}"
        raise ResolveError(f"cannot import module {path!r} of {name!r}: {said}") from error


def _from_module(name: str) -> Any:
    path, _, attribute = name.partition(":")
    found: Any = _module(path, name)
    walked = path
    for part in attribute.split("."):
        if not hasattr(found, part):
            public = sorted(n for n in vars(found) if not n.startswith("_")) if hasattr(found, "__dict__") else []
            raise ResolveError(
                f"{walked} has no {part!r}{suggestion(part, public)}; it has: {', '.join(public) or 'nothing'}"
            )
        found = getattr(found, part)
        walked = f"{walked}.{part}"
    return found
