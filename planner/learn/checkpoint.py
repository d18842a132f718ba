"""The whole state of a training run on disk, so that it goes on exactly where it was after any kind of end.

``state.safetensors`` holds parameters and both moments of AdamW in float32; ``state.json`` everything else. A
checkpoint is a folder that appears by one rename; the one before it is removed afterwards. No pickle anywhere.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

_PREFIX = "checkpoint-"


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says what to do."""


def save(folder: Path, step: int, tensors: Mapping[str, torch.Tensor], facts: Mapping[str, Any]) -> Path:
    """Write checkpoint ``step`` into ``folder`` and remove older ones; returns its path."""
    from safetensors.torch import save_file

    target = folder / f"{_PREFIX}{step:07d}"
    work = folder / f".{target.name}.{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    save_file({n: t.detach().cpu().contiguous() for n, t in tensors.items()}, str(work / "state.safetensors"))
    (work / "state.json").write_text(json.dumps(facts), encoding="utf-8")
    for path in work.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    shutil.rmtree(target, ignore_errors=True)
    work.rename(target)
    for old in found(folder):
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
    return target


def found(folder: Path) -> list[Path]:
    """Complete checkpoints, oldest first."""
    return sorted(p for p in folder.glob(f"{_PREFIX}*") if p.is_dir())


def load(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Tensors and facts of the newest readable checkpoint; None if there is none.

    Raises CheckpointError if there are some and none can be read.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    paths = found(folder)
    for path in reversed(paths):
        try:
            facts = json.loads((path / "state.json").read_text(encoding="utf-8"))
            return load_file(str(path / "state.safetensors")), facts
        except (OSError, ValueError, SafetensorError):
            continue
    if paths:
        raise CheckpointError(f"no checkpoint in {folder} can be read; remove {folder} and train again")
    return None
