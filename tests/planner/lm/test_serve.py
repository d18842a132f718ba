"""The server and the remote engine against each other, over a real loopback connection."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading

import pytest

pytest.importorskip("torch")

from planner.lm.errors import ModelError
from planner.lm.remote import RemoteLM
from planner.lm.serve import ModelServer

PREFIX = "task: put the red block in the blue bowl.\nstep 1:"
OPTIONS = [" pick up the red block\n", " pick up the blue bowl\n", " go to the table\n", " done\n"]


@pytest.fixture
def server(small_model):
    with ModelServer(small_model, queue=2) as running:
        yield running


def request(server, method: str, path: str, body: object = None, raw: bytes | None = None):
    host, port = server._server.server_address[:2]
    connection = http.client.HTTPConnection(host, port, timeout=20)
    connection.request(method, path, raw if raw is not None else (json.dumps(body) if body is not None else None))
    answer = connection.getresponse()
    out = answer.status, json.loads(answer.read()), answer.headers
    connection.close()
    return out


def test_the_remote_engine_scores_like_the_local_one(server, small_model):
    remote = RemoteLM(server.url, "small")
    there, here = remote.score(PREFIX, OPTIONS), small_model.score(PREFIX, OPTIONS)
    assert [s.tokens for s in there] == [s.tokens for s in here]
    assert max(abs(a.logprob - b.logprob) for a, b in zip(there, here, strict=True)) < 1e-3
    branches = [(OPTIONS[0] + "step 2:", OPTIONS), ("", OPTIONS[:1])]
    many = remote.score_many(PREFIX, branches)
    assert [len(row) for row in many] == [4, 1]
    assert many[1][0].logprob == pytest.approx(here[0].logprob, abs=1e-3)
    assert remote.usage.calls == 2


def test_the_remote_engine_writes_like_the_local_one(server, small_model):
    remote = RemoteLM(server.url, "small")
    for settings in ({}, {"temperature": 0.8, "seed": 4}, {"stop": ["e"]}):
        assert remote.complete(PREFIX, 15, **settings).text == small_model.complete(PREFIX, 15, **settings).text


def test_models_health_and_chat(server, small_model):
    assert request(server, "GET", "/health")[1] == {"status": "ok"}
    listed = request(server, "GET", "/v1/models")[1]["data"][0]
    assert (listed["id"], listed["max_model_len"]) == (small_model.name, 1024)
    body = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 5, "temperature": 0}
    status, answer, _ = request(server, "POST", "/v1/chat/completions", body)
    prompt = small_model.chat_prompt(body["messages"])
    assert status == 200
    assert answer["choices"][0]["message"]["content"] == small_model.complete(prompt, 5).text


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/v1/completions", {"prompt": 5}, "text or a list"),
        ("/v1/completions", {"prompt": []}, "text or a list"),
        ("/v1/completions", {"prompt": "a", "max_tokens": -1}, "max_tokens"),
        ("/v1/completions", {"prompt": "a", "max_tokens": True}, "max_tokens"),
        ("/v1/completions", {"prompt": "a", "temperature": "hot"}, "temperature"),
        ("/v1/completions", {"prompt": "a", "stop": [""]}, "stop"),
        ("/v1/completions", {"prompt": "a", "n": 3}, "'n'"),
        ("/v1/completions", {"prompt": "a", "seed": 2**80}, "seed"),
        ("/v1/completions", {"prompt": "a", "logprobs": 21}, "0 to 20"),
        ("/v1/completions", {"prompt": "a", "logprobs": 0, "guided_choice": ["a", "b"]}, "constrained"),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "a"}], "logprobs": 2}, "true or false"),
        ("/v1/completions", {"prompt": "a", "logprobs": 1, "echo": True, "max_tokens": 3}, "max_tokens"),
        ("/v1/completions", {"prompt": "", "logprobs": 1, "echo": True, "max_tokens": 0}, "empty prompt"),
        ("/v1/completions", {"prompt": "red " * 5000, "max_tokens": 1}, "takes 1024"),
        ("/v1/completions", [1], "JSON object"),
        ("/v1/chat/completions", {"messages": "hi"}, "messages"),
        ("/v1/chat/completions", {"messages": [{"role": "user"}]}, "content"),
    ],
)
def test_bad_requests_are_answered_with_what_is_wrong(server, path, body, words):
    status, answer, _ = request(server, "POST", path, body)
    assert status == 400
    assert words in answer["error"]["message"]


def test_other_paths_and_broken_bodies(server):
    assert request(server, "GET", "/v2")[0] == 404
    assert request(server, "POST", "/v1/nothing", {})[0] == 404
    assert request(server, "POST", "/v1/completions", raw=b"{not json")[0] == 400
    assert request(server, "POST", "/v1/completions", raw=b"[" * 100_000)[0] == 400


def test_a_full_queue_turns_requests_away(server, small_model):
    with small_model._lock:  # the model is busy
        body = {"prompt": "a", "max_tokens": 1}
        waiting = [threading.Thread(target=request, args=(server, "POST", "/v1/completions", body)) for _ in range(2)]
        for thread in waiting:
            thread.start()
        while server.places._value:
            threading.Event().wait(0.005)
        status, answer, headers = request(server, "POST", "/v1/completions", body)
        assert (status, headers["Retry-After"]) == (503, "1")
        assert "queue is full" in answer["error"]["message"]
    for thread in waiting:
        thread.join()
    assert request(server, "POST", "/v1/completions", body)[0] == 200


def test_a_fault_of_the_engine_is_an_answer_too(server, small_model, monkeypatch):
    def broken(*args, **more):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(type(small_model), "complete", broken)
    status, answer, _ = request(server, "POST", "/v1/completions", {"prompt": "a", "max_tokens": 1})
    assert status == 500
    assert "ZeroDivisionError: oops" in answer["error"]["message"]
    assert server.places._value == 2


def test_a_client_that_hangs_up_leaves_no_trace(server, small_model, capfd):
    with small_model._lock:
        link = socket.create_connection(server._server.server_address[:2])
        body = b'{"prompt": "a", "max_tokens": 1}'
        link.sendall(b"POST /v1/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        while server.places._value == 2:
            threading.Event().wait(0.005)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.close()
    server.close()
    assert server.places._value == 2
    assert capfd.readouterr().err == ""


def test_other_hosts_and_the_newer_loopback_when_wanted(small_model):
    with ModelServer(small_model, "0.0.0.0", allow_remote=True) as running:
        assert running.url.startswith("http://0.0.0.0:")
    try:
        running = ModelServer(small_model, "::1")
    except ModelError:
        pytest.skip("this machine has no IPv6")
    with running:
        assert RemoteLM(running.url).complete(PREFIX, 3).text == small_model.complete(PREFIX, 3).text


def test_only_loopback_and_close_twice(small_model):
    for host in ("0.0.0.0", "example.org"):
        with pytest.raises(ModelError, match="loopback"):
            ModelServer(small_model, host)
    server = ModelServer(small_model).start()
    with pytest.raises(ModelError, match="another port"):
        ModelServer(small_model, port=server._server.server_address[1])
    server.close()
    server.close()
