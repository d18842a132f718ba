"""Rows of a measurement in a file, one JSON line each as they come: what is killed goes on where it stopped.

The first line says what the rows depend on (seed, knowledge, model, code); rows of something else are never mixed in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class RowsError(ValueError):
    """The file holds rows of something else."""


class RowFile:
    """``rows``: what is in the file, oldest first; a line that was cut off is taken away."""

    def __init__(self, path: Path, head: Mapping[str, Any]) -> None:
        """Raises RowsError when the file belongs to another head or is no file of rows, OSError."""
        self.path, self.rows = path, list[dict[str, Any]]()
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_bytes() if path.is_file() else b""
        whole = text[: text.rfind(b"\n") + 1]
        if whole:
            self._take(whole, dict(head))
        if whole != text or not whole:
            path.write_bytes(whole or json.dumps(dict(head)).encode() + b"\n")

    def _take(self, text: bytes, head: dict[str, Any]) -> None:
        try:
            said, *self.rows = [json.loads(line) for line in text.decode().splitlines()]
            other = sorted(k for k in {*said, *head} if said.get(k) != head.get(k))
        except (ValueError, TypeError, AttributeError) as error:
            raise RowsError(f"{self.path} is no file of rows ({error}); remove it or choose another folder") from None
        if other:
            raise RowsError(f"{self.path} holds rows of another {', '.join(other)}; remove it or choose another folder")

    def add(self, row: Mapping[str, Any]) -> None:
        """One more row, on disk before this returns."""
        self.rows.append(dict(row))
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
