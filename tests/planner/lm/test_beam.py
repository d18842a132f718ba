from __future__ import annotations

import itertools
import math

import pytest

from planner.lm.api import ScriptedLM
from planner.lm.beam import beam_actions

LETTERS = (" a\n", " b\n", " c\n", " end\n")


def grammar(actions: tuple[str, ...]) -> list[str]:
    if actions and actions[-1] == " end\n":
        return []
    return [x for x in LETTERS if not actions or x != actions[-1]]


def score(prefix: str, option: str) -> float:
    return -1.0 - (hash_of(prefix + option) % 97) / 30


def hash_of(text: str) -> int:
    value = 7
    for letter in text:
        value = value * 31 + ord(letter)
    return value


def everything(depth: int) -> dict[tuple[str, ...], float]:
    out = {}
    for n in range(1, depth + 1):
        for actions in itertools.product(LETTERS, repeat=n):
            if all(a in grammar(actions[:i]) for i, a in enumerate(actions)) and actions[-1] == " end\n":
                total = sum(score("p:" + "".join(actions[:i]), a) for i, a in enumerate(actions))
                out[actions] = total / n
    return out


def test_a_wide_beam_finds_the_best_of_everything():
    lm = ScriptedLM(score)
    plans = beam_actions(lm, "p:", grammar, width=500, max_steps=4)
    best = sorted(everything(4).items(), key=lambda x: -x[1])
    finished = [p for p in plans if p.finished]
    assert [p.actions for p in finished][:10] == [a for a, _ in best][:10]
    assert finished[0].value == pytest.approx(best[0][1])


def test_one_call_per_step_whatever_the_width():
    lm = ScriptedLM(score)
    beam_actions(lm, "p:", grammar, width=5, max_steps=4)
    assert lm.usage.calls == 4


def test_width_one_is_greedy_and_the_bonus_steers():
    lm = ScriptedLM(score)
    greedy = beam_actions(lm, "p:", grammar, width=1, max_steps=3)[0]
    at = ()
    for _ in range(len(greedy.actions)):
        at = (*at, max(grammar(at), key=lambda o, at=at: score("p:" + "".join(at), o)))
    assert greedy.actions == at
    bonus = lambda before, action: 0.0 if action in (" b\n", " end\n") and len(before) < 2 else -100.0  # noqa: E731
    steered = beam_actions(lm, "p:", grammar, width=3, max_steps=3, bonus=bonus)
    assert steered[0].actions in ((" b\n", " end\n"), (" end\n",))
    assert math.isclose(steered[0].bonus, 0.0)


def test_no_options_at_all_give_the_empty_plan():
    plans = beam_actions(ScriptedLM(score), "p:", lambda a: [], width=3)
    assert [(p.actions, p.finished) for p in plans] == [((), True)]


def test_the_engine_gives_the_same_plans_as_separate_scores(small_model):
    fresh = ScriptedLM(lambda p, o: small_model.score(p, [o])[0].logprob, tokens=lambda t: _count(small_model, t))
    ours = beam_actions(small_model, "plan:", grammar, width=3, max_steps=3)
    slow = beam_actions(fresh, "plan:", grammar, width=3, max_steps=3)
    assert [p.actions for p in ours] == [p.actions for p in slow]
    assert [p.value for p in ours] == pytest.approx([p.value for p in slow], abs=1e-3)


def _count(model, text: str) -> int:
    return len(model.tokenizer.encode(text))
