"""Addresses as model names, and planning through a real server on the loopback interface."""

from __future__ import annotations

import json
import math

import pytest

torch = pytest.importorskip("torch")

from planner.cli.main import main  # noqa: E402
from planner.lm.address import is_address, open_remote, parse_address  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.serve import ModelServer  # noqa: E402
from planner.lm.weights import find_model  # noqa: E402

WORDS = ("put the red block in the blue bowl", "--objects", "red block, blue bowl")


@pytest.mark.parametrize(
    ("name", "url", "model"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1", None),
        ("HTTP://Host:80/", "http://host:80/v1", None),
        ("https://h/api/v1/#owner/name%20x", "https://h/api/v1", "owner/name x"),
        ("http://[::1]:80", "http://[::1]:80/v1", None),
    ],
)
def test_addresses(name, url, model):
    assert is_address(name)
    found = parse_address(name)
    assert (found.url, found.model) == (url, model)


@pytest.mark.parametrize("name", ["http://", "http://h:many/v1", "http://u:secret@h/v1", "http://h/v1?key=secret"])
def test_bad_addresses_are_said_without_their_secrets(name):
    with pytest.raises(ValueError, match=r"http://HOST:PORT|GROUNDPLAN_API_KEY") as caught:
        parse_address(name)
    assert "secret" not in str(caught.value)
    with pytest.raises(ModelError):
        open_remote(name)


def test_names_that_are_no_addresses():
    assert not any(map(is_address, ("default", "owner/name", "http.gguf", "/http://x")))
    with pytest.raises(ModelError, match="no model file"):
        find_model("http://127.0.0.1:1/v1")


@pytest.fixture(scope="module")
def folder(save_folder, tmp_path_factory):
    """A tiny random model with room for the planner's prompts."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=400,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=4096,
        initializer_range=0.3,
        eos_token_id=0,
        bos_token_id=1,
    )
    return save_folder(tmp_path_factory.mktemp("planning"), LlamaForCausalLM(config))


@pytest.fixture(scope="module")
def server(folder):
    with ModelServer(load_language_model(folder, dtype="float32")) as running:
        yield running


def said(capsys, *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    done = capsys.readouterr()
    return code, done.out, done.err


def close(a: object, b: object) -> bool:
    """Equal, numbers within a thousandth."""
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, abs_tol=1e-3)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return a == b


def test_a_plan_through_a_server_is_the_local_plan_with_the_same_scores(capsys, server, folder):
    here = said(capsys, "plan", *WORDS, "--json", "--model", str(folder), "--set", "model.dtype=float32")
    there = said(capsys, "plan", *WORDS, "--json", "--model", server.url)
    assert (here[0], there[0]) in ((0, 0), (3, 3)), (here, there)
    a, b = json.loads(here[1]), json.loads(there[1])
    assert a["proposals"]
    for one, other in zip(a["proposals"], b["proposals"], strict=True):
        one.pop("source", None), other.pop("source", None)
        assert close(one, other)
    assert close(a["decision"], b["decision"])


def test_the_record_says_who_thought(server, folder):
    from planner.session import open_mind
    from planner.settings import Settings, resolve

    mind = open_mind(resolve(Settings(), None, [f"model.name={server.url}"]))
    name = server.lm.name
    assert mind.identity == {"name": f"{name} (remote)", "url": server.url, "served": name, "sha256": None}
    assert mind.lm.context == 4096
    nobody = resolve(Settings(), None, ["model.name=http://127.0.0.1:9/v1", f"model.fallback={folder}"])
    mind = open_mind(resolve(nobody, None, ["model.retries=0", "model.dtype=float32"]))
    assert mind.identity["fallback"]["name"] == str(folder)
    assert len(mind.identity["fallback"]["sha256"]) == 64
    assert mind.lm.fallbacks >= 1


def test_what_the_fallback_answered_is_in_the_record(folder):
    from envs.tasks import make_task
    from planner.session import open_mind, run_task
    from planner.settings import Settings, resolve
    from planner.workplace import FAKE, open_workplace

    pairs = ["model.name=http://127.0.0.1:9/v1", f"model.fallback={folder}", "model.retries=0", "budget.attempts=1"]
    pairs.append("propose.mode=untrained")  # the model is asked whatever the words say
    settings = resolve(Settings(), None, [*pairs, "model.dtype=float32"])
    task = make_task(WORDS[0], objects=["red block", "blue bowl"])
    mind = open_mind(settings)
    with open_workplace(task, 0, settings, FAKE) as place:
        episode = run_task(task, 0, settings, place, mind).episode
    assert any("the fallback model did" in note for note in episode["notes"])
    assert episode["model"]["url"] == "http://127.0.0.1:9/v1"


@pytest.mark.parametrize("command", [("plan", *WORDS), ("evaluate", "tabletop-steps", "--out", "x")])
def test_a_server_that_is_not_there_is_one_line(capsys, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *command, "--model", "http://127.0.0.1:9/v1", "--set", "model.retries=0")
    assert (code, out) == (2, "")
    assert "http://127.0.0.1:9/v1 does not answer" in err


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("model.name=http://u:secret@h/v1", "GROUNDPLAN_API_KEY"),
        ("model.fallback=http://h/v1", "not another server"),
        ("model.timeout=0", "0.1 to 3600"),
        ("model.retries=99", "0 to 20"),
    ],
)
def test_settings_of_a_server_are_checked(pair, says):
    from planner.settings import Settings, SettingsError, resolve

    with pytest.raises(SettingsError, match=says) as caught:
        resolve(Settings(), None, [pair])
    assert "secret" not in str(caught.value)


@pytest.fixture
def chat_only():
    """The address of a server that lists its model and chats, and has nothing else."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args) -> None:
            return

        def answer(self, status: int, body: object) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_GET(self) -> None:
            self.answer(200, {"data": [{"id": "talker"}]})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.endswith("/chat/completions"):
                self.answer(200, {"choices": [{"message": {"role": "assistant", "content": "hello"}}]})
            else:
                self.answer(404, {"error": {"message": "no such route"}})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


def test_a_server_that_only_chats_is_an_error_or_the_fallback_thinks(capsys, chat_only, folder):
    code, _, err = said(capsys, "plan", *WORDS, "--model", chat_only)
    assert code == 2
    assert "cannot score options" in err
    assert "no such route" in err
    assert "model.fallback" in err
    with_fallback = ("--set", f"model.fallback={folder}", "--set", "model.dtype=float32")
    helped = said(capsys, "plan", *WORDS, "--json", "--model", chat_only, *with_fallback)
    here = said(capsys, "plan", *WORDS, "--json", "--model", str(folder), *with_fallback[2:])
    assert close(json.loads(helped[1])["decision"], json.loads(here[1])["decision"])
