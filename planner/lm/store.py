"""The prepared form of a checkpoint on disk: weights expanded once, mapped ever after.

A GGUF file is block-quantised; expanding it takes seconds. The first load writes the fused tensors as
safetensors beside ``tokenizer.json`` and ``config.json`` into a folder named after the file's digest and the
number type; later loads map that file, so a start costs milliseconds and processes share the memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from planner.lm.checkpoint import Source, canonical
from planner.lm.config import ModelConfig
from planner.lm.errors import ModelError
from planner.lm.half import halved
from planner.lm.int4 import packing, quantised4
from planner.lm.linear import quantised

_FORMAT = 2
_TYPE_NAMES = {
    torch.float32: "F32",
    torch.bfloat16: "BF16",
    torch.float16: "F16",
    torch.int8: "I8",
    torch.uint8: "U8",
}


def number_type(dtype: str) -> torch.dtype:
    """The type that activations have."""
    return torch.float32 if dtype in ("float32", "float16") else torch.bfloat16


def tensors_of(source: Source, dtype: str) -> Iterator[tuple[str, torch.Tensor]]:
    """Canonical tensors of a source for "float32", "float16", "bfloat16", "int8" or "int4"."""
    tensors = canonical(source, number_type(dtype))
    if dtype == "float16":
        return halved(tensors)
    ways = {"int8": quantised, "int4": quantised4}
    return ways[dtype](tensors, source.config.tied) if dtype in ways else tensors


def prepared_folder(cache: Path, digest: str, dtype: str) -> Path:
    """Where the prepared form of a checkpoint lies."""
    dtype = f"{dtype}-{packing()}" if dtype == "int4" else dtype
    return cache / "prepared" / f"{digest[:24]}-{dtype}-v{_FORMAT}"


ADAPTED = "adapted-"  # begins the digests of prepared checkpoints with an adapter in them
_KEPT = 4


def forget_old(folder: Path, kept: int = _KEPT) -> None:
    """Remove prepared checkpoints with an adapter that were not used for longest, all but ``kept`` and ``folder``.

    A new adapter makes a new one of some 600 MB, and nobody would ever clear the old ones away.
    """
    with contextlib.suppress(OSError):
        others = [p for p in folder.parent.glob(f"{ADAPTED}*") if p != folder]
        others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
        for old in others[max(0, kept - 1) :]:
            shutil.rmtree(old, ignore_errors=True)


def write_prepared(folder: Path, source: Source, dtype: str, report: Callable[[int], None] | None = None) -> None:
    """Expand ``source`` into ``folder`` (atomic: the folder appears complete or not at all).

    ``report`` is called with the number of bytes written so far.
    """
    tokenizer = source.tokenizer_json()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".work-", dir=folder.parent))
    except OSError as error:
        raise ModelError(
            f"cannot write to {folder.parent} ({error.strerror}); set GROUNDPLAN_HOME to a writable folder"
        ) from None
    try:
        write_tensors(work / "model.safetensors", tensors_of(source, dtype), report)
        (work / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
        (work / "config.json").write_text(json.dumps(source.config.to_json()), encoding="utf-8")
        # another process may have been faster: then its folder is as good as ours
        with contextlib.suppress(OSError):
            work.rename(folder)
    except OSError as error:
        raise ModelError(
            f"cannot write {folder} ({error.strerror}); free some space or set GROUNDPLAN_HOME elsewhere"
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_tensors(
    path: Path, tensors: Iterator[tuple[str, torch.Tensor]], report: Callable[[int], None] | None
) -> None:
    """Write safetensors one tensor after the other: header space is reserved and filled in at the end."""
    room = (1 << 18) - 8  # with the 8 bytes of its length: tensors start on a 64-byte border
    entries: dict[str, object] = {}
    at = 0
    with path.open("wb") as file:
        file.write(b"\0" * (8 + room))
        for name, tensor in tensors:
            raw = tensor.view(torch.uint8 if tensor.dim() else torch.int16).numpy()
            entries[name] = {
                "dtype": _TYPE_NAMES[tensor.dtype],
                "shape": list(tensor.shape),
                "data_offsets": [at, at + raw.nbytes],
            }
            raw.tofile(file)
            at += raw.nbytes
            if report:
                report(at)
        header = json.dumps(entries, separators=(",", ":")).encode()
        if len(header) > room:
            raise ModelError(f"{len(entries)} tensors are too many for the prepared form; use a smaller model")
        file.seek(0)
        file.write(room.to_bytes(8, "little") + header.ljust(room))
        file.flush()
        os.fsync(file.fileno())


def read_prepared(folder: Path) -> tuple[ModelConfig, dict[str, torch.Tensor], str]:
    """Configuration, mapped tensors and tokenizer text of a prepared checkpoint."""
    from safetensors import SafetensorError, safe_open

    try:
        config = ModelConfig.from_json(json.loads((folder / "config.json").read_text(encoding="utf-8")))
        tokenizer = (folder / "tokenizer.json").read_text(encoding="utf-8")
        handle: Any = safe_open(str(folder / "model.safetensors"), framework="pt")
        tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise ModelError(f"prepared weights in {folder} are damaged ({error}); delete that folder") from None
    return config, tensors, tokenizer


def read_direct(source: Source, dtype: str) -> tuple[ModelConfig, dict[str, torch.Tensor], str]:
    """The same from a source without a prepared form (Hugging Face folders)."""
    config = replace(source.config, name=source.config.name or source.label)
    return config, dict(tensors_of(source, dtype)), source.tokenizer_json()
