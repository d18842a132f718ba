from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")

from planner.lm import half  # noqa: E402
from planner.lm.engine import lasting_dtype, load_language_model, usual_dtype  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.half import Half, halved, pack, pack_behind  # noqa: E402
from planner.lm.linear import Dense, merged  # noqa: E402

needs_products = pytest.mark.skipif(not half.usable(), reason="no float16 products here")
OPTIONS = [" done\n", " pick up the red block\n", " go to the table\n"]


def weight_of(rows: int, columns: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


@needs_products
@pytest.mark.parametrize(("fast", "dtype"), [(False, "float16"), (True, "bfloat16")])
def test_what_runs_long_gets_weights_that_write_fast(monkeypatch, fast, dtype):
    monkeypatch.setattr("planner.lm.engine.fast_bfloat16", lambda: fast)
    assert lasting_dtype() == dtype
    assert usual_dtype() == ("bfloat16" if fast else "float32")


@needs_products
@pytest.mark.parametrize("rows", [1, 2, 7, 130])
@pytest.mark.parametrize("shape", [(33, 20), (64, 576), (48, 1536)])
def test_the_product_is_that_of_the_rounded_weight_summed_in_float32(rows, shape):
    weight = weight_of(*shape).half()
    x = weight_of(rows, shape[1], 1)
    exact = (x.double() @ weight.double().T + 1).float()
    for product in (Half(pack(weight), torch.ones(shape[0]), weight), Half(pack(weight), torch.ones(shape[0]))):
        assert float((product(x) - exact).abs().max()) < 1e-5 * float(exact.abs().max()) + 1e-5
        assert torch.equal(product.weight.half(), weight)
        index = torch.tensor([3, 0, shape[0] - 1])
        assert torch.equal(product.rows(index), weight[index].float())


def test_matrices_are_halved_but_not_those_that_half_cannot_hold():
    tensors = {
        "embed": weight_of(8, 4),
        "norm": torch.ones(4),
        "layers.0.o": 1e5 * weight_of(4, 4),
        "positions": weight_of(9, 4),
    }
    types = {name: tensor.dtype for name, tensor in halved(iter(tensors.items()))}
    assert types == {
        "embed": torch.float16,
        "norm": torch.float32,
        "layers.0.o": torch.float32,
        "positions": torch.float32,
    }


@needs_products
@pytest.mark.parametrize("mapped", [True, False])
def test_packing_behind_gives_what_packing_gives(mapped):
    tensors = {"embed": weight_of(40, 32).half(), "norm": torch.ones(32), "layers.0.o": weight_of(32, 32, 1).half()}
    kept = dict(tensors)
    futures = pack_behind(tensors, tied=True, mapped=mapped)
    assert set(futures) == {"head", "layers.0.o"}
    assert ("layers.0.o" in tensors) == mapped
    x = weight_of(3, 32, 2)
    for name, weight in (("head", kept["embed"]), ("layers.0.o", kept["layers.0.o"])):
        assert torch.equal(Half(futures[name])(x), Half(pack(weight))(x))


@needs_products
def test_a_model_in_float16_is_near_the_float_model_wherever_it_comes_from(
    small_folder, small_gguf, small_model, tmp_path, monkeypatch
):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    expected = small_model.score("step 1:", OPTIONS)
    text = small_model.complete("step 1:", 12).text
    found = []
    for source in (small_folder, small_gguf, small_gguf):  # the third is mapped
        model = load_language_model(source, dtype="float16")
        assert isinstance(model.transformer.layers[0].down, Half)
        assert isinstance(model.transformer.head, Half)
        assert model.transformer.dtype == torch.float32
        scores = model.score("step 1:", OPTIONS)
        assert max(abs(a.per_token - b.per_token) for a, b in zip(scores, expected, strict=True)) < 0.05
        assert model.complete("step 1:", 12).tokens == 12
        found.append([s.logprob for s in scores])
    assert found[0] == found[1] == found[2]
    assert text  # greedy texts of random weights may part; their scores above may not


@needs_products
def test_guesses_change_no_text_in_float16(small_folder):
    model = load_language_model(small_folder, dtype="float16")
    model.stop_tokens = set()
    fast = model.complete("pick up the red block. pick up the red", 40)
    model.guess = 0
    assert model.complete("pick up the red block. pick up the red", 40).text == fast.text


@needs_products
@pytest.mark.parametrize("merge", [True, False])
def test_adapters_go_onto_float16_weights(small_folder, tmp_path, merge):
    from safetensors.torch import save_file

    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 2, "lora_alpha": 4}))
    at = "base_model.model.model.layers.0.mlp.down_proj."
    tensors = {at + "lora_A.weight": 0.1 * weight_of(2, 96), at + "lora_B.weight": 0.1 * weight_of(64, 2)}
    save_file(tensors, str(tmp_path / "adapter_model.safetensors"))
    scores = []
    for dtype in ("float32", "float16"):
        model = load_language_model(small_folder, dtype=dtype)
        model.attach_adapter(tmp_path, merge=merge)
        scores.append([s.per_token for s in model.score("step 1:", OPTIONS)])
    assert max(abs(a - b) for a, b in zip(*scores, strict=True)) < 0.05


@needs_products
def test_merging_what_half_cannot_hold_stays_in_float32():
    product = merged(Half(pack(weight_of(4, 4).half())), [(1, 1e3 * torch.ones(1, 4), 1e3 * torch.ones(1, 1))])
    assert type(product) is Dense
    assert bool((product.weight[1] > 9e5).all())


def test_without_products_for_it_float16_is_an_error(small_folder, monkeypatch):
    monkeypatch.setattr(half, "usable", lambda: False)
    with pytest.raises(ModelError, match="choose float32"):
        load_language_model(small_folder, dtype="float16")


@pytest.mark.slow
@pytest.mark.weights
@needs_products
def test_the_error_on_planner_prompts_is_as_stated(default_model):
    from planner.lm.bench_questions import question

    model = load_language_model(dtype="float16")
    prefix, options = question(53)
    pairs = zip(model.score(prefix, options), default_model.score(prefix, options), strict=True)
    errors = [abs(a.per_token - b.per_token) for a, b in pairs]
    assert sum(errors) / len(errors) < 0.001
    assert max(errors) < 0.003
