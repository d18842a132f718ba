"""Every form of attention against loops written from the definition."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from planner.lm.attention import (  # noqa: E402
    additive,
    attend,
    block_sparse_mask,
    blocks_seen,
    causal_mask,
    online_attention,
)

HEADS, WIDTH, PAST, ROWS = 2, 16, 75, 30


def naive(q, k, v, visible, scale):
    out = torch.zeros(q.shape[0], q.shape[1], v.shape[2], dtype=torch.float64)
    for h in range(q.shape[0]):
        for i in range(q.shape[1]):
            seen = [j for j in range(k.shape[1]) if visible[i, j]]
            scores = [float(q[h, i].double() @ k[h, j].double()) * scale for j in seen]
            top = max(scores)
            weights = [math.exp(s - top) for s in scores]
            for j, w in zip(seen, weights, strict=True):
                out[h, i] += w / sum(weights) * v[h, j].double()
    return out


def tree_mask():
    """Rows are a tree behind 45 shared positions: row i's parent is row (i - 1) // 2."""
    visible = torch.zeros(ROWS, PAST, dtype=torch.bool)
    visible[:, : PAST - ROWS] = True
    for i in range(ROWS):
        at = i
        while True:
            visible[i, PAST - ROWS + at] = True
            if at == 0:
                break
            at = (at - 1) // 2
    return visible


MASKS = {
    "causal": causal_mask(ROWS, PAST),
    "window": causal_mask(ROWS, PAST, 9),
    "window of one": causal_mask(ROWS, PAST, 1),
    "block-sparse": block_sparse_mask(ROWS, PAST, 8, local=1, every=3),
    "tree": tree_mask(),
}


@pytest.fixture(scope="module")
def tensors():
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(HEADS, n, WIDTH, generator=generator) * 2 for n in (ROWS, PAST, PAST)]


@pytest.mark.parametrize("name", MASKS)
def test_every_form_equals_the_loops(tensors, name):
    q, k, v = tensors
    visible = MASKS[name]
    expected = naive(q, k, v, visible, 0.25)
    mask = additive(visible)
    assert float((attend(q, k, v, mask, 0.25) - expected).abs().max()) < 1e-5
    for block in (7, 16, 1000):
        seen = blocks_seen(visible, block)
        out = online_attention(q, k, v, mask, 0.25, block, seen)
        assert float((out - expected).abs().max()) < 1e-5
    half = [t.bfloat16() for t in tensors]
    out = attend(*half, additive(visible, torch.bfloat16), 0.25)
    assert float((out.double() - expected).abs().max()) < 0.1


def test_masks_are_what_they_say():
    assert MASKS["window"].sum(1).tolist() == [9] * ROWS
    assert causal_mask(3, 5).int().tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
    sparse = block_sparse_mask(8, 8, 2, local=0, every=0, first=1).int().tolist()
    assert sparse[7] == [1, 1, 0, 0, 0, 0, 1, 1]
    assert sparse[4] == [1, 1, 0, 0, 1, 0, 0, 0]
    assert blocks_seen(causal_mask(2, 12, 3), 4).tolist() == [False, False, True]


def test_blocks_that_nobody_sees_are_skipped_even_if_they_are_poisoned(tensors):
    q, k, v = tensors
    visible = causal_mask(ROWS, PAST, 9)
    poisoned = k.clone()
    poisoned[:, :32] = math.nan
    seen = blocks_seen(visible, 8)
    assert not bool(seen[:4].any())
    out = online_attention(q, poisoned, v, additive(visible), 0.25, 8, seen)
    assert torch.equal(out, online_attention(q, k, v, additive(visible), 0.25, 8))


def test_online_memory_grows_linearly_with_the_past():
    """The largest tensor it allocates has rows x block scores, whatever the past."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Largest(TorchDispatchMode):
        size = 0

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            out = func(*args, **(kwargs or {}))
            if isinstance(out, torch.Tensor) and not out._is_view():
                Largest.size = max(Largest.size, out.numel())
            return out

    sizes = []
    for past in (512, 4096):
        k, q = torch.randn(1, past, 8), torch.randn(1, 64, 8)
        Largest.size = 0
        with Largest():
            online_attention(q, k, k, None, 1.0, 128)
        sizes.append(Largest.size)
    assert sizes[0] == sizes[1] == 64 * 128
