"""What training writes can be loaded by the engine and does what the network did."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")

from planner.learn.batches import Row, coded, trees_of  # noqa: E402
from planner.learn.export import read_start, write_adapter, write_model  # noqa: E402
from planner.learn.network import AdapterWeights, Network  # noqa: E402
from planner.learn.scores import read  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402


def _trained(model, seed=5):
    """Adapter weights that do something, in numbers that bfloat16 holds exactly."""
    generator = torch.Generator().manual_seed(seed)
    weights = AdapterWeights(model.config, model.tensors, torch.float32, 4, 8.0, generator)
    for parameter in weights.trained().values():
        parameter.data = (torch.randn(parameter.shape, generator=generator) * 0.2).to(torch.bfloat16).float()
    weights.refresh()
    return weights


@pytest.mark.parametrize("position", ["rotary", "t5", "learned", "none"])
def test_a_written_model_and_adapter_score_as_the_network_does(position, small, texts, tmp_path):
    model = small(position=position, window=16, window_layers=(0,))
    write_model(tmp_path / "base", model.config, model.tensors, model.tokenizer._tokenizer.to_str(), {}, torch.float32)
    plain = load_language_model(tmp_path / "base", dtype="float32")
    prefix, questions = texts[0]
    asked = [(q.tail, q.options) for q, _ in questions]
    before = plain.score_many(prefix, asked)
    assert [o.logprob for o in before[0]] == pytest.approx(
        [o.logprob for o in model.engine.score_many(prefix, asked)[0]]
    )

    weights = _trained(model)
    write_adapter(tmp_path / "adapter", weights, "base", {"form": 7})
    loaded = load_language_model(tmp_path / "base", dtype="float32", adapter=tmp_path / "adapter")
    assert loaded.form == 7
    row = Row()
    row.score(0, coded(prefix, questions, model.tokenizer.encode_many))
    found = read(Network(model.config, weights), trees_of([row], 512, 1), [row], 512).options
    scores = loaded.score_many(prefix, asked)
    for which, options in enumerate(scores):
        if (0, which) in found:
            assert found[0, which] == pytest.approx([o.logprob for o in options], abs=2e-3)
    assert abs(scores[0][0].logprob - before[0][0].logprob) > 1e-3


def test_training_can_go_on_from_an_adapter(small, tmp_path):
    model = small()
    weights = _trained(model)
    write_adapter(tmp_path, weights, "base", {"form": 1, "seed": 3})
    again = AdapterWeights(model.config, model.tensors, torch.float32, 4, 8.0, torch.Generator())
    assert read_start(tmp_path, again)["seed"] == 3
    for name, parameter in weights.trained().items():
        assert torch.equal(parameter, again.trained()[name])
    assert all(torch.equal(a, again.merged()[n]) for n, a in weights.merged().items())
    other = AdapterWeights(model.config, model.tensors, torch.float32, 2, 8.0, torch.Generator())
    with pytest.raises(ModelError, match="rank 4"):
        read_start(tmp_path, other)
    with pytest.raises(ModelError, match="no adapter to go on from"):
        read_start(tmp_path / "nothing", again)


def test_the_folder_is_in_pefts_format(small, tmp_path):
    from safetensors.torch import load_file

    model = small()
    write_adapter(tmp_path, _trained(model), "base", {})
    config = json.loads((tmp_path / "adapter_config.json").read_text())
    assert (config["peft_type"], config["r"], config["lora_alpha"]) == ("LORA", 4, 8.0)
    assert config["target_modules"] == ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
    tensors = load_file(str(tmp_path / "adapter_model.safetensors"))
    assert len(tensors) == 3 * 7 * 2
    assert {t.dtype for t in tensors.values()} == {torch.bfloat16}
    assert tensors["base_model.model.model.layers.0.self_attn.k_proj.lora_B.weight"].shape == (32, 4)
