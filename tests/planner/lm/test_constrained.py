from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.errors import ModelError  # noqa: E402

PROMPT = "put the red block in the blue bowl, then tidy up.\nplan:"
OBJECTS = ["red block", "green block", "yellow block", "blue bowl", "sponge", "pepsi can"]


def grammar(actions: tuple[str, ...]) -> list[str]:
    """A hand that holds one thing: pick, then put somewhere else, or be done with an empty hand."""
    if actions and actions[-1] == " done\n":
        return []
    held = actions[-1].removeprefix(" pick up the ").strip() if actions and "pick" in actions[-1] else None
    if held is None:
        return [f" pick up the {o}\n" for o in OBJECTS] + [" done\n"]
    return [f" put it {where} the {o}\n" for o in OBJECTS if o != held for where in ("in", "on")]


def naive(model, prompt: str, steps: int) -> tuple[list[str], float]:
    """Token by token with a fresh full pass each time and the mask over the whole vocabulary."""
    ids = model.tokenizer.encode(prompt)
    actions: list[str] = []
    total = 0.0
    for _ in range(steps):
        options = grammar(tuple(actions))
        if not options:
            break
        coded = {o: model.tokenizer.encode(o) for o in options}
        done: list[int] = []
        while not any(c == done for c in coded.values()):
            allowed = sorted({c[len(done)] for c in coded.values() if c[: len(done)] == done})
            from planner.lm.sequence import Sequence

            with torch.inference_mode():
                hidden = Sequence(model.transformer, model.context).extend(ids + done)
                logits = model.transformer.logits(hidden)[0]
            logprobs = logits[allowed].log_softmax(-1)
            done.append(allowed[int(logprobs.argmax())])
            total += float(logprobs.max())
        actions.append(next(o for o, c in coded.items() if c == done))
        ids += done
    return actions, total


def test_constrained_greedy_equals_the_naive_way(small_model):
    expected, total = naive(small_model, PROMPT, 5)
    for _ in range(2):  # the second time on a warm cache
        out = small_model.write_actions(PROMPT, grammar, 5)
        assert list(out.actions) == expected
        assert out.logprob == pytest.approx(total, abs=1e-3)
        assert out.decisions < out.tokens


def test_forced_tokens_need_no_decision(small_model):
    out = small_model.write_actions(PROMPT, lambda a: [] if a else [" go to the table\n"], 3)
    assert out.actions == (" go to the table\n",)
    assert (out.decisions, out.logprob) == (0, 0.0)


def test_sampling_obeys_grammar_and_seed(small_model):
    plans = [small_model.write_actions(PROMPT, grammar, 6, temperature=2.0, seed=s).actions for s in (1, 1, 2, 3)]
    assert plans[0] == plans[1]
    assert len(set(plans)) > 1
    for plan in plans:
        for i, action in enumerate(plan):
            assert action in grammar(plan[:i])


def test_an_option_that_begins_another_is_refused(small_model):
    with pytest.raises(ModelError, match="beginning of another"):
        small_model.write_actions(PROMPT, lambda a: [" pick", " pick up"], 1)
    with pytest.raises(ModelError, match="beginning of another"):
        small_model.write_actions(PROMPT, lambda a: ["", " pick up"], 1)
