"""What a pass must look like so that a token's numbers do not depend on the tokens beside it.

Kernels choose their order of summation by the shape of their work: a token that is computed alone and the same token
computed with its guessed successors differ in the last digit. In float32 no text ever changed for it. In bfloat16 two
leading tokens are often equal up to that digit, and a text written with guesses could take the other one.

So models in bfloat16 write in passes of steady shape (``Sequence.peek``): attention looks over a span that depends on
the place of a token alone (guesses stop in front of a place where it grows), and passes are padded to a number of rows
from which on every row is summed in the same order. How many those are depends on processor and library: 2 for some, 4
or 8 for others. It is tried here, with the products of the model itself.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

import torch

from planner.lm.attention import attend
from planner.lm.model import Transformer
from planner.lm.sequence import STEADY_ROWS, STEADY_SPAN, bucket

_WIDTHS = (2, 4, 8)  # 1 stands for passes of any shape: a processor on which single rows are steady pads to two
_DRAWS = 3
_known: WeakKeyDictionary[Transformer, int] = WeakKeyDictionary()
_SPANS = (STEADY_SPAN, 3 * STEADY_SPAN)


def steady_width(model: Transformer) -> int:
    """The fewest rows from which on a row is the same, bit for bit, in passes of all sizes that writing makes.

    1 for models in float32, which are not tried, and where no number of rows helps.
    """
    if model.dtype == torch.float32:
        return 1
    c, generator = model.config, torch.Generator().manual_seed(0)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator).to(model.dtype)

    works: list[tuple[Callable[[torch.Tensor], torch.Tensor], torch.Tensor]] = []
    for _ in range(_DRAWS):
        layer = model.layers[0]
        sizes = ((layer.qkv, c.dim), (layer.o, c.heads * c.head_dim), (layer.gate_up, c.dim), (layer.down, c.ffn))
        works += [(product, draw(STEADY_ROWS, size)) for product, size in (*sizes, (model.head, c.dim))]
        for span in _SPANS:
            k, v = draw(c.kv_heads, c.head_dim, span).transpose(1, 2), draw(c.kv_heads, span, c.head_dim)
            works.append((_attention(model, k, v), draw(STEADY_ROWS, c.heads * c.head_dim)))
    with torch.inference_mode():
        return next((w for w in _WIDTHS if all(_is_steady(work, x, w) for work, x in works)), 1)


def known_steady_width(model: Transformer) -> int:
    """``steady_width``, tried once per model."""
    if model not in _known:
        _known[model] = steady_width(model)
    return _known[model]


def _attention(model: Transformer, k: torch.Tensor, v: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """Attention of rows (n, heads * width) over ``k`` and ``v``, laid out as the transformer does it."""
    c = model.config

    def work(x: torch.Tensor) -> torch.Tensor:
        n = x.shape[0]
        q = x.view(n, c.kv_heads, c.group, c.head_dim).permute(1, 2, 0, 3).reshape(c.kv_heads, c.group * n, c.head_dim)
        mask = torch.zeros(c.group * n, k.shape[1], dtype=x.dtype)
        out = attend(q, k, v, mask, model.scale)
        return out.view(c.kv_heads, c.group, n, c.head_dim).permute(2, 0, 1, 3).reshape(n, -1)

    return work


def _is_steady(work: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, width: int) -> bool:
    """Does every row of ``x`` come out the same in a pass of any size from ``width`` on, at any place in it?"""
    together = work(x)
    for count in sorted({max(width, bucket(n)) for n in range(1, STEADY_ROWS + 1)}):
        for first in range(0, STEADY_ROWS, count):
            part = torch.roll(x, -first, 0)[:count]
            if not torch.equal(work(part), torch.roll(together, -first, 0)[:count]):
                return False
    return torch.equal(work(torch.roll(x, 3, 0)), torch.roll(together, 3, 0))
