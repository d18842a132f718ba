"""Long prompts in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from planner.lm.bench_long import measure, stretched  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]


def long_folder(save_folder, folder: Path, layers: int = 2, context: int = 256) -> Path:
    """A tiny random Llama with a short context of its own."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=400,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        eos_token_id=0,
        bos_token_id=1,
    )
    return save_folder(folder, LlamaForCausalLM(config))


def test_a_stretched_model_reads_like_one_with_the_scaling_in_its_configuration(save_folder, tmp_path):
    folder = long_folder(save_folder, tmp_path)
    ours = stretched(load_language_model(folder, dtype="float32"), 1024)
    raw = json.loads((folder / "config.json").read_text())
    scaling = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 256, "rope_theta": 10000.0}
    (folder / "config.json").write_text(json.dumps({**raw, "rope_parameters": scaling}))
    theirs = load_language_model(folder, dtype="float32")
    assert ours.context == theirs.context == 1024
    text = "pick up the red block and put it in the blue bowl. " * 20
    assert float((ours.logits(text) - theirs.logits(text)).abs().max()) < 1e-4
    assert stretched(ours, 512) is ours


def test_8192_tokens_take_no_square_of_memory(save_folder, tmp_path):
    """In a process of its own, because the peak of a process never falls.

    One matrix of the text with itself, for one head alone, has 256 MiB in float32. What is allowed is far less.
    """
    folder = long_folder(save_folder, tmp_path, layers=1)
    command = [sys.executable, "-m", "planner.lm.bench_long", "--model", str(folder), "--dtype", "float32"]
    command += ["--tokens", "8192", "--threads", "1"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=True)
    found = json.loads(out.stdout)
    assert found["finite"]
    assert found["square_matrix_bytes"] == 4 * 8192**2
    assert found["keys_and_values_bytes"] < 6 << 20
    assert found["peak_after_bytes"] - found["peak_before_bytes"] < 180 << 20


def test_memory_beside_keys_and_values_grows_with_the_text_and_not_with_its_square(save_folder, tmp_path):
    folder = long_folder(save_folder, tmp_path, layers=1)
    lm = stretched(load_language_model(folder, dtype="float32"), 4096)
    seen: list[int] = []
    result = measure(lm, 4000, seen.append)
    assert seen == [2048, 4000]
    assert result["keys_and_values_bytes"] >= 4000 * 2 * 2 * 8 * 4
    assert result["finite"]


@pytest.mark.slow
@pytest.mark.weights
def test_the_default_weights_read_32768_tokens_in_bounded_memory():
    """Many minutes. Keys and values alone are 720 MiB; a square of the text would be 2 GiB per head."""
    command = [sys.executable, "-m", "planner.lm.bench_long", "--dtype", "bfloat16"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=7200, check=True)
    found = json.loads(out.stdout)
    assert found["finite"]
    assert found["working_bytes"] < 900 << 20
