"""Operations of the transformer with hand-written backward passes: fewer sweeps over memory than by composition.

On two processor cores the matrix products are half of a training step; the rest is norms, gates, rotations and
softmax, each a sweep over memory. Every operation here computes what `planner.lm.model` computes, in the same order of
rounding, and keeps for the backward pass only what cannot be had again cheaply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch.autograd import Function


class _Norm(Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, eps: float, dtype: torch.dtype) -> torch.Tensor:
        rate = x.square().mean(-1, keepdim=True).add_(eps).rsqrt_()
        ctx.save_for_backward(x, weight, rate)
        return (x * rate).mul_(weight).to(dtype)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight, rate = ctx.saved_tensors
        g = grads[0].to(x.dtype)
        normal = x * rate
        dw = (g * normal).flatten(0, -2).sum(0) if ctx.needs_input_grad[1] else None
        if not ctx.needs_input_grad[0]:
            return None, dw, None, None
        g = g * weight
        pull = (g * normal).mean(-1, keepdim=True)
        return g.sub_(normal.mul_(pull)).mul_(rate), dw, None, None


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float, dtype: torch.dtype) -> torch.Tensor:
    """RMSNorm (Zhang and Sennrich 2019) of float32 ``x`` (..., dim), result in ``dtype``."""
    return _Norm.apply(x, weight, eps, dtype)


class _SwiGLU(Function):
    @staticmethod
    def forward(ctx: Any, both: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(both)
        gate, up = both.chunk(2, dim=-1)
        return F.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:
        (both,) = ctx.saved_tensors
        g = grads[0]
        gate, up = both.chunk(2, dim=-1)
        out = torch.empty_like(both)
        width = gate.shape[-1]
        torch.ops.aten.silu_backward.grad_input(g * up, gate, grad_input=out[..., :width])
        torch.mul(F.silu(gate), g, out=out[..., width:])
        return out


def swiglu(both: torch.Tensor) -> torch.Tensor:
    """silu(gate) * up (Shazeer 2020) of a fused (..., 2 * width); result (..., width)."""
    return _SwiGLU.apply(both)


def turned(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary turn of ``x`` (..., heads, width) with ``cos`` and signed ``sin`` (..., 1, width)."""
    half = x.shape[-1] // 2
    swapped = torch.cat((x[..., half:], x[..., :half]), -1)
    return torch.addcmul(x * cos, swapped, sin)


class _Attend(Function):
    @staticmethod
    def forward(
        ctx: Any,
        qkv: torch.Tensor,
        mask: torch.Tensor,
        cos: torch.Tensor | None,
        sin: torch.Tensor | None,
        shape: tuple[int, int, int],
        scale: float,
    ) -> torch.Tensor:
        heads, kv, width = shape
        b, n, _ = qkv.shape
        group = heads // kv
        qk = qkv[..., : (heads + kv) * width].view(b, n, heads + kv, width)
        if cos is not None and sin is not None:
            qk = turned(qk, cos, sin)
        q = qk[:, :, :heads].view(b, n, kv, group, width).permute(0, 2, 3, 1, 4).reshape(b * kv, group * n, width)
        k = qk[:, :, heads:].transpose(1, 2).reshape(b * kv, n, width)
        v = qkv[..., (heads + kv) * width :].view(b, n, kv, width).transpose(1, 2).reshape(b * kv, n, width)
        weights = torch.softmax(torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scale), -1)
        out = torch.bmm(weights, v)
        ctx.save_for_backward(q, k, v, weights, cos, sin)
        ctx.shape, ctx.scale = shape, scale
        return out.view(b, kv, group, n, width).permute(0, 3, 1, 2, 4).reshape(b, n, heads * width)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        q, k, v, weights, cos, sin = ctx.saved_tensors
        heads, kv, width = ctx.shape
        group, n = heads // kv, k.shape[1]
        b = k.shape[0] // kv
        g = grads[0].view(b, n, kv, group, width).permute(0, 2, 3, 1, 4).reshape(b * kv, group * n, width)
        dv = torch.bmm(weights.transpose(1, 2), g)
        ds = torch._softmax_backward_data(torch.bmm(g, v.transpose(1, 2)), weights, -1, weights.dtype)
        dq = torch.bmm(ds, k)
        dk = torch.bmm(ds.transpose(1, 2), q)
        dqk = torch.empty(b, n, heads + kv, width, dtype=g.dtype, device=g.device)
        dqk[:, :, :heads].view(b, n, kv, group, width).copy_(dq.view(b, kv, group, n, width).permute(0, 3, 1, 2, 4))
        dqk[:, :, heads:].copy_(dk.view(b, kv, n, width).transpose(1, 2))
        dqk.mul_(ctx.scale)
        if cos is not None:
            dqk = turned(dqk, cos, -sin)  # the turn back
        dqkv = torch.cat((dqk.view(b, n, -1), dv.view(b, kv, n, width).transpose(1, 2).reshape(b, n, -1)), -1)
        return dqkv, ds if ctx.needs_input_grad[1] else None, None, None, None, None


def attend(
    qkv: torch.Tensor,
    mask: torch.Tensor,
    turns: tuple[torch.Tensor, torch.Tensor] | None,
    shape: tuple[int, int, int],
    scale: float,
) -> torch.Tensor:
    """Grouped-query attention of a batch from the fused product.

    Args:
        qkv: (b, n, (heads + 2 kv_heads) * width).
        mask: (b * kv_heads, group * n, n), added to the scores.
        turns: cosine and signed sine (b, n, 1, width), or None.
        shape: (heads, kv_heads, width).

    Returns:
        (b, n, heads * width).
    """
    cos, sin = turns if turns is not None else (None, None)
    return _Attend.apply(qkv, mask, cos, sin, shape, scale)


class _LowRank(Function):
    @staticmethod
    def forward(
        ctx: Any,
        x: torch.Tensor,
        weight: torch.Tensor,
        a: torch.Tensor,
        b: torch.Tensor,
        bias: torch.Tensor | None,
        parts: Sequence[tuple[int, int]],
        scale: float,
    ) -> torch.Tensor:
        ctx.save_for_backward(x, weight, a, b)
        ctx.parts, ctx.scale = parts, scale
        return F.linear(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight, a, b = ctx.saved_tensors
        g = grads[0].flatten(0, -2)
        flat = x.flatten(0, -2)
        dx = (g @ weight).view_as(x) if ctx.needs_input_grad[0] else None
        low_a, low_b = a.to(g.dtype), b.to(g.dtype)
        rank = b.shape[1]
        down = F.linear(flat, low_a)
        db = torch.cat(
            [g[:, at : at + rows].t() @ down[:, i * rank : i * rank + rank] for i, (at, rows) in enumerate(ctx.parts)]
        )
        up = torch.cat([g[:, at : at + rows] @ low_b[at : at + rows] for at, rows in ctx.parts], 1)
        da = up.t() @ flat
        return dx, None, da.to(a.dtype) * ctx.scale, db.to(b.dtype) * ctx.scale, None, None, None


def low_rank(
    x: torch.Tensor,
    weight: torch.Tensor,
    a: torch.Tensor,
    b: torch.Tensor,
    bias: torch.Tensor | None,
    parts: Sequence[tuple[int, int]],
    scale: float,
) -> torch.Tensor:
    """A product whose ``weight`` (out, in) already holds scale * B A, with gradients for A and B.

    The forward pass is the plain product that runs after training. The backward pass never forms the gradient of the
    weight: with y = x W', dB = dy' (x A') and dA = (B' dy') x are thin products (Hu et al. 2021).

    Args:
        a: (parts * rank, in), the parts one under the other. b: (out, rank).
        parts: (first row, rows) of each part of the fused product.
    """
    return _LowRank.apply(x, weight, a, b, bias, tuple(parts), scale)


ROWS = 128  # of the vocabulary head at a time


class _AnswerLoss(Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: torch.Tensor,
        head: torch.Tensor,
        tokens: torch.Tensor,
        weights: torch.Tensor,
        allowed: torch.Tensor,
        contrast: float,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        used = head.to(hidden.dtype)
        grad = torch.empty_like(hidden)
        grad_head = torch.zeros_like(head) if ctx.needs_input_grad[1] else None
        whole = torch.empty(len(tokens), device=hidden.device)
        chosen = torch.empty(len(tokens), device=hidden.device)
        for at in range(0, len(tokens), ROWS):
            rows = slice(at, at + ROWS)
            h, token, weight, among = hidden[rows], tokens[rows, None], weights[rows, None], allowed[rows]
            logits = F.linear(h, used).float()
            total = torch.logsumexp(logits, -1, keepdim=True)
            right = logits.gather(1, token)
            whole[rows] = (total - right)[:, 0]
            few = logits.gather(1, among.clamp(min=0)).masked_fill_(among < 0, float("-inf"))
            least = torch.logsumexp(few, -1, keepdim=True)
            chosen[rows] = (least - right)[:, 0]
            slope = logits.sub_(total).exp_().mul_(weight)
            slope.scatter_add_(1, token, -(1 + contrast) * weight)
            slope.scatter_add_(1, among.clamp(min=0), (few - least).exp_().mul_(contrast * weight))
            slope = slope.to(h.dtype)
            grad[rows] = slope @ used
            if grad_head is not None:
                grad_head += slope.t() @ h
        ctx.save_for_backward(grad, grad_head)
        ctx.mark_non_differentiable(whole, chosen)
        return ((whole + contrast * chosen) * weights).sum(), whole, chosen

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        grad, grad_head = ctx.saved_tensors
        g = grads[0]
        return grad * g.to(grad.dtype), None if grad_head is None else grad_head * g, None, None, None, None


def answer_loss(
    hidden: torch.Tensor,
    head: torch.Tensor,
    tokens: torch.Tensor,
    weights: torch.Tensor,
    allowed: torch.Tensor,
    contrast: float,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Loss of answer tokens: sum of weight * (-log p(token) - contrast * log p(token | allowed)).

    The second part compares the right token with those that other options have in its place, and with nothing else. The
    logits are formed a few rows at a time and never kept: their gradient is taken at once.

    Args:
        hidden: (m, dim) behind which the tokens come. head: (vocab, dim). tokens, weights: (m,).
        allowed: (m, k) tokens possible there by the options, the right one among them, padded with -1.

    Returns:
        the loss, and both parts by row without weights, (m,) each [nats].
    """
    return _AnswerLoss.apply(hidden, head, tokens, weights, allowed, contrast)
