from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("torch")

from planner.lm.pieces import Pieces
from planner.lm.tokenizer import TextTokenizer

END = 0


@pytest.fixture(scope="module")
def tokenizer():
    """256 tokens of one byte each: characters beyond ASCII take several."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.decoder = decoders.ByteLevel()
    return TextTokenizer(made)


def told(tokenizer, tokens, stop=()):
    pieces = Pieces(tokenizer, {END}, stop)
    out = [pieces.more(t) for t in tokens]
    text = tokenizer.decode_rest([t for t in tokens if t != END])
    ends = [at for at in (text.find(mark) for mark in stop) if at >= 0]
    whole = text[: min(ends)] if ends else text
    return [*out, pieces.rest(whole)], whole


def test_characters_of_several_bytes_come_whole(tokenizer):
    pieces, whole = told(tokenizer, tokenizer.encode("a東é"))
    assert whole == "a東é"
    assert pieces == ["a", "", "", "東", "", "é", ""]


def test_a_possible_stop_text_is_held_back_and_told_if_it_was_none(tokenizer):
    pieces, whole = told(tokenizer, tokenizer.encode("go on\n\n"), stop=("\n\n",))
    assert "".join(pieces) == whole == "go on"
    pieces, _ = told(tokenizer, tokenizer.encode("a\nb"), stop=("\n\n", "b!"))
    assert pieces == ["a", "", "\n", "b"]


@settings(max_examples=150, deadline=None)
@given(
    tokens=st.lists(st.integers(0, 255), max_size=40),
    stop=st.lists(st.text(alphabet="ab\n ", min_size=1, max_size=4), max_size=3),
)
def test_pieces_of_any_tokens_join_to_the_text(tokenizer, tokens, stop):
    pieces, whole = told(tokenizer, tokens, tuple(stop))
    assert "".join(pieces) == whole
    assert not any(mark in "".join(pieces) for mark in stop)
