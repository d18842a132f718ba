"""Loading a language model that runs on this machine.

``load_language_model()`` is the way in; what it returns is explained in ``planner.lm.local``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch

from planner.lm.config import ModelConfig
from planner.lm.draft import choose_drafter
from planner.lm.errors import ModelError
from planner.lm.local import LocalModel
from planner.lm.model import Transformer
from planner.lm.packing import PackedWeight, packed_weights, usable
from planner.lm.store import number_type, prepared_folder, read_direct, read_prepared, write_prepared
from planner.lm.tokenizer import TextTokenizer
from planner.lm.weights import ModelFile, cache_folder, find_model

__all__ = ["LocalModel", "fast_bfloat16", "load_language_model"]

_DTYPES = ("float32", "bfloat16", "int8", "int4")


def fast_bfloat16() -> bool:
    """Does this processor multiply bfloat16 matrices in hardware?"""
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, name, lambda: False)()) for name in checks)


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
        dtype: "float32", "bfloat16", "int8" or "int4" (weights only; activations bfloat16), or "auto"
            (bfloat16 where the processor is fast at it, else float32).
        threads: number of processor threads for the whole process; None leaves it as it is.
        progress: show progress bars while fetching and preparing.
        kv_budget: most memory for keys and values of one sequence [bytes]; None allows the full context.
        adapter: a PEFT LoRA folder, merged into the weights (int8, int4: applied at run time).
        draft: who guesses ahead when text is written, see ``planner.lm.draft.choose_drafter``; changes the speed only.
        draft_model: a smaller model of the same tokenizer for it, named like ``model``.

    Raises:
        ModelError: no such model, broken file, unknown architecture.
    """
    if dtype == "auto":
        dtype = "bfloat16" if fast_bfloat16() else "float32"
    if dtype not in _DTYPES:
        raise ModelError(f"unknown dtype {dtype!r}; known: auto, {', '.join(_DTYPES)}")
    if threads is not None:
        torch.set_num_threads(threads)
    file = find_model(model, progress)
    config, tensors, tokenizer = _tensors(file, dtype, progress)
    transformer = Transformer(config, tensors, _packed(file, config, tensors, dtype))
    loaded = LocalModel(config, transformer, TextTokenizer.from_json(tokenizer), file.name, kv_budget)
    if adapter is not None:
        loaded.attach_adapter(adapter, merge=dtype not in ("int8", "int4"))
    smaller = None if draft_model is None else load_language_model(draft_model, dtype, progress=progress, draft="none")
    drafter = choose_drafter(draft, loaded, smaller)
    if drafter is None:
        loaded.guess = 0
    else:
        loaded.drafter = drafter
    return loaded


def _packed(
    file: ModelFile, config: ModelConfig, tensors: dict[str, torch.Tensor], dtype: str
) -> dict[str, PackedWeight]:
    """The matrices in the processor's own layout, where it has one; they leave ``tensors`` if they are not mapped."""
    if dtype != "bfloat16" or not usable(number_type(dtype)):
        return {}
    if file.digest is not None:
        return packed_weights(tensors, config.tied, prepared_folder(cache_folder(), file.digest, dtype))
    packed = packed_weights(tensors, config.tied)
    for name in packed.keys() - {"head"}:  # rows of the head are looked up
        del tensors[name]
    return packed


def _tensors(file: ModelFile, dtype: str, progress: bool) -> tuple[ModelConfig, dict[str, torch.Tensor], str]:
    """Prepared tensors of a GGUF file (prepared now if they are not yet), or those of a folder."""
    if file.digest is not None:
        folder = prepared_folder(cache_folder(), file.digest, dtype)
        if folder.is_dir():
            try:
                return read_prepared(folder)
            except ModelError:  # damaged since it was written: make it anew from the file
                shutil.rmtree(folder, ignore_errors=True)
    from planner.lm.checkpoint import open_source

    source = open_source(file.path)
    if file.digest is None:
        return read_direct(source, dtype)
    if progress:
        from rich.console import Console

        with Console(stderr=True).status(f"preparing {file.name} (once)"):
            write_prepared(folder, source, dtype)
    else:
        write_prepared(folder, source, dtype)
    return read_prepared(folder)
