from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.scoring import leaders, log_normaliser  # noqa: E402


@pytest.mark.parametrize("width", [7, 400, 1024 * 48, 128 * 501])
@pytest.mark.parametrize("count", [1, 8])
def test_leaders_are_the_largest(width, count):
    row = torch.randperm(width, generator=torch.Generator().manual_seed(width)).float()
    assert sorted(leaders(row, count).tolist()) == sorted(row.topk(min(count, width)).indices.tolist())


@pytest.mark.parametrize("shift", [0.0, -150.0, 150.0])
@pytest.mark.parametrize("width", [400, 1024 * 4, 4099])
def test_the_normaliser_holds_for_usual_and_for_extreme_logits(shift, width):
    logits = (torch.randn(37, width, generator=torch.Generator().manual_seed(0)) * 3).bfloat16() + shift
    logits[3] = 90.0  # one row that overflows without a shift
    assert torch.allclose(log_normaliser(logits), torch.logsumexp(logits.double(), -1).float(), atol=5e-3)
    exact = log_normaliser(logits.float())
    assert torch.allclose(exact, torch.logsumexp(logits.double(), -1).float(), atol=1e-4)
