"""The shipped knowledge kept as JSON in the user's cache folder, so that a process need not parse forty YAML files.

The key is a SHA-256 of the files and of the code that reads them: whatever is changed is read anew. A file of the cache
that is broken, cut off or of another key counts for nothing and is written again; where nothing can be written, YAML
is read every time. Only JSON is read, never a pickle; a name in the cache stands for nothing but text.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from planner.learn.knowledge import FIELDS, Entry, Knowledge
from planner.lm.weights import cache_folder

FORMAT = 1
KEPT = 4  # files; older ones are of data that has changed
LARGEST = 64 * 2**20  # bytes
PARTS = (*FIELDS, "names")


def kept(paths: Sequence[Path], read: Callable[[], Knowledge], code: Path | None = None) -> Knowledge:
    """What ``read`` makes of the files, from the cache where it is there. ``code``: the source of the reader."""
    key = key_of(paths if code is None else (*paths, code))
    file = folder() / f"{key[:32]}.json"
    found = load(file, key)
    if found is None:
        found = read()
        with contextlib.suppress(OSError):  # a full disk or a folder of somebody else: it works all the same
            save(file, key, found)
    return found


def folder() -> Path:
    """Where the files are."""
    return cache_folder() / "knowledge"


def key_of(paths: Sequence[Path]) -> str:
    """Hexadecimal SHA-256 of the files: their names, lengths and bytes."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for path in paths:
        data = path.read_bytes()
        digest.update(f"\0{path.name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def save(file: Path, key: str, knowledge: Knowledge) -> None:
    """Write the file in one move: whoever reads meanwhile finds all of it or nothing. Raises OSError."""
    numbers: dict[tuple[str, ...], int] = {}
    rows = [[e.name, *(numbers.setdefault(getattr(e, p), len(numbers)) for p in PARTS)] for e in knowledge]
    body = json.dumps([list(numbers), rows], ensure_ascii=False, separators=(",", ":")).encode()
    head = json.dumps({"key": key, "body": hashlib.sha256(body).hexdigest()}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(head + b"\n" + body)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for old in sorted(file.parent.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)


def load(file: Path, key: str) -> Knowledge | None:
    """The knowledge in the file; None when it is not there, not whole, or of another key."""
    try:
        if file.stat().st_size > LARGEST:
            return None
        head, _, body = file.read_bytes().partition(b"\n")
        said = json.loads(head)
        if said["key"] != key or said["body"] != hashlib.sha256(body).hexdigest():
            return None
        lists, rows = json.loads(body)
        phrases = [tuple(map(_text, one)) for one in lists]
        return Knowledge(Entry(_text(name), **_fields(phrases, where)) for name, *where in rows)
    except (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _fields(phrases: Sequence[tuple[str, ...]], where: Sequence[int]) -> dict[str, tuple[str, ...]]:
    return {part: phrases[i] for part, i in zip(PARTS, where, strict=True)}


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(f"expected text, got {said!r}")
    return said
