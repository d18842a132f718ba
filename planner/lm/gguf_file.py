"""A strict reader of GGUF files: metadata and tensors, every size checked before it is believed.

The file is mapped, not read. Block-quantised tensors are expanded by the ``gguf`` package's vectorised
kernels; the header is parsed here, because a hostile one must not cost memory or time. Format: the GGUF
specification, versions 2 and 3, little-endian.
"""

from __future__ import annotations

import math
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planner.lm.errors import ModelError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MAX_ITEMS = 4_000_000
_MAX_TENSORS = 100_000
_MAX_KEYS = 100_000
_MAX_NESTING = 2
_AGAIN = "fetch the file again or name another with --model"


@dataclass(frozen=True)
class TensorEntry:
    """Where one tensor lies: ``shape`` rows first, ``kind`` the GGML type number, bytes from ``start``."""

    name: str
    shape: tuple[int, ...]
    kind: int
    start: int
    size: int


class _Cursor:
    """Reads primitive values and never runs past the end of the mapped file."""

    def __init__(self, data: memoryview, path: Path) -> None:
        self.data = data
        self.path = path
        self.at = 0

    def fail(self, what: str) -> ModelError:
        return ModelError(f"{self.path.name}: broken GGUF file ({what} at byte {self.at}); {_AGAIN}")

    def take(self, count: int) -> memoryview:
        if count > len(self.data) - self.at:
            raise self.fail("truncated")
        part = self.data[self.at : self.at + count]
        self.at += count
        return part

    def number(self, code: str) -> Any:
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def string(self) -> str:
        length = self.number("Q")
        return bytes(self.take(length)).decode("utf-8", errors="replace")

    def value(self, kind: int, depth: int = 0) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            return self._array(depth)
        if kind not in _SCALARS:
            raise self.fail(f"unknown value type {kind}")
        return self.number(_SCALARS[kind])

    def _array(self, depth: int) -> list[Any]:
        if depth >= _MAX_NESTING:
            raise self.fail("arrays nested too deeply")
        kind, count = self.number("I"), self.number("Q")
        if count > _MAX_ITEMS:
            raise self.fail(f"array of {count} items")
        if kind in _SCALARS:
            code = _SCALARS[kind]
            size = struct.calcsize("<" + code)
            return list(struct.unpack(f"<{count}{code}", self.take(count * size)))
        return [self.value(kind, depth + 1) for _ in range(count)]


class GGUFFile:
    """An open GGUF file: ``meta`` (key -> value) and ``tensors`` (name -> entry).

    Raises ``ModelError`` for anything that is not a complete, consistent GGUF file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                head = file.read(4)
                if head != b"GGUF":
                    raise ModelError(f"{path.name}: {_what_is(head)}, not a GGUF file; {_AGAIN}")
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise ModelError(f"cannot read {path}: {error.strerror or error}") from None
        cursor = _Cursor(memoryview(self._map), path)
        cursor.take(4)
        version = cursor.number("I")
        if version not in (2, 3):
            raise cursor.fail(f"version {version}, known: 2, 3")
        tensor_count, key_count = cursor.number("Q"), cursor.number("Q")
        if tensor_count > _MAX_TENSORS or key_count > _MAX_KEYS:
            raise cursor.fail(f"{tensor_count} tensors, {key_count} keys")
        self.meta: dict[str, Any] = {}
        for _ in range(key_count):
            key = cursor.string()
            self.meta[key] = cursor.value(cursor.number("I"))
        self.tensors = self._entries(cursor, tensor_count)

    def _entries(self, cursor: _Cursor, count: int) -> dict[str, TensorEntry]:
        from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

        alignment = self.meta.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 0 < alignment <= 4096:
            raise cursor.fail(f"alignment {alignment!r}")
        raw = []
        for _ in range(count):
            name = cursor.string()
            dims = cursor.number("I")
            if dims > 4:
                raise cursor.fail(f"tensor with {dims} dimensions")
            shape = tuple(cursor.number("Q") for _ in range(dims))
            raw.append((name, shape[::-1], cursor.number("I"), cursor.number("Q")))
        base = -(-cursor.at // alignment) * alignment
        entries = {}
        for name, shape, kind, offset in raw:
            try:
                block, size = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
            except (ValueError, KeyError):
                raise cursor.fail(f"tensor {name!r} has unknown type {kind}") from None
            items = math.prod(shape)
            if not shape or any(d == 0 for d in shape) or shape[-1] % block:
                raise cursor.fail(f"tensor {name!r} has shape {shape}")
            bytes_ = items // block * size
            if base + offset + bytes_ > len(cursor.data):
                raise cursor.fail(f"tensor {name!r} lies beyond the end: truncated")
            entries[name] = TensorEntry(name, shape, kind, base + offset, bytes_)
        return entries

    def array(self, name: str) -> np.ndarray:
        """One tensor, expanded to float32, in its shape (rows first)."""
        if name not in self.tensors:
            raise ModelError(f"{self.path.name}: no tensor {name!r}; {_AGAIN}")
        from gguf.constants import GGMLQuantizationType
        from gguf.quants import dequantize

        entry = self.tensors[name]
        raw = np.frombuffer(self._map, np.uint8, entry.size, entry.start)
        kind = GGMLQuantizationType(entry.kind)
        if kind == GGMLQuantizationType.F32:
            return raw.view(np.float32).reshape(entry.shape)
        if kind == GGMLQuantizationType.F16:
            return raw.view(np.float16).astype(np.float32).reshape(entry.shape)
        try:
            rows = raw.reshape(*entry.shape[:-1], -1)
            return np.asarray(dequantize(rows, kind), np.float32).reshape(entry.shape)
        except NotImplementedError:
            raise ModelError(
                f"{self.path.name}: tensor {name!r} has type {kind.name}, which cannot be expanded; "
                "use a file in F16, BF16, Q8_0, Q4_1 or a K type"
            ) from None


def _what_is(head: bytes) -> str:
    """A guess at a file's kind from its first bytes, for the error message."""
    if head[:2] == b"PK":
        return "a zip archive (perhaps a pickled torch file; those are never loaded)"
    if head[:1] == b"\x80":
        return "a pickle (never loaded: it could run anything)"
    if head[:1] in (b"<", b"{"):
        return "text (perhaps an error page)"
    return "empty" if not head else "something else"
