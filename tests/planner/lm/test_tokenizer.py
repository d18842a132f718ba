"""The rebuilt tokenizer against a naive byte-pair encoder written from the definition."""

from __future__ import annotations

import itertools

import pytest
import regex

from planner.lm.errors import ModelError
from planner.lm.tokenizer import TextTokenizer, tokenizer_json_from_gguf

STRINGS = [
    "put the red block in the blue bowl",
    "  two  spaces\tand a tab\n\nand lines \n",
    "2026-11-23 12:45, 3.14159; 007",
    "Ünïcödé naïve café Straße ÅÄÖ",
    "東京タワー 日本語 한국어 العربية",
    "emoji 🤖👍🏽 and ½ ² ٣ Ⅷ",
    "don't they'll WE'RE it's I'm you've he'd",
    "a" * 200,
    "x = y**2 + {'k': [1, 2]}; // comment --> <tag>",
    "\u00a0non\u2009breaking\u200bzero\u0301combining",
    "",
    " ",
    "\r\n\x00\x7f",
]


def bytes_to_letters() -> dict[int, str]:
    """The published byte alphabet of GPT-2: printable bytes stand for themselves, the rest from 256 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {b: chr(b) for b in plain}
    for i, b in enumerate(b for b in range(256) if b not in table):
        table[b] = chr(256 + i)
    return table


def naive_encode(text: str, vocab: dict[str, int], ranks: dict[tuple[str, str], int]) -> list[int]:
    letters = bytes_to_letters()
    pieces = []
    for part in regex.findall(r"\p{N}|[^\p{N}]+", text):
        pieces += regex.findall(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", part)
    out = []
    for piece in pieces:
        word = [letters[b] for b in piece.encode()]
        while len(word) > 1:
            pairs = [(ranks.get((a, b), 1 << 30), i) for i, (a, b) in enumerate(itertools.pairwise(word))]
            rank, at = min(pairs)
            if rank == 1 << 30:
                break
            word[at : at + 2] = [word[at] + word[at + 1]]
        out += [vocab[w] for w in word]
    return out


@pytest.mark.weights
def test_default_tokenizer_equals_the_naive_one_and_round_trips():
    from planner.lm.gguf_file import GGUFFile
    from planner.lm.weights import default_weights

    meta = GGUFFile(default_weights()).meta
    tokenizer = TextTokenizer.from_json(tokenizer_json_from_gguf(meta))
    vocab = {t: i for i, t in enumerate(meta["tokenizer.ggml.tokens"])}
    ranks = {tuple(m.split(" ")): i for i, m in enumerate(meta["tokenizer.ggml.merges"])}
    for text in [*STRINGS, " ".join(STRINGS)]:
        assert tokenizer.encode(text) == naive_encode(text, vocab, ranks), text
        assert tokenizer.decode(tokenizer.encode(text)) == text


def small_meta(**change: object) -> dict[str, object]:
    letters = sorted(bytes_to_letters().values())
    tokens = ["<|end|>", *letters, "re", "red"]
    meta: dict[str, object] = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.merges": ["r e", "re d"],
        "tokenizer.ggml.token_type": [3] + [1] * (len(tokens) - 1),
    }
    return {**meta, **change}


def test_special_tokens_are_read_unless_the_text_is_from_outside():
    tokenizer = TextTokenizer.from_json(tokenizer_json_from_gguf(small_meta()))
    red = tokenizer.token_id("red")
    assert tokenizer.encode("red<|end|>") == [red, 0]
    plain = tokenizer.encode("red<|end|>", special=False)
    assert plain[0] == red
    assert len(plain) == 8
    assert tokenizer.decode(plain) == "red<|end|>"
    assert tokenizer.encode_many(["red", "red", "<|end|>"]) == [(red,), (red,), tuple(plain[1:])]


def test_tags_that_are_no_special_tokens_are_plain_in_foreign_text_and_other_additions_stay():
    meta = small_meta()
    tokens = [*meta["tokenizer.ggml.tokens"], "<think>", "ree"]
    types = [*meta["tokenizer.ggml.token_type"], 4, 4]
    change = {"tokenizer.ggml.tokens": tokens, "tokenizer.ggml.token_type": types}
    tokenizer = TextTokenizer.from_json(tokenizer_json_from_gguf(small_meta(**change)))
    think, ree = tokenizer.token_id("<think>"), tokenizer.token_id("ree")
    assert tokenizer.encode("<think>ree") == [think, ree]
    plain = tokenizer.encode("<think>ree", special=False)
    assert think not in plain
    assert plain[-1] == ree
    assert tokenizer.decode(plain) == "<think>ree"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokenizer.ggml.model": "t5"}, "Hugging Face folder"),
        ({"tokenizer.ggml.pre": "martian"}, "smollm"),
        ({"tokenizer.ggml.tokens": None}, "no vocabulary"),
        ({"tokenizer.ggml.tokens": [1, 2]}, "no vocabulary"),
        ({"tokenizer.ggml.merges": ["zz yy"]}, "do not fit"),
    ],
)
def test_what_cannot_be_rebuilt_is_said(change, message):
    with pytest.raises(ModelError, match=message):
        tokenizer_json_from_gguf(small_meta(**change))


def test_broken_tokenizer_text_is_an_error():
    with pytest.raises(ModelError, match="fetch the model again"):
        TextTokenizer.from_json("{}")
