"""Weights in the layout that oneDNN multiplies with: packed once, mapped ever after.

A plain (out, in) matrix in bfloat16 is rearranged inside every product, which costs half of the time of a product
with few rows; in float32, in which processors without bfloat16 compute, it costs a third. Packed beforehand the same
product reads the weights once, in order. The layout belongs to the processor and to the version of PyTorch, so the
packed file lies beside the plain one (``store.py``), is named by both, and can be made anew at any time. It is mapped,
not read: processes share its pages as they share those of the plain file, whose own pages are then never touched.

PyTorch has no public way to put an oneDNN tensor over memory that is mapped already; the C interface of its
ahead-of-time compiler has one. Where that is missing, weights are packed into memory of this process instead.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from planner.lm.errors import ModelError
from planner.lm.linear import fast_bfloat16
from planner.lm.store import write_tensors

_PLAIN = ("embed", "positions", "relative_bias")  # looked up by rows, never multiplied
_LAYOUT = ".layout"
_DIGEST = 32  # bytes in front of a layout
_BORDER = 64  # bytes: what the kernels want the beginning of a matrix to lie on


@dataclass(frozen=True)
class PackedWeight:
    """An oneDNN tensor and, if it lies over mapped memory, what keeps that memory mapped."""

    tensor: torch.Tensor
    owner: torch.Tensor | None = None


def usable(dtype: torch.dtype) -> bool:
    """Are there packed products for weights of ``dtype`` on this processor?"""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    if dtype == torch.float32:  # elsewhere float32 is what others are compared with
        return not fast_bfloat16() and _knows_float32()
    if dtype != torch.bfloat16:
        return False
    try:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    except (AttributeError, RuntimeError):
        return False


@cache
def _knows_float32() -> bool:
    weight, x = torch.linspace(-1, 1, 1024).view(32, 32), torch.linspace(0, 1, 96).view(3, 32)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight)
        product = torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")
    except (AttributeError, RuntimeError):
        return False
    return bool(torch.allclose(product, x @ weight.T, atol=1e-4))


def pack(weight: torch.Tensor) -> PackedWeight:
    """Pack a plain weight (out, in), bfloat16 or float32, into memory of this process."""
    return PackedWeight(torch.ops.mkldnn._reorder_linear_weight(weight.contiguous()))


def packed_weights(
    tensors: Mapping[str, torch.Tensor], tied: bool, folder: Path | None = None
) -> dict[str, PackedWeight]:
    """All matrices of a model packed, by canonical name ("head" is made of the embedding if they are ``tied``).

    Args:
        folder: the prepared form of the checkpoint. Its packed file is mapped, and written first if there is none;
            None, or a folder that cannot be written to: packed into memory.
    """
    if folder is not None and _over_memory() is not None:
        path = folder / f"packed-{_processor()}.safetensors"
        found = _read(path, tensors, tied)
        if found is None and _write(path, tensors, tied):
            found = _read(path, tensors, tied)
        if found is not None:
            return found
    return {name: pack(weight) for name, weight in _matrices(tensors, tied)}


def _matrices(tensors: Mapping[str, torch.Tensor], tied: bool) -> Iterator[tuple[str, torch.Tensor]]:
    for name, tensor in tensors.items():
        if tensor.dim() == 2 and name not in _PLAIN:
            yield name, tensor
    if tied:
        yield "head", tensors["embed"]


def _write(path: Path, tensors: Mapping[str, torch.Tensor], tied: bool) -> bool:
    """Write the packed file (atomic: complete or not at all); False if that is not possible."""
    ops = torch.ops.mkldnn
    layouts: list[tuple[str, torch.Tensor]] = []

    def blobs() -> Iterator[tuple[str, torch.Tensor]]:
        for name, weight in _matrices(tensors, tied):
            packed = pack(weight).tensor
            size = ops._nbytes(packed)
            memory = (ctypes.c_uint8 * size).from_address(ops.data_ptr(packed))
            raw = torch.frombuffer(memory, dtype=torch.uint8)
            yield name, torch.nn.functional.pad(raw, (0, -size % _BORDER))
            layout = ops._get_mkldnn_serialized_md(packed)
            layouts.append((name + _LAYOUT, torch.cat((_digest(layout), layout))))
        yield from layouts  # last: their lengths would move the matrices off their borders

    try:
        handle, work = tempfile.mkstemp(prefix=".work-", dir=path.parent)
    except OSError:
        return False
    try:
        os.close(handle)
        write_tensors(Path(work), blobs(), None)
        os.replace(work, path)
    except (OSError, ModelError):
        return False
    finally:
        with contextlib.suppress(OSError):
            os.unlink(work)
    return True


def _read(path: Path, tensors: Mapping[str, torch.Tensor], tied: bool) -> dict[str, PackedWeight] | None:
    """The mapped weights; None if the file is missing, damaged, or not of this model."""
    from safetensors import SafetensorError, safe_open

    over = _over_memory()
    assert over is not None
    found: dict[str, PackedWeight] = {}
    try:
        handle = safe_open(str(path), framework="pt")
        for name, weight in _matrices(tensors, tied):
            blob, layout = handle.get_tensor(name), handle.get_tensor(name + _LAYOUT)  # type: ignore[no-untyped-call]
            digest, layout = layout[:_DIGEST], layout[_DIGEST:].clone()
            # a layout that is not what was written would make the kernels read anywhere
            if not torch.equal(digest, _digest(layout)) or blob.data_ptr() % _BORDER:
                return None
            packed = over(blob.data_ptr(), weight.shape, layout, weight.dtype)
            if torch.ops.mkldnn._nbytes(packed) > blob.numel():
                return None
            found[name] = PackedWeight(packed, blob)
    except (OSError, ValueError, RuntimeError, SafetensorError):
        return None
    return found


def _digest(layout: torch.Tensor) -> torch.Tensor:
    return torch.frombuffer(bytearray(hashlib.sha256(layout.numpy().tobytes()).digest()), dtype=torch.uint8)


def _processor() -> str:
    """A short name for what the layout depends on."""
    checks = ("_is_avx2_supported", "_is_avx512_supported", "_is_avx512_bf16_supported", "_is_amx_tile_supported")
    able = [bool(getattr(torch.cpu, name, lambda: False)()) for name in checks]
    limit = os.environ.get("ONEDNN_MAX_CPU_ISA", "")
    text = f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()} {able} {limit}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _over_memory() -> Callable[[int, torch.Size, torch.Tensor, torch.dtype], torch.Tensor] | None:
    """``over(address, shape, layout, dtype)``: an oneDNN tensor that uses memory in place; None if unavailable."""
    try:
        library = ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
        create = library.aoti_torch_create_tensor_from_blob_v2
        create.restype = ctypes.c_int32
        opaque = library.aoti_torch_layout__mkldnn()
        types = {torch.bfloat16: library.aoti_torch_dtype_bfloat16(), torch.float32: library.aoti_torch_dtype_float32()}
        adopt = torch._C._aoti.alloc_tensor_by_stealing_from_void_ptr
        capsule = ctypes.pythonapi.PyCapsule_New
    except (OSError, AttributeError):
        return None
    capsule.restype, capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]

    def over(address: int, shape: torch.Size, layout: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        handle = ctypes.c_void_p()
        number = ctypes.c_int64
        failed = create(
            ctypes.c_void_p(address),
            number(2),
            (number * 2)(*shape),
            (number * 2)(shape[1], 1),
            number(0),
            ctypes.c_int32(types[dtype]),
            ctypes.c_int32(0),  # processor
            ctypes.c_int32(0),
            ctypes.byref(handle),
            ctypes.c_int32(opaque),
            ctypes.c_void_p(layout.data_ptr()),
            number(layout.numel()),
        )
        if failed:
            raise RuntimeError("the packed weight was refused")
        tensor: torch.Tensor = adopt(capsule(handle.value, None, None))
        return tensor

    return over
