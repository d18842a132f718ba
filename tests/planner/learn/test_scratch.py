"""Small models: a cut vocabulary still spells everything, and shapes that cannot be are refused."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")

from planner.learn.scratch import Shape, cut_vocabulary  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.tokenizer import TextTokenizer  # noqa: E402


def test_a_cut_vocabulary_encodes_what_it_was_cut_to_alike_and_spells_the_rest(small_tokenizer_json, texts):
    whole = TextTokenizer.from_json(small_tokenizer_json)
    known = texts[1][0]
    cut = TextTokenizer.from_json(cut_vocabulary(small_tokenizer_json, whole.encode(known, special=False)))
    assert cut.vocab_size < whole.vocab_size
    assert len(cut.encode(known, special=False)) == len(whole.encode(known, special=False))
    for text in (known, "a zebra, naïvely 漢字 #42"):
        numbers = cut.encode(text, special=False)
        assert cut.decode(numbers) == text
        assert max(numbers) < cut.vocab_size


def test_only_byte_pairs_can_be_cut(small_tokenizer_json):
    other = json.loads(small_tokenizer_json)
    other["model"]["type"] = "Unigram"
    with pytest.raises(ModelError, match="byte-pair"):
        cut_vocabulary(json.dumps(other), [1])


@pytest.mark.parametrize(
    ("choices", "message"),
    [({"width": 100, "heads": 3}, "even multiple"), ({"layers": 0}, "1 or more"), ({"position": "sine"}, "rotary")],
)
def test_shapes_that_cannot_be_are_refused(choices, message):
    with pytest.raises(ModelError, match=message):
        Shape(**choices)
