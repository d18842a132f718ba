from __future__ import annotations

import copy
import json

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402

TEXT = "stack the green block on the yellow one"
PARTS = ("self_attn.q", "self_attn.k", "self_attn.v", "self_attn.o", "mlp.gate", "mlp.up", "mlp.down")


@pytest.fixture(scope="module")
def adapter(small_hf, tmp_path_factory):
    """A random adapter folder, and the transformers model with the same update in its weights."""
    folder = tmp_path_factory.mktemp("adapter")
    generator = torch.Generator().manual_seed(3)
    expected = copy.deepcopy(small_hf)
    tensors = {}
    for name, parameter in expected.named_parameters():
        part = name.removeprefix("model.").removesuffix("_proj.weight").split(".", 2)
        if len(part) < 3 or part[2] not in PARTS:
            continue
        out, width = parameter.shape
        a, b = (torch.randn(s, generator=generator) * 0.2 for s in ((4, width), (out, 4)))
        key = "base_model.model." + name.removesuffix(".weight")
        tensors[key + ".lora_A.weight"], tensors[key + ".lora_B.weight"] = a, b
        parameter.data += (8 / 4) * b @ a
    save_file(tensors, str(folder / "adapter_model.safetensors"))
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 4, "lora_alpha": 8}))
    return folder, expected


@pytest.mark.parametrize("merge", [True, False])
def test_an_adapter_acts_merged_or_at_run_time(small_folder, adapter, merge):
    folder, expected = adapter
    model = load_language_model(small_folder, dtype="float32")
    plain = model.score(TEXT, [" done\n"])[0].logprob
    model.attach_adapter(folder, merge=merge)
    with torch.inference_mode():
        logits = expected(torch.tensor([model.tokenizer.encode(TEXT)])).logits[0]
    assert float((model.logits(TEXT) - logits).abs().max()) < 1e-3
    assert abs(model.score(TEXT, [" done\n"])[0].logprob - plain) > 1e-3
    assert model.name.endswith("+" + folder.name)


def test_an_adapter_can_be_named_when_loading(small_folder, adapter):
    model = load_language_model(small_folder, dtype="float32", adapter=adapter[0])
    with torch.inference_mode():
        logits = adapter[1](torch.tensor([model.tokenizer.encode(TEXT)])).logits[0]
    assert float((model.logits(TEXT) - logits).abs().max()) < 1e-3


def test_what_does_not_fit_is_refused(small_folder, adapter, tmp_path):
    model = load_language_model(small_folder, dtype="float32")
    with pytest.raises(ModelError, match="adapter_config"):
        model.attach_adapter(tmp_path)
    config = tmp_path / "adapter_config.json"
    config.write_text(json.dumps({"peft_type": "PREFIX_TUNING", "r": 4, "lora_alpha": 8}))
    with pytest.raises(ModelError, match="PREFIX_TUNING"):
        model.attach_adapter(tmp_path)
    config.write_text(json.dumps({"r": 4, "lora_alpha": 8}))
    with pytest.raises(ModelError, match="cannot read"):
        model.attach_adapter(tmp_path)
    key = "base_model.model.model.layers.0.self_attn.q_proj.lora_"
    for a, b, message in (
        (torch.zeros(4, 63), torch.zeros(64, 4), "trained for this model"),
        (torch.zeros(4, 64) / 0.0, torch.zeros(64, 4), "NaN"),
    ):
        save_file({key + "A.weight": a, key + "B.weight": b}, str(tmp_path / "adapter_model.safetensors"))
        with pytest.raises(ModelError, match=message):
            model.attach_adapter(tmp_path)
    save_file({"base_model.model.lm_head.lora_A.weight": torch.zeros(1)}, str(tmp_path / "adapter_model.safetensors"))
    with pytest.raises(ModelError, match="unknown tensor"):
        model.attach_adapter(tmp_path)


def test_a_file_with_an_adapter_is_prepared_once_beside_the_plain_one(small_gguf, adapter, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    plain = load_language_model(small_gguf, dtype="float32").logits(TEXT)
    model = load_language_model(small_gguf, dtype="float32", adapter=adapter[0])
    with torch.inference_mode():
        logits = adapter[1](torch.tensor([model.tokenizer.encode(TEXT)])).logits[0]
    assert float((model.logits(TEXT) - logits).abs().max()) < 1e-3
    folders = sorted((tmp_path / "prepared").iterdir())
    assert len(folders) == 2
    again = load_language_model(small_gguf, dtype="float32", adapter=adapter[0])
    assert sorted((tmp_path / "prepared").iterdir()) == folders
    assert torch.equal(again.logits(TEXT), model.logits(TEXT))
    assert torch.equal(load_language_model(small_gguf, dtype="float32").logits(TEXT), plain)


def test_old_sums_are_cleared_away_but_never_the_one_in_use(tmp_path):
    import os

    from planner.lm.store import forget_old

    for i in range(7):
        (tmp_path / f"adapted-{i}").mkdir()
        os.utime(tmp_path / f"adapted-{i}", (i, i))
    (tmp_path / "plain").mkdir()
    forget_old(tmp_path / "adapted-0", kept=3)
    assert {p.name for p in tmp_path.iterdir()} == {"plain", "adapted-0", "adapted-5", "adapted-6"}


def test_a_second_model_shares_the_weights_and_leaves_the_first_as_it_was(small_folder, adapter):
    folder, expected = adapter
    model = load_language_model(small_folder, dtype="float32")
    before = model.logits(TEXT)
    second = model.with_adapter(folder)
    with torch.inference_mode():
        logits = expected(torch.tensor([model.tokenizer.encode(TEXT)])).logits[0]
    assert float((second.logits(TEXT) - logits).abs().max()) < 1e-3
    assert torch.equal(model.logits(TEXT), before)
    assert second.transformer.embed is model.transformer.embed
    assert second.transformer.layers[0].o.base is model.transformer.layers[0].o
    assert second.name == f"{model.name}+{folder.name}"
