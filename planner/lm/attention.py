"""Attention of a few query rows over cached keys, in the form that is fastest for the case.

All forms compute softmax(scale * q k^T + mask) v. They differ in what they hold in memory: ``attend`` picks
plain matrix products for short pasts (fastest on current processors) and the fused online-softmax kernel for
long ones and for single rows, where memory must grow linearly with the past.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

# Above this many scores per head the plain form's memory outweighs its speed.
_MOST_SCORES = 4_000_000


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None, scale: float) -> torch.Tensor:
    """Attention per key head.

    Args:
        q: (kv_heads, rows, width).
        k, v: (kv_heads, past, width).
        mask: (rows, past) or (kv_heads, rows, past), added to the scores; None: everything is seen.
        scale: factor of the scores.

    Returns:
        (kv_heads, rows, width).
    """
    rows, past = q.shape[1], k.shape[1]
    if mask is None or q.dtype == torch.float32 or rows * past > _MOST_SCORES:
        bias = None if mask is None else (mask if mask.dim() == 2 else mask[None])
        return F.scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=bias, scale=scale)[0]
    scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scale)
    return torch.bmm(torch.softmax(scores, -1), v)
