"""Streams of the server: what arrives, what a client that leaves or dawdles does to others, OpenAI's own client."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time

import pytest

pytest.importorskip("torch")

from planner.lm.answers import Asked, tell
from planner.lm.serve import ModelServer
from planner.lm.stream import Piece, Stream

PREFIX = "task: put the red block in the blue bowl.\nstep 1:"
MESSAGES = [{"role": "user", "content": "hi"}]


@pytest.fixture
def server(small_model):
    with ModelServer(small_model, queue=2, timeout=20) as running:
        yield running


def opened(server, path: str, body: dict):
    host, port = server._server.server_address[:2]
    connection = http.client.HTTPConnection(host, port, timeout=20)
    connection.request("POST", path, json.dumps({**body, "stream": True}))
    return connection, connection.getresponse()


def events(server, path: str, body: dict) -> list:
    connection, answer = opened(server, path, body)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    lines = answer.read().decode().split("\n\n")
    connection.close()
    assert lines[-2:] == ["data: [DONE]", ""]
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]


@pytest.mark.parametrize("more", [{"temperature": 0}, {"temperature": 0.9, "seed": 3}, {"temperature": 0, "stop": "e"}])
def test_the_pieces_of_a_completion_join_to_the_whole(server, small_model, more):
    body = {"prompt": [PREFIX, "go"], "max_tokens": 24, **more}
    found = events(server, "/v1/completions", body)
    assert len({e["id"] for e in found}) == 1
    heat, stop = more["temperature"], [more["stop"]] if "stop" in more else []
    for i, prompt in enumerate(body["prompt"]):
        choices = [e["choices"][0] for e in found if e["choices"][0]["index"] == i]
        whole = small_model.complete(prompt, 24, temperature=heat, seed=more.get("seed", 0), stop=stop)
        assert "".join(c["text"] for c in choices) == whole.text
        assert [c["finish_reason"] for c in choices[:-1]] == [None] * (len(choices) - 1)
        assert choices[-1]["finish_reason"] == ("length" if whole.tokens == 24 else "stop")
        assert len(choices) > 3 or "seed" in more or stop


def test_a_chat_stream_begins_with_a_role_and_ends_with_the_numbers(server, small_model):
    body = {"messages": MESSAGES, "max_completion_tokens": 9, "temperature": 0}
    found = events(server, "/v1/chat/completions", {**body, "stream_options": {"include_usage": True}})
    *pieces, last = found
    assert pieces[0]["object"] == "chat.completion.chunk"
    assert pieces[0]["choices"][0]["delta"]["role"] == "assistant"
    text = "".join(p["choices"][0]["delta"].get("content", "") for p in pieces)
    prompt = small_model.chat_prompt(MESSAGES)
    assert text == small_model.complete(prompt, 9).text
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == 9
    assert all(p["usage"] is None for p in pieces)


def test_the_connection_can_be_used_again_behind_a_stream(server):
    connection, answer = opened(server, "/v1/completions", {"prompt": "a", "max_tokens": 3})
    answer.read()
    connection.request("GET", "/health")
    assert json.loads(connection.getresponse().read()) == {"status": "ok"}
    connection.close()


def test_old_clients_get_a_body_that_ends_with_the_connection(server):
    link = socket.create_connection(server._server.server_address[:2], timeout=20)
    body = b'{"prompt": "a", "max_tokens": 3, "stream": true}'
    link.sendall(b"POST /v1/completions HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    raw = b"".join(iter(lambda: link.recv(4096), b""))
    link.close()
    head, text = raw.split(b"\r\n\r\n", 1)
    assert b"Transfer-Encoding" not in head
    assert text.startswith(b"data: {")
    assert text.endswith(b"data: [DONE]\n\n")


def test_an_allowed_text_comes_in_one_piece_and_echo_first(server):
    body = {"prompt": PREFIX, "guided_choice": [" pick up", " go to"], "temperature": 0}
    (only,) = events(server, "/v1/completions", body)
    assert only["choices"][0]["text"] in body["guided_choice"]
    assert only["choices"][0]["finish_reason"] == "stop"
    found = events(server, "/v1/completions", {"prompt": "go", "max_tokens": 2, "echo": True})
    assert "".join(e["choices"][0]["text"] for e in found).startswith("go")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"prompt": "red " * 5000}, "takes 1024"),
        ({"prompt": "a", "echo": True, "max_tokens": 0, "logprobs": 1}, "in one piece"),
        ({"prompt": "a", "stream_options": 3}, "stream_options"),
        ({"prompt": "a", "n": 2}, "'n'"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(server, body, words):
    connection, answer = opened(server, "/v1/completions", body)
    assert answer.status == 400
    assert words in json.loads(answer.read())["error"]["message"]
    connection.close()
    assert server.places._value == 2


def test_a_fault_in_the_middle_is_an_event(server, small_model, monkeypatch):
    def broken(prompt, most, *, told, **more):
        told("so ")
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(small_model, "complete", broken)
    connection, answer = opened(server, "/v1/completions", {"prompt": "a"})
    lines = answer.read().decode().split("\n\n")
    connection.close()
    assert "oops" in json.loads(lines[-2].removeprefix("data: "))["error"]["message"]
    assert "[DONE]" not in "".join(lines)


def until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


class Endless:
    """``LocalModel.complete`` that writes until it is told to stop; counts."""

    def __init__(self, piece: str = "x") -> None:
        self.asked, self.stopped, self.piece = 0, threading.Event(), piece

    def __call__(self, prompt, most, *, told, **more):
        from planner.lm.api import Completion

        while told(self.piece):
            self.asked += 1
            time.sleep(0.001)
        self.stopped.set()
        return Completion("", self.asked, 0.0)


@pytest.mark.parametrize("stream", [True, False])
def test_writing_stops_when_the_client_leaves(server, small_model, monkeypatch, stream):
    endless = Endless()
    monkeypatch.setattr(small_model, "complete", endless)
    link = socket.create_connection(server._server.server_address[:2], timeout=20)
    body = json.dumps({"prompt": "a", "stream": stream}).encode()
    link.sendall(b"POST /v1/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    until(lambda: endless.asked > 3)
    assert server.places._value == 1
    link.close()
    assert endless.stopped.wait(10)
    until(lambda: server.places._value == 2)


def test_a_client_that_takes_nothing_does_not_hold_up_the_model(server, small_model, monkeypatch):
    """Its pieces are joined; the model goes on at its own pace."""
    endless = Endless("x" * 20_000)
    monkeypatch.setattr(small_model, "complete", endless)
    connection, answer = opened(server, "/v1/completions", {"prompt": "a"})
    until(lambda: endless.asked > 400)  # 8 MB of text: far more than the sockets' buffers hold
    answer.close()
    connection.close()
    assert endless.stopped.wait(10)


def test_waiting_pieces_are_joined(small_model):
    stream = Stream()
    for _ in range(3):
        assert stream.put(0, "a")
    stream.put(0, "b", "stop")
    stream.put(1, "c")
    stream.end()
    assert list(stream.pieces(lambda: False)) == [Piece(0, "aaab", "stop"), Piece(1, "c")]
    left = Stream()
    assert list(left.pieces(lambda: True, look=0.01)) == []
    assert not left.put(0, "a")
    tell(small_model, Asked(["a", "b"], 5, {"temperature": 0.0, "seed": 0, "stop": []}, None), left)
    assert left.usage is None or left.usage["completion_tokens"] == 0


@pytest.mark.peer
def test_the_client_of_openai_reads_the_streams(server, small_model):
    openai = pytest.importorskip("openai", reason="the package openai is not installed")
    client = openai.OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=20)
    chat = client.chat.completions.create(
        model="x", messages=MESSAGES, max_tokens=9, temperature=0, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(chat)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == small_model.complete(small_model.chat_prompt(MESSAGES), 9).text
    assert chunks[-1].usage.completion_tokens == 9
    written = client.completions.create(model="x", prompt=PREFIX, max_tokens=9, temperature=0, stream=True)
    assert "".join(c.choices[0].text for c in written) == small_model.complete(PREFIX, 9).text
    whole = client.chat.completions.create(model="x", messages=MESSAGES, max_tokens=9, temperature=0)
    assert whole.choices[0].message.content == text
    with pytest.raises(openai.BadRequestError, match="takes 1024"):
        client.completions.create(model="x", prompt="red " * 5000, stream=True)
    with client.chat.completions.create(model="x", messages=MESSAGES, max_tokens=200, stream=True) as leaving:
        next(iter(leaving))
    until(lambda: server.places._value == 2)
    client.close()
