"""What a local model remembers and forgets."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.remote import RemoteLM  # noqa: E402

HEAD = "task: put the red block in the blue bowl.\n 1. pick up the red block\n"
OTHER = "task: go to the table. bring me 12 apples.\n 1."
OPTIONS = [" pick up the blue bowl\n", " put it on the table\n", " done\n"]


@pytest.fixture
def model(small_folder):
    return load_language_model(small_folder, dtype="bfloat16")  # rounding is where history would show


def work(model, prompt: str) -> int:
    before = model.usage
    model.score(prompt, OPTIONS)
    return (model.usage - before).computed_tokens


def test_a_kept_beginning_is_not_computed_again(model):
    cold = work(model, HEAD + " 2.")
    model.forget()
    assert work(model, HEAD + " 2.") == cold
    model.forget([HEAD])
    warm = work(model, HEAD + " 2.")
    assert warm < cold - 20
    for _ in range(2):
        work(model, OTHER)
        before = model.usage
        model.forget([HEAD])
        assert (model.usage - before).computed_tokens == 0
        assert work(model, HEAD + " 2.") == warm


def test_scores_are_the_same_to_the_last_bit_whatever_ran_before(model):
    def scores() -> list[float]:
        model.forget([HEAD])
        return [s.logprob for s in model.score(HEAD + " 2.", OPTIONS)]

    expected = scores()
    for disturb in (
        lambda: model.score(OTHER, OPTIONS),
        lambda: model.score(HEAD[:20] + "x", OPTIONS),
        lambda: (model.score(HEAD[:9], OPTIONS), model.score(HEAD, OPTIONS)),
        lambda: model.complete(HEAD, 9),
        lambda: model.forget([OTHER]),
        lambda: model.forget([OTHER, HEAD[:7], HEAD[:12]]),
        lambda: model.forget(["a b", "b c", "c d"]),
    ):
        disturb()
        assert scores() == expected


def test_several_beginnings_and_limits(model):
    model.forget([HEAD, OTHER, "task:"])
    assert work(model, HEAD + " 2.") < 40
    assert work(model, OTHER + " go") < 40
    model.forget(["", "a"])  # nothing is left of these without their last token
    with pytest.raises(ModelError, match="at most 3 beginnings, not 4"):
        model.forget(["a", "b", "c", "d"])
    with pytest.raises(ModelError, match="takes 1024"):
        model.forget(["red " * 5000])


def test_a_server_is_not_told_to_forget():
    assert RemoteLM("http://127.0.0.1:9/v1", "m").forget(["anything"]) is None
