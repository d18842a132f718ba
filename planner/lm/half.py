"""float16 weights under float32 activations: for processors that do not multiply bfloat16 in hardware.

Such a processor computes in float32, and writing a token then reads every weight in four bytes. FBGEMM, which comes
with PyTorch for x86, has a product that reads float16 weights and expands them in registers: half of the traffic, and
sums in float32 as before. A weight loses at most one part in 2,048, an eighth of what bfloat16 loses.

FBGEMM's layout is made when a model is loaded; there is no way to map it from a file, and it takes some 17 ns a weight.
So it is made by threads behind the caller's back, in the order in which a pass uses the weights, and a product waits
until its own is ready. Which numbers come out does not depend on who was faster.
"""

from __future__ import annotations

import ctypes
import platform
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import torch

from planner.lm.linear import Dense

_LARGEST = 65504.0
_DROP = 4  # MADV_DONTNEED
_PAGE = 4096
_ROOM = 1 << 22  # weights
_PLAIN = ("positions", "relative_bias")  # looked up by rows, never multiplied


@cache
def usable() -> bool:
    """Is FBGEMM there, and does it compute what it should?"""
    try:
        weight, x = torch.linspace(-1, 1, 96).view(6, 16), torch.linspace(0, 1, 48).view(3, 16)
        product = torch.ops.quantized.linear_dynamic_fp16(x, torch.ops.quantized.linear_prepack_fp16(weight, None))
    except (AttributeError, RuntimeError):
        return False
    return bool(torch.allclose(product, x @ weight.T, atol=0.02))


class Half(Dense):
    """A float16 weight (out, in) in FBGEMM's layout and an optional float32 bias (out).

    Args:
        packed: from ``pack`` or, still to come, from ``pack_behind``.
        bias: added to the product.
        plain: the same weight as it was; kept only if it costs nothing (it is mapped) or its rows are looked up.
    """

    __slots__ = ("_packed", "_plain")

    def __init__(
        self,
        packed: Future[Any] | torch.ScriptObject,
        bias: torch.Tensor | None = None,
        plain: torch.Tensor | None = None,
    ) -> None:
        self._packed, self.bias, self._plain = packed, bias, plain

    @property
    def weight(self) -> torch.Tensor:  # type: ignore[override]
        """The plain weight (out, in), float16 or float32 with the same values."""
        if self._plain is not None:
            return self._plain
        weight: torch.Tensor = torch.ops.quantized.linear_unpack_fp16(self._ready())[0]
        return weight

    def _ready(self) -> Any:
        if isinstance(self._packed, Future):
            self._packed = self._packed.result()
        return self._packed

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = torch.ops.quantized.linear_dynamic_fp16(x, self._ready())
        return out if self.bias is None else out.add_(self.bias)


def pack(weight: torch.Tensor) -> Any:
    """A weight (out, in) in FBGEMM's layout; what it may hold see ``halved``."""
    return torch.ops.quantized.linear_prepack_fp16(weight.float().contiguous(), None)


def pack_behind(tensors: dict[str, torch.Tensor], tied: bool, mapped: bool) -> dict[str, Future[Any]]:
    """Start packing all float16 matrices of a model, by canonical name ("head" is the embedding if they are ``tied``).

    Args:
        tensors: canonical tensors. Matrices that are not ``mapped`` leave it, but for those whose rows are looked up.
        mapped: the tensors lie in a mapped file: what packing read of it is given back to the system.
    """
    workers = ThreadPoolExecutor(torch.get_num_threads(), thread_name_prefix="pack")
    rooms = threading.local()
    out: dict[str, Future[Any]] = {}
    for name, weight in list(_matrices(tensors, tied)):
        out[name] = workers.submit(_packed, weight, mapped, rooms)
        if not mapped and name != "head":
            del tensors[name]
    workers.shutdown(wait=False)  # they end when all is packed
    return out


def halved(tensors: Iterator[tuple[str, torch.Tensor]]) -> Iterator[tuple[str, torch.Tensor]]:
    """Canonical float32 tensors with every matrix as float16, unless it holds numbers too large for that."""
    for name, tensor in tensors:
        fits = tensor.dim() == 2 and name not in _PLAIN and float(tensor.abs().max()) <= _LARGEST
        yield name, tensor.half() if fits else tensor


def _matrices(tensors: Mapping[str, torch.Tensor], tied: bool) -> Iterator[tuple[str, torch.Tensor]]:
    for name, tensor in tensors.items():
        if tensor.dtype == torch.float16 and name not in ("embed", "head"):
            yield name, tensor
    head = tensors["embed" if tied else "head"]
    if head.dtype == torch.float16:
        yield "head", head  # a pass needs it last


def _packed(weight: torch.Tensor, mapped: bool, rooms: threading.local) -> Any:
    if (
        weight.numel() <= _ROOM
    ):  # one room per thread: weights expanded for a moment would leave holes between packed ones
        if not hasattr(rooms, "room"):
            rooms.room = torch.empty(_ROOM)
        expanded = rooms.room[: weight.numel()].view(weight.shape).copy_(weight)
    else:
        expanded = weight
    packed = pack(expanded)
    if mapped and platform.system() == "Linux":
        # pages of a mapped file stay in the process until someone else needs the memory
        first = -(-weight.data_ptr() // _PAGE) * _PAGE
        size = (weight.data_ptr() + weight.nbytes - first) // _PAGE * _PAGE
        if size > 0:
            ctypes.CDLL(None).madvise(ctypes.c_void_p(first), ctypes.c_size_t(size), _DROP)
    return packed
