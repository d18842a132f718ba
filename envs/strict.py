"""Strict reading of YAML: safe, typed, and every complaint names the file, the line and the choices.

The file is composed once into nodes, which know their lines, and from the same nodes into plain data.
"""

from __future__ import annotations

import difflib
import gc
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

MAX_BYTES = 64 * 1024 * 1024
Path_ = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml was built in


class FileError(ValueError):
    """Something wrong in a file of ours. ``file``, ``line`` (from 1; 0: the whole file) and ``where``."""

    def __init__(self, message: str, file: str, line: int = 0, where: str = "") -> None:
        self.message, self.file, self.line, self.where = message, file, line, where
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {where + ': ' if where else ''}{message}")


def suggest(name: str, choices: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` for a near miss, else nothing."""
    pool = {c.lower(): c for c in choices}
    near = difflib.get_close_matches(name.lower(), list(pool), n=1, cutoff=0.6)
    return f"; did you mean {pool[near[0]]!r}?" if near else ""


def choices_text(names: Iterable[str], limit: int = 24) -> str:
    """The choices for an error message, shortened when there are very many."""
    known = list(names)
    more = f", ... ({len(known) - limit} more)" if len(known) > limit else ""
    return (", ".join(known[:limit]) or "none") + more


class Strict(BaseModel):
    """Base of everything read from YAML: exact types, no unknown key, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            raise PydanticCustomError("not_a_mapping", "expected a mapping, got {got}", {"got": describe(data)})
        known = list(cls.model_fields)
        for key in data:
            if key not in known:
                hint = suggest(str(key), known)
                text = "unknown key {name}{hint} (known: {known})"
                raise PydanticCustomError(
                    "unknown_key", text, {"name": repr(key), "hint": hint, "known": ", ".join(known), "path": (key,)}
                )
        return data


def describe(data: Any) -> str:
    """A value for an error message, short."""
    if data is None:
        return "nothing"
    text = repr(data)
    return f"{type(data).__name__} {text if len(text) <= 60 else text[:57] + '...'}"


@dataclass(frozen=True, eq=False)
class Document:
    """Plain data with the lines it came from. ``file``: how to call it in messages."""

    data: Any
    file: str
    root: yaml.Node | None = None

    def line(self, path: Path_ = ()) -> int:
        """The line (from 1) of the value at ``path``, or of the nearest thing that is there."""
        node = self.root
        if node is None:
            return 0
        line = node.start_mark.line + 1
        for step in path:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line

    def error(self, message: str, path: Path_ = (), where: str = "") -> FileError:
        """An error at the line of ``path``."""
        return FileError(message, self.file, self.line(path), where)

    def read(self, model: type[M], path: Path_ = (), where: str = "") -> M:
        """The value at ``path`` as a typed model; raises FileError for the first thing that is wrong."""
        value = self.data
        for step in path:
            value = value[step]
        try:
            return model.model_validate(value)
        except ValidationError as err:
            raise self.complain(err, path, where) from None

    def complain(self, err: ValidationError, path: Path_ = (), where: str = "") -> FileError:
        """The first problem of a validation as one line."""
        problem = err.errors(include_url=False)[0]
        loc = tuple(problem["loc"])
        ctx = problem.get("ctx", {})
        full = (*path, *loc, *ctx.get("path", ()))
        label = ".".join(str(s) for s in loc)
        kind, got = problem["type"], problem["input"]
        if kind == "missing":
            short = isinstance(loc[-1], int)  # a list with too few entries
            what = f"{'.'.join(map(str, loc[:-1]))}: too short, entry {loc[-1]}" if short else f"the key {loc[-1]!r}"
            message = f"{what} is missing"
            full = full[:-1]
        elif kind == "string_type":
            hint = " (put it in quotes)" if got is not None and not isinstance(got, list | dict) else ""
            message = f"{label}: expected text, got {describe(got)}{hint}"
        elif kind == "unknown_key":
            message = f"{label + ': ' if label else ''}{problem['msg']}"
        else:
            text = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
            expected = "expected " if problem["msg"].startswith("Input should be ") else ""
            got_text = f", got {describe(got)}" if expected else ""
            message = f"{label + ': ' if label else ''}{expected}{text}{got_text}"
        more = len(err.errors()) - 1
        return self.error(message + (f" (and {more} more)" if more else ""), full, where)


def read_yaml(path: Path | str) -> Document:
    """Read one file; raises FileError when it is missing, empty, too large, not text or not YAML."""
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise FileError(f"larger than {MAX_BYTES // 2**20} MiB; split it", str(path))
        raw = file.read_bytes()
    except IsADirectoryError:
        raise FileError("is a folder; name a YAML file in it", str(path)) from None
    except FileNotFoundError:
        near = sorted(p.name for p in file.parent.glob("*.y*ml")) if file.parent.is_dir() else []
        beside = f"; YAML files beside it: {choices_text(near)}" if near else ""
        raise FileError(f"no such file{suggest(file.name, near)}{beside}", str(path)) from None
    except OSError as err:
        raise FileError(f"cannot be read: {err.strerror or err}", str(path)) from None
    try:
        return parse_yaml(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as err:
        line = raw[: err.start].count(b"\n") + 1
        raise FileError("is not UTF-8 text; save it as UTF-8", str(path), line) from None


def parse_yaml(text: str, file: str = "<text>") -> Document:
    """Read YAML text; raises FileError, also for a key that is written twice in one mapping."""
    loader = None
    collecting = gc.isenabled()
    gc.disable()  # a large file makes a million nodes, none of them garbage: half the time went into looking
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            raise FileError("is empty", file)
        _no_twins(root, file)
        data = loader.construct_document(root)
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark else 0
        raise FileError(f"not valid YAML: {err.problem}", file, line) from None
    except (yaml.YAMLError, RecursionError, ValueError) as err:
        if isinstance(err, FileError):
            raise
        what = "nested too deeply" if isinstance(err, RecursionError) else str(err).splitlines()[0]
        raise FileError(f"not valid YAML: {what}", file) from None
    finally:
        if loader is not None:
            loader.dispose()
        if collecting:
            gc.enable()
    return Document(data, file, root)


def _no_twins(root: yaml.Node, file: str) -> None:
    """Plain YAML lets the later of two equal keys win silently: a lost line that nobody sees."""
    todo, seen = [root], set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if isinstance(key.value, str):
                    if key.value in keys and key.value != "<<":
                        raise FileError(f"the key {key.value!r} is written twice", file, key.start_mark.line + 1)
                    keys.add(key.value)
                todo.append(value)
