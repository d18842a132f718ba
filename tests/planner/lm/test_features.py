"""Hidden states of short texts: the engine's own, each text for itself."""

import pytest

torch = pytest.importorskip("torch")

from planner.lm.features import hidden_states  # noqa: E402
from planner.lm.sequence import Sequence  # noqa: E402


def test_all_layers_and_the_norm_are_what_the_engine_computes(small_model):
    text = "bring me the sponge"
    (ours,) = hidden_states(small_model, (text,), small_model.config.layers)
    sequence = Sequence(small_model.transformer, 64)
    whole = sequence.extend(small_model.tokenizer.encode(text), all_hidden=True)
    normed = small_model.transformer._normed(ours, small_model.transformer.norm)
    assert ours.shape == whole.shape
    assert torch.allclose(normed, whole, atol=1e-4)


def test_layers_agree_with_transformers(small_model, small_hf):
    text = "stack the green block"
    ids = torch.tensor([small_model.tokenizer.encode(text)])
    with torch.inference_mode():
        theirs = small_hf.model(ids, output_hidden_states=True).hidden_states
    for layer in (1, 2):
        (ours,) = hidden_states(small_model, (text,), layer)
        assert torch.allclose(ours, theirs[layer][0], atol=1e-4)


def test_a_text_does_not_see_the_others(small_model):
    alone = hidden_states(small_model, ("pepsi can",), 2)[0]
    first, second = hidden_states(small_model, ("pepsi can", "the red block and the blue bowl"), 2)
    assert torch.allclose(alone, first, atol=1e-3)
    assert len(second) > len(first)
    long = hidden_states(small_model, ("pepsi can", "block " * 60), 2)[0]
    assert torch.allclose(alone, long, atol=1e-3)


def test_what_cannot_be_computed_is_said(small_model):
    with pytest.raises(ValueError, match="layers 1 to 3"):
        hidden_states(small_model, ("pepsi can",), 4)
    with pytest.raises(ValueError, match="empty"):
        hidden_states(small_model, ("",), 2)
