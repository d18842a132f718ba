"""What ran: the version and commit of the code, the checksum of the model."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from pathlib import Path
from typing import Any


def code_identity() -> dict[str, Any]:
    """``version``, and ``commit`` with ``changed`` (files differ from it) when the code runs from a checkout."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        found: dict[str, Any] = {"version": version("groundplan")}
    except PackageNotFoundError:
        found = {"version": "not installed"}
    commit, changed = _checkout(Path(__file__).resolve().parents[1])
    return found | {"commit": commit, "changed": changed}


@functools.cache  # many runs in one process ask, and git takes a while
def _checkout(root: Path) -> tuple[str | None, bool | None]:
    commit = _git(root, "rev-parse", "HEAD") if (root / ".git").exists() else ""
    if not commit:
        return None, None
    return commit, bool(_git(root, "status", "--porcelain", "--untracked-files=no"))


def _git(root: Path, *args: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *args], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def model_digest(path: Path) -> str | None:
    """SHA-256 of a weights file; of a folder's files by name and content. None above 4 GiB: it would take too long."""
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if p.suffix in (".safetensors", ".json"))
    if sum(p.stat().st_size for p in files) > 4 << 30:
        return None
    total = hashlib.sha256()
    for file in files:
        if path.is_dir():
            total.update(file.name.encode() + b"\0")
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                total.update(chunk)
    return total.hexdigest()
