from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm import packing  # noqa: E402
from planner.lm.bench_questions import question  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.linear import Packed, merged  # noqa: E402


@pytest.fixture(params=["bfloat16", "float32"], autouse=True)
def dtype(request) -> torch.dtype:
    found: torch.dtype = getattr(torch, request.param)
    if not packing.usable(found):
        pytest.skip(f"no packed {request.param} products here")
    return found


def weights(dtype: torch.dtype, seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shapes = {"embed": (100, 32), "norm": (32,), "layers.0.o": (32, 48), "layers.0.qkv": (200, 32)}
    return {name: torch.randn(shape, generator=generator).to(dtype) for name, shape in shapes.items()}


def packed_file(folder):
    (path,) = folder.glob("packed-*.safetensors")
    return path


@pytest.mark.parametrize("rows", [1, 7, 130])
def test_packed_products_equal_plain_ones_in_memory_and_mapped(tmp_path, rows, dtype):
    plain = weights(dtype)
    x = torch.randn(rows, 200, generator=torch.Generator().manual_seed(1)).to(dtype)
    for folder in (None, tmp_path, tmp_path):  # the second time the file is there
        packed = packing.packed_weights(plain, tied=True, folder=folder)
        assert set(packed) == {"layers.0.o", "layers.0.qkv", "head"}
        for name, weight in (("layers.0.o", plain["layers.0.o"]), ("head", plain["embed"])):
            product = Packed(packed[name])
            row = x[:, : weight.shape[1]].contiguous()
            exact = row.float() @ weight.float().T
            assert float((product(row).float() - exact).abs().max()) < 0.01 * float(exact.abs().max())
            assert torch.equal(product.weight, weight)


def test_mapped_weights_are_not_copied(tmp_path, dtype):
    if packing._over_memory() is None:
        pytest.skip("this PyTorch cannot use mapped memory")
    packed = packing.packed_weights(weights(dtype), tied=False, folder=tmp_path)
    for weight in packed.values():
        assert weight.owner is not None
        assert torch.ops.mkldnn.data_ptr(weight.tensor) == weight.owner.data_ptr()


@pytest.mark.parametrize("damage", ["cut", "layout", "other"])
def test_a_damaged_packed_file_is_made_anew(tmp_path, damage, dtype):
    if packing._over_memory() is None:
        pytest.skip("this PyTorch cannot use mapped memory")
    plain = weights(dtype)
    packing.packed_weights(plain, tied=False, folder=tmp_path)
    path = packed_file(tmp_path)
    raw = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(raw[: len(raw) // 2])
    elif damage == "layout":  # the layouts come last
        raw[-100] ^= 255
        path.write_bytes(raw)
    else:
        path.write_text("something else")
    packed = packing.packed_weights(plain, tied=False, folder=tmp_path)
    assert all(w.owner is not None for w in packed.values())
    assert torch.equal(Packed(packed["layers.0.qkv"]).weight, plain["layers.0.qkv"])


def test_a_folder_that_cannot_be_written_packs_into_memory(tmp_path, dtype):
    packed = packing.packed_weights(weights(dtype), tied=False, folder=tmp_path / "missing")
    assert all(w.owner is None for w in packed.values())


def test_an_adapter_is_merged_into_packed_weights(dtype):
    weight = weights(dtype)["layers.0.o"]
    a, b = torch.ones(1, 48).to(dtype), torch.ones(2, 1).to(dtype)
    product = merged(Packed(packing.pack(weight)), [(4, a, b)])
    expected = weight.float()
    expected[4:6] += 1.0
    assert torch.equal(product.weight, expected.to(dtype))


def test_a_model_computes_the_same_packed_as_plain(small_folder, small_gguf, tmp_path, monkeypatch, dtype):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    options = [" done\n", " pick up the red block\n", " go to the table\n"]
    packed = [
        load_language_model(source, dtype=str(dtype).removeprefix("torch.")) for source in (small_folder, small_gguf)
    ]
    assert all(isinstance(m.transformer.layers[0].qkv, Packed) for m in packed)
    monkeypatch.setattr(packing, "usable", lambda dtype: False)
    monkeypatch.setattr("planner.lm.engine.usable", lambda dtype: False)
    plain = load_language_model(small_folder, dtype=str(dtype).removeprefix("torch."))
    assert not isinstance(plain.transformer.layers[0].qkv, Packed)
    expected = plain.score("step 1:", options)
    for model in packed:
        scores = model.score("step 1:", options)
        assert max(abs(a.per_token - b.per_token) for a, b in zip(scores, expected, strict=True)) < 0.1


@pytest.mark.slow
@pytest.mark.weights
def test_default_weights_score_the_same_packed_as_plain(monkeypatch, dtype):
    if dtype != torch.float32:
        pytest.skip("bfloat16 rounds differently")
    prefix, options = question(53, examples=2)
    packed = load_language_model(dtype="float32").score(prefix, options[:12])
    monkeypatch.setattr("planner.lm.engine.usable", lambda dtype: False)
    plain = load_language_model(dtype="float32").score(prefix, options[:12])
    assert max(abs(a.logprob - b.logprob) for a, b in zip(packed, plain, strict=True)) < 1e-3
