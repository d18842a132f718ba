"""Attention of query rows over cached keys: the forms, their masks, and position biases.

All forms compute softmax(scale * q k^T + mask) v and differ in what they hold in memory. ``attend`` picks plain
matrix products for short pasts and few rows (fastest on current processors) and the online-softmax kernel for others.
``online_attention`` is the same algorithm spelled out over blocks of keys (Milakov and Gimelshein 2018; Dao et al.
2022): it never holds a row of all scores and can leave out blocks nobody sees.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

# Above this many scores per head the plain form's memory outweighs its speed.
_MOST_SCORES = 4_000_000
# Up to so many query rows plain products are faster in float32, too: the fused kernel wants the keys copied.
_FEW_ROWS = 64


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None, scale: float) -> torch.Tensor:
    """Attention per key head.

    Args:
        q: (kv_heads, rows, width).
        k, v: (kv_heads, past, width); fastest if keys lie in memory as (kv_heads, width, past).
        mask: (rows, past) or (kv_heads, rows, past), added to the scores; None: everything is seen.
        scale: factor of the scores.

    Returns:
        (kv_heads, rows, width).
    """
    rows, past = q.shape[1], k.shape[1]
    if mask is None or (q.dtype == torch.float32 and rows > _FEW_ROWS) or rows * past > _MOST_SCORES:
        bias = None if mask is None else (mask if mask.dim() == 2 else mask[None])
        # without contiguous keys the fused kernel is not taken
        return F.scaled_dot_product_attention(q[None], k.contiguous()[None], v[None], attn_mask=bias, scale=scale)[0]
    scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scale)
    return torch.bmm(torch.softmax(scores, -1), v)


def online_attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    mask: torch.Tensor | None,
    scale: float,
    block: int = 256,
    seen: torch.Tensor | None = None,
) -> torch.Tensor:
    """``attend`` over blocks of keys with a running maximum and sum: memory grows with rows, not rows x past.

    Args:
        mask: as for ``attend``; may hold -inf, but every row must see something.
        block: keys per step.
        seen: (blocks,) bool; a block that is False is skipped (its scores would all be masked).
    """
    heads, rows, _ = q.shape
    best = torch.full((heads, rows, 1), -math.inf)
    total = torch.zeros(heads, rows, 1)
    out = torch.zeros(heads, rows, v.shape[2])
    for i, at in enumerate(range(0, k.shape[1], block)):
        if seen is not None and not bool(seen[i]):
            continue
        scores = (q @ k[:, at : at + block].transpose(1, 2)).float() * scale
        if mask is not None:
            scores = scores + mask[..., at : at + block].float()
        top = torch.maximum(best, scores.amax(-1, keepdim=True))
        # a row that has seen nothing yet has the maximum -inf: shift it by 0 instead
        shift = torch.where(top == -math.inf, torch.zeros_like(top), top)
        weights = torch.exp(scores - shift)
        fade = torch.exp(best - shift)
        total = total * fade + weights.sum(-1, keepdim=True)
        out = out * fade + weights @ v[:, at : at + block].float()
        best = top
    return (out / total).to(q.dtype)


def causal_mask(rows: int, past: int, window: int | None = None) -> torch.Tensor:
    """(rows, past) bool: row i is position past - rows + i and sees itself and what came before.

    With ``window`` it sees only the last ``window`` positions, itself included (Beltagy et al. 2020).
    """
    distance = torch.arange(past - rows, past)[:, None] - torch.arange(past)[None]
    visible = distance >= 0
    return visible if window is None else visible & (distance < window)


def block_sparse_mask(rows: int, past: int, block: int, local: int = 1, every: int = 0, first: int = 1) -> torch.Tensor:
    """(rows, past) bool: causal attention over whole blocks of keys (after Child et al. 2019).

    A row sees its own block and the ``local`` before it, the ``first`` blocks of the text, and, if ``every`` is
    not 0, each ``every``-th block.
    """
    row_block = torch.arange(past - rows, past)[:, None] // block
    key_block = torch.arange(past)[None] // block
    visible = (row_block - key_block <= local) | (key_block < first)
    if every:
        visible = visible | (key_block % every == 0)
    return visible & causal_mask(rows, past)


def blocks_seen(visible: torch.Tensor, block: int) -> torch.Tensor:
    """(blocks,) bool: which blocks of keys any row of ``visible`` (rows, past) sees."""
    columns = visible.any(0)
    padded = F.pad(columns, (0, -len(columns) % block))
    return padded.view(-1, block).any(1)


def additive(visible: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """0 where ``visible``, -inf elsewhere."""
    return torch.zeros(visible.shape, dtype=dtype).masked_fill_(~visible, -math.inf)
