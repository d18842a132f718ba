from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.int4 import GROUP, Int4, pack, quantised4  # noqa: E402
from planner.lm.linear import Int8  # noqa: E402


def weight_of(rows: int, columns: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


def test_every_weight_is_within_half_a_step():
    weight = weight_of(64, 96)
    product = Int4(*pack(weight))
    step = product.scale[..., 0].float().T.repeat_interleave(GROUP, 1)
    # the scale itself is rounded to bfloat16, and so are the weights that are read back
    assert bool(((product.rows(torch.arange(64)) - weight).abs() <= 0.5 * step + 0.02 * weight.abs() + 0.02).all())


@pytest.mark.parametrize("rows", [1, 5, 16, 70])
@pytest.mark.parametrize("shape", [(64, 32), (144, 96), (48, 256)])
def test_the_product_is_that_of_its_rows(rows, shape):
    product = Int4(*pack(weight_of(*shape)), torch.ones(shape[0], dtype=torch.bfloat16))
    x = weight_of(rows, shape[1], 1).bfloat16()
    expected = x.float() @ product.rows(torch.arange(shape[0])).T + 1
    assert float((product(x).float() - expected).abs().max()) < 0.02 * float(expected.abs().max())
    index = torch.tensor([3, 0, shape[0] - 1])
    assert torch.equal(product.rows(index), product.rows(torch.arange(shape[0]))[index])


def test_four_bit_blocks_of_a_file_are_kept_almost_as_they_are():
    """A weight that has sixteen equally spaced values per group already loses only the rounding of its scale."""
    numbers = torch.randint(0, 16, (32, 64), generator=torch.Generator().manual_seed(0)).float()
    numbers.view(32, 2, 32)[..., :2] = torch.tensor([0.0, 15.0])
    weight = numbers * 0.011 - 0.08
    assert float((Int4(*pack(weight)).rows(torch.arange(32)) - weight).abs().max()) < 0.001


def test_what_does_not_fit_into_groups_is_int8_and_so_is_the_head():
    tensors = {
        "embed": weight_of(40, 32),
        "norm": torch.ones(32),
        "layers.0.o": weight_of(32, 32),
        "layers.0.down": weight_of(40, 32),
        "layers.0.qkv": weight_of(32, 40),
        "layers.0.qkv_bias": torch.ones(32),
    }
    out = dict(quantised4(iter(tensors.items()), tied=True))
    types = {k: v.dtype for k, v in out.items() if not k.endswith(".scale")}
    assert types["layers.0.o"] == torch.uint8
    assert {types[k] for k in ("head", "layers.0.down", "layers.0.qkv")} == {torch.int8}
    assert {types[k] for k in ("embed", "norm", "layers.0.qkv_bias")} == {torch.float32}


def test_an_int4_model_is_near_the_float_model(small_folder, small_gguf, small_model, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    options = [" done\n", " pick up the red block\n", " go to the table\n"]
    expected = small_model.score("step 1:", options)
    for source in (small_folder, small_gguf, small_gguf):
        model = load_language_model(source, dtype="int4")
        assert isinstance(model.transformer.layers[0].down, Int4)
        assert isinstance(model.transformer.head, Int8)
        scores = model.score("step 1:", options)
        assert max(abs(a.per_token - b.per_token) for a, b in zip(scores, expected, strict=True)) < 2.0
        assert model.complete("step 1:", 5).tokens <= 5


@pytest.mark.slow
@pytest.mark.weights
def test_the_error_on_planner_prompts_is_as_stated(default_model):
    from planner.lm.bench import question

    model = load_language_model(dtype="int4")
    prefix, options = question(53)
    pairs = zip(model.score(prefix, options), default_model.score(prefix, options), strict=True)
    errors = [abs(a.per_token - b.per_token) for a, b in pairs]
    assert sum(errors) / len(errors) < 0.12
    assert max(errors) < 0.4
