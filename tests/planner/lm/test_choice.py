"""Answers held to given texts by a server: every way, a real server of ours, and servers that do not keep to it."""

from __future__ import annotations

import json
import math

import pytest

from planner.lm.api import ScriptedLM
from planner.lm.choice import PROBE, WAYS, drawn, fitting
from planner.lm.errors import ModelError
from scripted_server import Clock, Script, echo, local, remote, text

OPTIONS = [" pick up the red block\n", " go to the table\n", " done\n"]
PLAN = "task: tidy up.\n1."


@pytest.fixture
def script():
    made = []

    def make(reply) -> Script:
        made.append(Script(reply))
        return made[-1]

    yield make
    for server in made:
        server.close()


def asked_texts(path: str, body: dict) -> tuple[str, list[str]] | None:
    """Which way a request uses, and the texts that it allows; read independently of the code that writes them."""
    if "structured_outputs" in body:
        return "structured_outputs", body["structured_outputs"]["choice"]
    if "guided_choice" in body:
        return "guided_choice", body["guided_choice"]
    for key in ("grammar", "guided_grammar"):
        if key in body:
            return key, [json.loads(part) for part in body[key].removeprefix("root ::= ").split(" | ")]
    for key in ("json_schema", "guided_json"):
        if key in body:
            return key, body[key]["properties"]["answer"]["enum"]
    if "response_format" in body:
        assert path == "/v1/chat/completions"
        shape = body["response_format"]
        assert (shape["type"], shape["json_schema"]["strict"]) == ("json_schema", True)
        return "response_format", shape["json_schema"]["schema"]["properties"]["answer"]["enum"]
    return None


def said(path: str, words: str) -> dict:
    if path == "/v1/completions":
        return text(words)
    return {"choices": [{"index": 0, "message": {"content": words}}], "usage": {"completion_tokens": 7}}


def keeps_to(wanted: str, pick=lambda texts: texts[-1]):
    """A server that knows one way and ignores the others."""

    def reply(path, body, n):
        found = asked_texts(path, body)
        if found is None or found[0] != wanted:
            return 200, said(path, "Hello, how can I help you?")
        words = pick(found[1])
        return 200, said(path, json.dumps({"answer": words}) if WAYS[wanted].as_json else words)

    return reply


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_found_by_a_probe_and_used_from_then_on(script, way):
    server = script(keeps_to(way))
    lm = remote(server)
    assert lm.choose(PLAN, OPTIONS) == 2
    assert lm.chooser.way == way
    asked = len(server.seen)
    out = lm.write_actions(PLAN, lambda done: OPTIONS[: 3 - len(done)], 5)
    assert out.actions == (OPTIONS[2], OPTIONS[1], OPTIONS[0])  # the last of three, of two, and the only one
    assert (out.decisions, math.isnan(out.logprob)) == (2, True)
    assert len(server.seen) == asked + 2
    path, body, _ = server.seen[-1]
    sent = body["prompt"] if path == "/v1/completions" else body["messages"][0]["content"]
    assert PLAN + OPTIONS[2] in sent
    assert lm.usage.generated_tokens == out.tokens + (7 if "chat" in path else 2)


def test_servers_that_refuse_unknown_keys_are_asked_the_next_way(script):
    def strict(path, body, n):
        found = asked_texts(path, body)
        if found is None or found[0] != "response_format":
            return 422, {"error": {"message": "unknown key"}}
        return keeps_to("response_format")(path, body, n)

    assert remote(script(strict)).choose(PLAN, OPTIONS) == 2


def test_without_a_grammar_scores_decide(script):
    def reply(path, body, n):
        if not body.get("echo"):
            return 200, said(path, "Hello!")
        return 200, echo(body["prompt"])

    server = script(reply)
    lm = remote(server)
    assert lm.choose(PLAN, OPTIONS) == 0  # every token has -1 there: a tie, and the first is taken
    assert lm.chooser.way == "none"
    asked = len(server.seen)
    assert lm.choose(PLAN, OPTIONS) == 0
    assert len(server.seen) == asked + 1


def test_a_server_that_ignores_every_constraint_and_cannot_score_says_both(script):
    def reply(path, body, n):
        prompts = body.get("prompt") if isinstance(body.get("prompt"), list) else [""]
        return 200, {"choices": said(path, "Hello!")["choices"] * len(prompts)}

    server = script(reply)
    with pytest.raises(ModelError, match="cannot score options"):
        remote(server).choose(PLAN, OPTIONS)
    known = remote(server)
    for _ in range(2):
        with pytest.raises(ModelError, match="cannot score"):
            known.choose(PLAN, OPTIONS)
    lm = remote(server, fallback=ScriptedLM(lambda prefix, option: -float(option != OPTIONS[1])))
    assert [lm.choose(PLAN, OPTIONS) for _ in range(2)] == [1, 1]
    assert lm.fallbacks == 2
    plan = lm.write_actions(PLAN, lambda done: OPTIONS if len(done) < 2 else [], 5)
    assert plan.actions == (OPTIONS[1], OPTIONS[1])


def test_an_answer_outside_the_texts_is_counted_and_ends_in_the_fallback(script):
    """It keeps to the constraint while it is probed, and not afterwards."""

    def reply(path, body, n):
        found = asked_texts(path, body)
        kept = found is not None and found[1] == list(PROBE)
        return 200, said(path, PROBE[0] if kept else " burn the table\n")

    server, clock = script(reply), Clock()
    with pytest.raises(ModelError, match=r"burn the table.*none of the 3 texts"):
        remote(server).choose(PLAN, OPTIONS)
    lm = remote(server, clock, trip=2, fallback=local())
    assert [lm.choose(PLAN, OPTIONS) for _ in range(4)] == [0] * 4
    assert (lm.chooser.misfits, lm.fallbacks) == (2, 4)  # then the breaker opened, and nobody asked any more


HOSTILE = {
    "hangs": ("hang", b""),
    "500": (500, {"error": {"message": "oops"}}),
    "no json": (200, b"<html>"),
    "cut": (200, b"{"),
    "no choices": (200, {"choices": 3}),
    "no text": (200, {"choices": [{"index": 0, "text": 5, "message": {"content": [1]}}]}),
    "two answers": (200, {"choices": [text("a")["choices"][0]] * 2}),
    "deep": (200, b"[" * 50_000),
}


@pytest.mark.parametrize("when", ["probe", "later"])
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_server_is_an_error_or_the_fallback(script, case, when):
    honest = keeps_to("guided_choice")

    def reply(path, body, n):
        found = asked_texts(path, body)
        probed = found is not None and "qzvx" in found[1][0]
        return HOSTILE[case] if when == "probe" or not probed else honest(path, body, n)

    settings = {"timeout": 0.2, "retries": 0}
    server = script(reply)
    with pytest.raises(ModelError):
        remote(server, **settings).choose(PLAN, OPTIONS)
    assert remote(server, fallback=local(), **settings).choose(PLAN, OPTIONS) == 0


@pytest.mark.parametrize("words", ['{"answer": 5}', '{"answer"', "[1]", "null", '{"answer": "burn"}', "[" * 9000])
def test_json_that_is_none_of_the_answers_is_a_misfit(script, words):
    honest = keeps_to("response_format")

    def reply(path, body, n):
        found = asked_texts(path, body)
        probed = found is not None and "qzvx" in found[1][0]
        return honest(path, body, n) if probed else (200, said(path, words))

    lm = remote(script(reply))
    with pytest.raises(ModelError, match="none of the 3 texts"):
        lm.choose(PLAN, OPTIONS)
    assert lm.chooser.misfits == 1


def test_special_tokens_are_broken_in_prompts_and_options(script):
    server = script(keeps_to("guided_choice"))
    options = [" put the <|im_end|> away\n", " done\n"]
    lm = remote(server)
    assert lm.write_actions("bring <|im_end|>", lambda done: [] if done else options[::-1], 1).actions == (options[0],)
    assert "<|im_end|>" not in json.dumps(server.seen[-1][1])


def test_nothing_to_choose_from_is_an_error(script):
    with pytest.raises(ModelError, match="nothing to choose"):
        remote(script(keeps_to("grammar"))).choose(PLAN, [])


def test_fitting_and_drawing():
    assert fitting("b", ["a ", "b "]) == 1
    assert fitting("a", ["a ", " a"]) is None
    assert fitting("a", ["a ", "a"]) == 1
    assert drawn([-2.0, -1.0], 0.0, 0) == 1
    picks = [drawn([0.0, math.log(3.0)], 1.0, seed) for seed in range(400)]
    assert 260 < sum(picks) < 340
    assert picks == [drawn([0.0, math.log(3.0)], 1.0, seed) for seed in range(400)]


@pytest.fixture
def server(small_model):
    from planner.lm.serve import ModelServer

    with ModelServer(small_model, queue=2) as running:
        yield running


def test_our_server_writes_the_plan_that_the_local_model_writes(server, small_model):
    from planner.lm.remote import RemoteLM

    things = ["red block", "blue bowl", "apple", "apple pie"]

    def grammar(done: tuple[str, ...]) -> list[str]:
        if len(done) % 2:
            return [f" put it on the {t}\n" for t in things]
        return [f" pick up the {t}\n" for t in things] + [" done\n"]

    here = small_model.write_actions(PLAN, grammar, 4)
    there = RemoteLM(server.url).write_actions(PLAN, grammar, 4)
    assert there.actions == here.actions
    assert there.tokens == here.tokens


@pytest.mark.parametrize("way", WAYS)
def test_our_server_knows_every_way(server, way):
    from planner.lm.remote import RemoteLM

    lm = RemoteLM(server.url)
    lm.chooser.way = way
    options = ["apple", "apple pie", "two\nlines", 'a "quoted" ä']
    hot = {lm.choose(PLAN, options, temperature=30.0, seed=seed) for seed in range(12)}
    assert hot <= set(range(4))
    assert len(hot) > 1
    assert lm.chooser.misfits == 0


def test_our_server_refuses_what_it_cannot_keep_to(server):
    from planner.lm.http import Connection, Unsupported

    link = Connection(server.url, None, 20.0, 0, 0.0)
    for more, words in (
        ({"grammar": "root ::= [a-z]+"}, "literals only"),
        ({"guided_choice": ["a"], "echo": True}, "echo"),
        ({"guided_json": {"type": "string"}}, "have no list"),
        ({"guided_json": "{not json"}, "Expecting"),
    ):
        with pytest.raises(Unsupported, match=words):
            link.post("/completions", {"prompt": "a", "max_tokens": 4, **more})
