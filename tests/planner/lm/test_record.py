"""Log-probabilities of written tokens: from the engine, and as a server tells them."""

from __future__ import annotations

import http.client
import json
import math

import pytest

torch = pytest.importorskip("torch")

from planner.lm.record import Record  # noqa: E402
from planner.lm.serve import ModelServer  # noqa: E402

PREFIX = "task: put the red block in the blue bowl.\nstep 1:"


def expected(model, ids: list[int], written: int) -> torch.Tensor:
    """(written, vocab) log-probabilities behind the tokens in front of each written one, all in one plain pass."""
    from planner.lm.sequence import Sequence

    with torch.inference_mode():
        hidden = Sequence(model.transformer, model.context).extend(ids, all_hidden=True)
        return torch.log_softmax(model.transformer.logits(hidden).float(), -1)[-written - 1 : -1]


@pytest.mark.parametrize("settings", [{}, {"temperature": 0.8, "seed": 2}])
def test_they_are_those_of_one_pass_over_the_text(small_model, settings):
    record = Record(3)
    out = small_model.complete(PREFIX, 12, record=record, **settings)
    assert len(record.steps) == out.tokens
    assert sum(s.logprob for s in record.steps) == pytest.approx(out.logprob, abs=1e-4)
    ids = small_model._kept.sequences[-1].tokens  # all but the last token have been computed
    rows = expected(small_model, [*ids, 0], out.tokens)
    tokens = ids[len(ids) - out.tokens + 1 :]
    for i, step in enumerate(record.steps):
        best = rows[i].topk(3)
        assert [v for _, v in step.top] == pytest.approx(best.values.tolist(), abs=1e-3)
        assert [t for t, _ in step.top] == [small_model.tokenizer.decode_rest([t]) for t in best.indices.tolist()]
        if i < len(tokens):
            assert step.logprob == pytest.approx(float(rows[i, tokens[i]]), abs=1e-3)


def test_offsets_point_into_the_text_and_what_a_stop_text_cut_off_is_left_out(small_model):
    record = Record()
    whole = small_model.complete(PREFIX, 12, record=record).text
    assert not record.steps[0].top
    for step in record.within(whole):
        # bytes that never became a character stand in front of what follows them
        assert "\ufffd" in step.text or whole[step.offset :].lstrip("\ufffd").startswith(step.text)
    mark = next(s.text for s in record.steps[2:] if whole.count(s.text) == 1)
    cut = Record()
    text = small_model.complete(PREFIX, 12, stop=[mark], record=cut).text
    assert mark not in text
    assert "".join(s.text for s in cut.within(text)).startswith(text)
    assert len(cut.within(text)) < len(cut.steps)


def posted(server, path: str, body: dict) -> dict:
    host, port = server._server.server_address[:2]
    connection = http.client.HTTPConnection(host, port, timeout=20)
    connection.request("POST", path, json.dumps(body))
    out = json.loads(connection.getresponse().read())
    connection.close()
    return out


def test_a_server_tells_them_in_the_forms_of_openai(small_model):
    with ModelServer(small_model) as server:
        body = {"prompt": PREFIX, "max_tokens": 6, "temperature": 0, "logprobs": 2}
        choice = posted(server, "/v1/completions", body)["choices"][0]
        told = choice["logprobs"]
        assert told["text_offset"][0] == len(PREFIX)
        assert len(told["tokens"]) == len(told["token_logprobs"]) == len(told["top_logprobs"])
        # greedy: what was written is the likeliest
        assert [max(t.values()) for t in told["top_logprobs"]] == pytest.approx(told["token_logprobs"], abs=1e-4)
        chat = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 6, "temperature": 0, "logprobs": True}
        content = posted(server, "/v1/chat/completions", {**chat, "top_logprobs": 2})["choices"][0]["logprobs"][
            "content"
        ]
        for step in content:
            assert math.isfinite(step["logprob"])
            assert step["logprob"] <= 0
            assert bytes(step["bytes"]).decode() == step["token"]
            assert len(step["top_logprobs"]) == 2
        assert posted(server, "/v1/chat/completions", {**chat, "logprobs": False})["choices"][0]["logprobs"] is None
        assert "in one piece" in posted(server, "/v1/completions", {**body, "stream": True})["error"]["message"]


@pytest.mark.peer
def test_the_client_of_openai_reads_them(small_model):
    openai = pytest.importorskip("openai", reason="the package openai is not installed")
    with ModelServer(small_model) as server:
        client = openai.OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=20)
        chat = client.chat.completions.create(
            model="x", messages=[{"role": "user", "content": "hi"}], max_tokens=6, logprobs=True, top_logprobs=1, seed=3
        )
        assert all(s.logprob <= 0 and len(s.top_logprobs) == 1 for s in chat.choices[0].logprobs.content)
        written = client.completions.create(model="x", prompt=PREFIX, max_tokens=6, temperature=0, logprobs=0)
        assert written.choices[0].logprobs.top_logprobs is None
        assert len(written.choices[0].logprobs.tokens) > 0
        client.close()
