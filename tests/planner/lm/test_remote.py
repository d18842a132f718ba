"""The remote engine against servers that hang, fail and lie."""

from __future__ import annotations

import threading

import pytest

from planner.lm.api import ScriptedLM
from planner.lm.errors import ModelError
from planner.lm.remote import RemoteLM
from scripted_server import Clock, Script, echo, local, remote, text


@pytest.fixture
def script():
    made = []

    def make(reply) -> Script:
        made.append(Script(reply))
        return made[-1]

    yield make
    for server in made:
        server.close()


def test_500s_are_repeated_with_growing_pauses_then_answered(script):
    server = script(lambda path, body, n: (500, {"error": {"message": "oops"}}) if n < 3 else (200, text("yes")))
    clock = Clock()
    answer = remote(server, clock, backoff=0.5).complete("a", 3)
    assert (answer.text, answer.tokens) == ("yes", 2)
    assert clock.slept == [0.5, 1.0]


def test_a_server_that_keeps_failing_is_an_error_with_its_own_words(script):
    server = script(lambda path, body, n: (503, {"error": {"message": "queue\nfull"}}))
    with pytest.raises(ModelError, match="queue full"):
        remote(server).complete("a", 3)
    assert len(server.seen) == 3


def test_a_wrong_key_is_not_repeated_and_never_printed(script):
    server = script(lambda path, body, n: (401, {"error": {"message": "bad key"}}))
    with pytest.raises(ModelError, match="bad key") as caught:
        remote(server, api_key="sk-secret").complete("a", 3)
    assert "sk-secret" not in str(caught.value)
    assert len(server.seen) == 1
    assert server.seen[0][2]["Authorization"] == "Bearer sk-secret"


@pytest.mark.parametrize("way", ["hang", "trickle"])
def test_a_server_that_hangs_ends_in_time(script, way):
    server = script(lambda path, body, n: (way, b""))
    with pytest.raises(ModelError, match="within"):
        remote(server, timeout=0.2, retries=0).complete("a", 3)


def test_the_breaker_opens_falls_back_and_tries_again_later(script):
    healthy = threading.Event()
    server = script(lambda path, body, n: (200, text("yes")) if healthy.is_set() else (500, b""))
    clock = Clock()
    lm = remote(server, clock, retries=0, trip=2, cooldown=30.0, fallback=local())
    for _ in range(5):
        assert lm.complete("a", 5).text == "from the fallback"
    assert len(server.seen) == 2
    assert lm.fallbacks == 5
    healthy.set()
    assert lm.complete("a", 5).text == "from the fallback"
    clock.now += 31.0
    assert lm.complete("a", 5).text == "yes"
    without = remote(server, clock, retries=0, trip=1)
    healthy.clear()
    with pytest.raises(ModelError, match="does not answer"):
        without.complete("a", 5)
    with pytest.raises(ModelError, match="left alone"):
        without.complete("a", 5)


def test_scores_by_echo_come_back_in_order(script):
    server = script(lambda path, body, n: (200, echo(body["prompt"])))
    scores = remote(server).score("ab", ["c", "defg"])
    assert [(s.logprob, s.tokens) for s in scores] == [(-1.0, 1), (-4.0, 4)]


def test_scores_by_prompt_logprobs_where_there_is_no_echo(script):
    def reply(path, body, n):
        if body.get("echo"):
            return 400, {"error": {"message": "echo is not supported"}}
        entries = [
            [None] + [{"7": {"logprob": -2.0, "decoded_token": c}} for c in prompt[1:]] for prompt in body["prompt"]
        ]
        choices = [{"index": i, "text": "x", "prompt_logprobs": e} for i, e in enumerate(entries)]
        return 200, {"choices": choices}

    server = script(reply)
    lm = remote(server)
    assert [(s.logprob, s.tokens) for s in lm.score("ab", ["cd"])] == [(-4.0, 2)]
    lm.score("ab", ["cd"])
    assert [bool(body.get("echo")) for _, body, _ in server.seen] == [True, False, False]


def test_a_server_that_cannot_score_says_so_or_lets_the_fallback(script):
    server = script(lambda path, body, n: (200, {"choices": [text("x")["choices"][0]] * len(body["prompt"])}))
    with pytest.raises(ModelError, match="cannot score"):
        remote(server).score("a", ["b", "c"])
    lm = remote(server, fallback=local())
    assert [s.logprob for s in lm.score("a", ["b", "c"])] == [-7.0, -7.0]
    asked = len(server.seen)
    lm.score("a", ["b"])
    assert len(server.seen) == asked  # it is not asked again


def test_chat_is_the_last_resort_for_completions(script):
    def reply(path, body, n):
        if path == "/v1/completions":
            return 404, {"error": "no such route"}
        return 200, {
            "choices": [{"index": 0, "message": {"role": "assistant", "content": body["messages"][0]["content"]}}]
        }

    assert remote(script(reply)).complete("hello", 3).text == "hello"


def lie(key: str, value) -> object:
    def change(entry: dict) -> dict:
        logprobs = {**entry["logprobs"], key: value(entry["logprobs"][key])}
        return {**entry, "logprobs": logprobs}

    return change


@pytest.mark.parametrize(
    "change",
    [
        lie("token_logprobs", lambda v: v[:-1]),
        lie("token_logprobs", lambda v: [0.5] * len(v)),
        lie("token_logprobs", lambda v: ["-1"] * len(v)),
        lie("token_logprobs", lambda v: [float("nan")] * len(v)),
        lie("token_logprobs", lambda v: [None] * len(v)),
        lie("text_offset", lambda v: v[::-1]),
        lie("text_offset", lambda v: [1000 + x for x in v]),
        lie("text_offset", lambda v: ["0"] * len(v)),
    ],
)
def test_lies_about_logprobs_are_found(script, change):
    server = script(lambda path, body, n: (200, echo(body["prompt"], change)))
    with pytest.raises(ModelError):
        remote(server).score("ab", ["cd"])
    assert remote(server, fallback=local()).score("ab", ["cd"])[0].logprob == -7.0


@pytest.mark.parametrize(
    "garbage", [b"", b"<html>", b"[]", b"null", b"{", b"[" * 50_000, {"choices": 3}, {"choices": []}, {"choices": [{}]}]
)
def test_garbage_is_an_error_never_a_crash(script, garbage):
    server = script(lambda path, body, n: (200, garbage))
    with pytest.raises(ModelError):
        remote(server, retries=0).complete("a", 3)
    with pytest.raises(ModelError):
        remote(server, retries=0).score("a", ["b"])


def test_nobody_there_and_bad_addresses():
    with pytest.raises(ModelError, match="does not answer"):
        RemoteLM("http://127.0.0.1:9/v1", "m", retries=0, timeout=1.0).complete("a", 1)
    for address in ("localhost:80", "ftp://a/v1", ""):
        with pytest.raises(ModelError, match="not an address"):
            RemoteLM(address, "m")


def models(*names: str) -> dict:
    return {"data": [{"id": n, "max_model_len": 777} for n in names]}


def test_the_only_model_of_a_server_is_taken_and_several_must_be_chosen_from(script):
    def one(path, body, n):
        return 200, models("tiny") if path == "/v1/models" else text(body["model"])

    server = script(one)
    lm = RemoteLM(server.url)
    assert lm.name == f"{server.url} (remote)"
    assert [lm.complete("a", 1).text for _ in range(2)] == ["tiny", "tiny"]
    assert (lm.name, lm.context) == ("tiny (remote)", 777)
    assert [path for path, _, _ in server.seen].count("/v1/models") == 1
    for answer, says in ((models("a", "b"), "2 models: a, b; choose"), (models(), "lists no models"), ({}, "lists no")):
        with pytest.raises(ModelError, match=says):
            RemoteLM(script(lambda path, body, n, a=answer: (200, a)).url).complete("a", 1)
    with pytest.raises(ModelError, match="#NAME"):
        RemoteLM(script(lambda path, body, n: (404, b"")).url).score("a", ["b"])


def test_one_refused_request_does_not_end_scoring(script):
    def reply(path, body, n):
        if n == 2:
            return 400, {"error": {"message": "prompt too long"}}
        return 200, echo(body["prompt"])

    lm = remote(script(reply))
    assert lm.score("ab", ["c"])[0].tokens == 1
    with pytest.raises(ModelError, match="prompt too long"):
        lm.score("ab", ["c"])
    assert lm.score("ab", ["c"])[0].tokens == 1


def test_a_fallback_is_made_when_it_is_first_needed(script):
    made = []

    def make() -> ScriptedLM:
        made.append(local())
        return made[-1]

    server = script(lambda path, body, n: (500, b"") if n > 1 else (200, text("yes")))
    lm = remote(server, retries=0, fallback=make)
    assert (lm.complete("a", 5).text, len(made)) == ("yes", 0)
    assert [lm.complete("a", 5).text for _ in range(2)] == ["from the fallback"] * 2
    assert len(made) == 1


@pytest.mark.parametrize(
    "spelled", ["<|im_end|>", "<|eot_id|>", "</s>", "<s>", "<bos>", "<end_of_turn>", "[/INST]", "<｜User｜>", "<think>"]
)
def test_special_tokens_are_broken_up_before_they_are_sent(script, spelled):
    server = script(lambda path, body, n: (200, echo(body["prompt"])))
    score = remote(server).score(f"a {spelled} b:", [f" {spelled}\n"])[0]
    sent = server.seen[0][1]["prompt"][0]
    assert spelled not in sent
    assert sent.replace(" ", "") == f"a{spelled}b:{spelled}\n"
    assert score.tokens == len(sent) - sent.index(":") - 1


def test_ordinary_text_is_sent_as_it_is(script):
    server = script(lambda path, body, n: (200, echo(body["prompt"])))
    plain = "if a < b and c > d | e: [x] <block> 1 << 2 || 3"
    remote(server).score(plain, [" y"])
    assert server.seen[0][1]["prompt"] == [plain + " y"]
