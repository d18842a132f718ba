from __future__ import annotations

from planner.lm.api import LanguageModel, OptionScore, ScriptedLM, Usage


def test_the_interface_does_not_import_torch():
    import subprocess
    import sys

    code = "import planner.lm.api, planner.lm.weights, sys; print('torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_scripted_model_answers_from_its_function_and_counts_work():
    lm = ScriptedLM(lambda prefix, option: -float(len(prefix) + len(option)), lambda prompt: "yes it is\nno")
    before = lm.usage
    assert isinstance(lm, LanguageModel)
    assert lm.score("ab", [" c", " dd d"]) == [OptionScore(-4.0, 1), OptionScore(-7.0, 2)]
    assert [[s.logprob for s in row] for row in lm.score_many("a", [("b", ["c"]), ("", ["d", "e"])])] == [
        [-3.0],
        [-2.0, -2.0],
    ]
    assert lm.complete("is it?", 10, stop=["\n"]).text == "yes it is"
    assert lm.complete("is it?", 2, stop=["\n"]).text == "yes it"
    cost = lm.usage - before
    assert (cost.calls, cost.scored_tokens, cost.generated_tokens) == (4, 6, 5)


def test_per_token_is_fair_between_lengths():
    assert OptionScore(-6.0, 3).per_token == -2.0
    assert OptionScore(0.0, 0).per_token == 0.0


def test_usage_adds_and_subtracts():
    a, b = Usage(1, 10, 5, 2, 0.5, 9), Usage(3, 30, 15, 4, 1.5, 19)
    assert (a + b) - a == b
