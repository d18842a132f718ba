"""The hand-written operations against compositions of ordinary ones."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
F = torch.nn.functional

from planner.learn.kernels import answer_loss, attend, low_rank, rms_norm, swiglu, turned  # noqa: E402
from planner.lm.rotary import Rotary  # noqa: E402


def _same(ours, theirs, inputs, seed=0):
    """Values and all gradients agree, for a random direction of the result."""
    way = torch.randn(theirs(*inputs).shape, generator=torch.Generator().manual_seed(seed))
    found = []
    for function in (ours, theirs):
        for x in inputs:
            x.grad = None
        out = function(*inputs)
        (out * way).sum().backward()
        found.append([out.detach(), *(x.grad for x in inputs)])
    for a, b in zip(*found, strict=True):
        assert torch.allclose(a, b, rtol=1e-4, atol=1e-5)


def _drawn(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).requires_grad_()


def test_rms_norm():
    weight = _drawn(16, seed=2)
    _same(
        lambda x, w: rms_norm(x, w, 1e-5, torch.float32),
        lambda x, w: F.rms_norm(x, (16,), w, 1e-5),
        [_drawn(3, 5, 16), weight],
    )


def test_swiglu():
    _same(swiglu, lambda x: F.silu(x[..., :8]) * x[..., 8:], [_drawn(3, 5, 16)])


@pytest.mark.parametrize("rotary", [True, False])
def test_attention(rotary):
    heads, kv, width, b, n = 4, 2, 8, 2, 6
    mask = torch.zeros(n, n).masked_fill_(~torch.tril(torch.ones(n, n, dtype=torch.bool)), float("-inf"))
    bias = _drawn(b * kv, heads // kv * n, n, seed=4)
    cos, sin = Rotary(width, 100.0, {}, torch.float32).turns(torch.arange(n))
    turns = (cos.expand(b, n, 1, width), sin.expand(b, n, 1, width)) if rotary else None

    def ours(qkv, bias):
        return attend(qkv, bias + mask.repeat(heads // kv, 1), turns, (heads, kv, width), 0.4)

    def theirs(qkv, bias):
        q, k, v = qkv.unflatten(-1, (-1, width)).split((heads, kv, kv), 2)
        if turns is not None:
            q, k = turned(q, *turns), turned(k, *turns)
        k, v = (x.repeat_interleave(heads // kv, 2) for x in (k, v))
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) * 0.4 + bias.view(b, heads, n, n) + mask
        return torch.einsum("bhqk,bkhd->bqhd", scores.softmax(-1), v).flatten(2)

    _same(ours, theirs, [_drawn(b, n, (heads + 2 * kv) * width), bias])


def test_a_low_rank_product_has_the_gradients_of_its_two_factors():
    parts, rank, scale = ((0, 4), (4, 2)), 3, 0.5
    base = torch.randn(6, 10, generator=torch.Generator().manual_seed(9))
    a, b = _drawn(6, 10, seed=2), _drawn(6, rank, seed=3)

    def whole(a, b):
        rows = [b[at : at + n] @ a[i * rank : (i + 1) * rank] for i, (at, n) in enumerate(parts)]
        return base + scale * torch.cat(rows)

    _same(
        lambda x, a, b: low_rank(x, whole(a, b).detach(), a, b, None, parts, scale),
        lambda x, a, b: F.linear(x, whole(a, b)),
        [_drawn(2, 5, 10), a, b],
    )


def test_the_loss_of_answers_is_that_over_all_tokens_and_that_among_the_options():
    tokens = torch.randint(0, 20, (200,), generator=torch.Generator().manual_seed(3))
    weights = torch.rand(200, generator=torch.Generator().manual_seed(4))
    allowed = torch.stack((tokens, (tokens + 3) % 20, torch.where(tokens % 2 == 0, (tokens + 7) % 20, -1)), 1)

    def ours(hidden, head):
        return answer_loss(hidden, head, tokens, weights, allowed, 0.7)[0]

    def theirs(hidden, head):
        logits = hidden @ head.t()
        among = torch.full_like(logits, -1e9)
        for i, row in enumerate(allowed):
            among[i, row[row >= 0]] = 0
        whole = F.cross_entropy(logits, tokens, reduction="none")
        return ((whole + 0.7 * F.cross_entropy(logits + among, tokens, reduction="none")) * weights).sum()

    _same(ours, theirs, [_drawn(200, 8), _drawn(20, 8, seed=2)])
