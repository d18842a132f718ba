from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.linear import Adapted, Dense, Int8, merged, quantised  # noqa: E402


def test_int8_keeps_every_weight_within_half_a_step():
    weight = torch.randn(40, 32, generator=torch.Generator().manual_seed(0))
    parts = dict(quantised(iter([("w", weight), ("bias", torch.ones(40))]), tied=False))
    product = Int8(parts["w"], parts["w.scale"])
    error = (product.rows(torch.arange(40)) - weight).abs().amax(1)
    assert bool((error <= parts["w.scale"].float() * 0.51).all())
    assert torch.equal(parts["bias"], torch.ones(40))


@pytest.mark.parametrize("rows", [1, 6, 7, 50])
def test_int8_product_is_the_same_by_either_kernel(rows):
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(9000, 64, generator=generator).bfloat16()
    parts = dict(quantised(iter([("embed", weight)]), tied=True))
    assert torch.equal(parts["embed"], weight)
    product = Int8(parts["head"], parts["head.scale"])
    x = torch.randn(rows, 64, generator=generator).bfloat16()
    expected = x.float() @ product.rows(torch.arange(9000)).T
    assert float((product(x).float() - expected).abs().max()) < 0.02 * float(expected.abs().max())


def test_adapter_in_slices_equals_merged():
    generator = torch.Generator().manual_seed(0)
    base = Dense(torch.randn(12, 8, generator=generator))
    updates = [
        (2, torch.randn(3, 8, generator=generator), torch.randn(4, 3, generator=generator)),
        (6, torch.randn(2, 8, generator=generator), torch.randn(6, 2, generator=generator)),
    ]
    x = torch.randn(5, 8, generator=generator)
    adapted, plain = Adapted(base, updates), merged(base, updates)
    assert torch.allclose(adapted(x), plain(x), atol=1e-5)
    index = torch.tensor([0, 3, 6, 11])
    assert torch.allclose(adapted.rows(index), plain.rows(index), atol=1e-5)
    with pytest.raises(TypeError):
        merged(adapted, updates)


def test_an_int8_model_is_near_the_float_model(small_folder, small_gguf, small_model, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    options = [" done\n", " pick up the red block\n", " go to the table\n"]
    expected = small_model.score("step 1:", options)
    for source in (small_folder, small_gguf, small_gguf):
        model = load_language_model(source, dtype="int8")
        scores = model.score("step 1:", options)
        assert max(abs(a.per_token - b.per_token) for a, b in zip(scores, expected, strict=True)) < 0.6
        assert model.complete("step 1:", 5).tokens <= 5
