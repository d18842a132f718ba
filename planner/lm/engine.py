"""Loading a language model that runs on this machine.

``load_language_model()`` is the way in; what it returns is explained in ``planner.lm.local``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from planner.lm import half
from planner.lm.checkpoint import Source
from planner.lm.config import ModelConfig
from planner.lm.draft import choose_drafter
from planner.lm.errors import ModelError
from planner.lm.linear import fast_bfloat16
from planner.lm.local import LocalModel
from planner.lm.lora import AdaptedSource, adapter_digest, trained_form
from planner.lm.model import Ready, Transformer
from planner.lm.packing import packed_weights, usable
from planner.lm.store import (
    ADAPTED,
    forget_old,
    number_type,
    prepared_folder,
    read_direct,
    read_prepared,
    write_prepared,
)
from planner.lm.tokenizer import TextTokenizer
from planner.lm.weights import ModelFile, cache_folder, find_model

__all__ = ["LocalModel", "fast_bfloat16", "lasting_dtype", "load_language_model", "usual_dtype"]

_DTYPES = ("float32", "float16", "bfloat16", "int8", "int4")


def usual_dtype() -> str:
    """bfloat16 where the processor multiplies it in hardware, else float32: both start at once, from a mapped file."""
    return "bfloat16" if fast_bfloat16() else "float32"


def lasting_dtype() -> str:
    """For a process that runs long and writes much: float16 weights where the processor does not multiply bfloat16.

    They write in some three fifths of the time of float32 and are worth the seconds that packing them takes.
    """
    return "float16" if not fast_bfloat16() and half.usable() else usual_dtype()


def load_language_model(
    model: str | Path | None = None,
    dtype: str = "auto",
    threads: int | None = None,
    progress: bool = False,
    kv_budget: int | None = None,
    adapter: str | Path | None = None,
    draft: str = "auto",
    draft_model: str | Path | None = None,
) -> LocalModel:
    """Load a language model.

    Args:
        model: None for the default weights, a GGUF file, a Hugging Face folder, or a hub name.
        dtype: "float32", "float16" (weights only; activations float32), "bfloat16", "int8" or "int4" (weights only;
            activations bfloat16), or "auto", see ``usual_dtype``.
        threads: number of processor threads for the whole process; None leaves it as it is.
        progress: show progress bars while fetching and preparing.
        kv_budget: most memory for keys and values of one sequence [bytes]; None allows the full context.
        adapter: a PEFT LoRA folder, merged into the weights; of a file, the sum is prepared once and mapped.
        draft: who guesses ahead when text is written, see ``planner.lm.draft.choose_drafter``; changes the speed only.
        draft_model: a smaller model of the same tokenizer for it, named like ``model``.

    Raises:
        ModelError: no such model, broken file, unknown architecture.
    """
    if dtype == "auto":
        dtype = usual_dtype()
    if dtype not in _DTYPES:
        raise ModelError(f"unknown dtype {dtype!r}; known: auto, {', '.join(_DTYPES)}")
    if threads is not None:
        torch.set_num_threads(threads)
    _let_freed_memory_stay()
    if dtype == "float16" and not half.usable():
        raise ModelError("float16 weights need PyTorch for x86 with FBGEMM; choose float32 or bfloat16")
    file = find_model(model, progress)
    folder = None if adapter is None else Path(adapter)
    if folder is not None:
        file = _adapted(file, folder)
    config, tensors, tokenizer = _tensors(file, dtype, progress, folder)
    transformer = Transformer(config, tensors, _packed(file, config, tensors, dtype))
    loaded = LocalModel(config, transformer, TextTokenizer.from_json(tokenizer), file.name, kv_budget)
    loaded.form = None if folder is None else trained_form(folder)  # type: ignore[attr-defined]
    smaller = None if draft_model is None else load_language_model(draft_model, dtype, progress=progress, draft="none")
    drafter = choose_drafter(draft, loaded, smaller)
    if drafter is None:
        loaded.guess = 0
    else:
        loaded.drafter = drafter
    return loaded


def _let_freed_memory_stay() -> None:
    """Intermediate results of a pass are a few MB each: a tenth of its time would go into mapping them anew.

    The C library returns what is larger than a threshold to the system at once, and raises the threshold when it
    sees that such a block is freed, up to 32 MB. One block of nearly that size, never touched, saves it the learning.
    """
    torch.empty((32 << 20) - (64 << 10), dtype=torch.uint8)


def _packed(file: ModelFile, config: ModelConfig, tensors: dict[str, torch.Tensor], dtype: str) -> Mapping[str, Ready]:
    """The matrices in the processor's own layout, where it has one; they leave ``tensors`` if they are not mapped."""
    if dtype == "float16":
        return half.pack_behind(tensors, config.tied, mapped=file.digest is not None)
    if dtype not in ("bfloat16", "float32") or not usable(number_type(dtype)):
        return {}
    if file.digest is not None:
        return packed_weights(tensors, config.tied, prepared_folder(cache_folder(), file.digest, dtype))
    packed = packed_weights(tensors, config.tied)
    for name in packed.keys() - {"head"}:  # rows of the head are looked up
        del tensors[name]
    return packed


def _adapted(file: ModelFile, folder: Path) -> ModelFile:
    """The same file under the name and the digest of its sum with an adapter."""
    digest = adapter_digest(folder)
    if file.digest is not None:
        both = hashlib.sha256(f"{file.digest} {digest}".encode()).hexdigest()
        file = replace(file, digest=f"{ADAPTED}{both}")
    return replace(file, name=f"{file.name}+{folder.name}")


def _tensors(
    file: ModelFile, dtype: str, progress: bool, adapter: Path | None = None
) -> tuple[ModelConfig, dict[str, torch.Tensor], str]:
    """Prepared tensors of a GGUF file (prepared now if they are not yet), or those of a folder."""
    if file.digest is not None:
        folder = prepared_folder(cache_folder(), file.digest, dtype)
        if folder.is_dir():
            try:
                found = read_prepared(folder)
                if adapter is not None:
                    with contextlib.suppress(OSError):
                        os.utime(folder)  # used today: see `forget_old`
                return found
            except ModelError:  # damaged since it was written: make it anew from the file
                shutil.rmtree(folder, ignore_errors=True)
    from planner.lm.checkpoint import open_source

    source: Source = open_source(file.path)
    if adapter is not None:
        source = AdaptedSource(source, adapter)
    if file.digest is None:
        return read_direct(source, dtype)
    if progress:
        from rich.console import Console

        with Console(stderr=True).status(f"preparing {file.name} (once)"):
            write_prepared(folder, source, dtype)
    else:
        write_prepared(folder, source, dtype)
    if adapter is not None:
        forget_old(folder)
    return read_prepared(folder)
