from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")

from planner.cli import exits
from planner.lm.remote import RemoteLM

pytestmark = pytest.mark.peer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny random model: two layers, one character per token."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM

    made = tmp_path_factory.mktemp("tiny")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.save(str(made / "tokenizer.json"))
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = LlamaConfig(vocab_size=256, max_position_embeddings=64, bos_token_id=None, eos_token_id=None, **shape)
    LlamaForCausalLM(config).save_pretrained(made)
    return made


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_interrupted(folder, stop):
    command = [sys.executable, "-m", "planner.cli.main", "serve-lm", "--model", str(folder), "--port", "0", "--json"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    try:
        ready = json.loads(process.stdout.readline())
        assert ready["context"] == 64
        remote = RemoteLM(ready["url"], timeout=20)
        assert [s.tokens for s in remote.score("go", [" on", " away"])] == [3, 5]
        assert remote.name == f"{ready['model']} (remote)"
        process.send_signal(stop)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == exits.REACHED
    assert out == ""
    assert f"--model {ready['url']}" in err
    assert err.rstrip().endswith("stopped")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--host", "0.0.0.0"], "--allow-remote"),
        (["--host", "example.org"], "not a loopback address"),
        (["--port", "70000"], "--port takes 0 to 65535"),
        (["--queue", "0"], "--queue takes 1 to"),
        (["--threads", "0"], "--threads takes 1 to"),
        (["--model", "nothing-here"], "no model 'nothing-here'"),
        (["--model", "http://127.0.0.1:1/v1"], "an address is no model file"),
    ],
)
def test_what_cannot_be_served_is_one_line(say, words, says):
    done = say("serve-lm", *words)
    assert done.code == exits.USAGE
    assert says in done.error


def test_a_port_that_is_taken_is_one_line(say, folder):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = say("serve-lm", "--model", str(folder), "--port", str(taken.getsockname()[1]))
    assert done.code == exits.USAGE
    assert "choose another port" in done.error


def test_stopping_waits_for_the_request_at_work_but_not_for_ever(folder):
    from planner.lm.engine import load_language_model
    from planner.lm.serve import ModelServer

    server = ModelServer(load_language_model(folder, dtype="float32"), queue=1).start()
    server.places.acquire()
    began = time.monotonic()
    server.close(patience=0.2)
    assert time.monotonic() - began >= 0.2
    assert server.places._value == 0
    server.places.release()
