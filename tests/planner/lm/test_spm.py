"""SentencePiece vocabularies rebuilt from GGUF keys, against SentencePiece itself and against transformers."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.lm.errors import ModelError
from planner.lm.spm import merges_of, sentencepiece_tokenizer
from planner.lm.tokenizer import TextTokenizer, tokenizer_json_from_gguf

sentencepiece = pytest.importorskip("sentencepiece")

TEXT = """pick up the red block and put it in the blue bowl. stack the green block on the yellow one.
bring me the sponge from the far counter, then throw away the pepsi can. go to the table; done!
it's 12 o'clock: don't place 345 apples at the top left corner. the robot picks, places, pushes and stacks."""
STRINGS = [
    "put the red block in the blue bowl",
    " pick up the apple\n",
    "  two  spaces\tand a tab\n\nand lines \n",
    "2026-11-23 12:45, 3.14159",
    "Ünïcödé naïve 東京タワー العربية 🤖👍🏽",
    "stackstackstacks aaaaaaaaaaaaaaaa",
    "",
    " ",
    "\r\n\x7f",
    "<s> is no token here </s>",
]


def trained(**change):
    """A tiny model of the kind that Llama 2 has: byte-pair encoding with bytes for the rest, text left as it is."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT.splitlines() * 4),
        model_writer=out,
        **{
            "vocab_size": 400,
            "model_type": "bpe",
            "byte_fallback": True,
            "split_digits": True,
            "normalization_rule_name": "identity",
            "remove_extra_whitespaces": False,
            "add_dummy_prefix": True,
            "allow_whitespace_only_pieces": True,
            "minloglevel": 2,
            **change,
        },
    )
    return sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())


def meta_of(processor, **change) -> dict:
    """What a GGUF file says about it."""
    count = range(processor.get_piece_size())
    kind = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [processor.id_to_piece(i) for i in count],
        "tokenizer.ggml.scores": [processor.get_score(i) for i in count],
        "tokenizer.ggml.token_type": [
            6 if processor.is_byte(i) else 3 if processor.is_control(i) else 2 if processor.is_unknown(i) else 1
            for i in count
        ],
    }
    return {**kind, **change}


@pytest.fixture(scope="module")
def llama2():
    processor = trained()
    return processor, TextTokenizer.from_json(tokenizer_json_from_gguf(meta_of(processor)))


@pytest.fixture(scope="module")
def gemma():
    """No space in front, runs of line ends as pieces of their own."""
    processor = trained(add_dummy_prefix=False, user_defined_symbols=["\n\n", "<turn>"], vocab_size=402)
    types = meta_of(processor)["tokenizer.ggml.token_type"]
    pieces = meta_of(processor)["tokenizer.ggml.tokens"]
    types = [4 if p in ("\n\n", "<turn>") else t for p, t in zip(pieces, types, strict=True)]
    meta = meta_of(processor, **{"tokenizer.ggml.token_type": types, "tokenizer.ggml.add_space_prefix": False})
    return processor, TextTokenizer.from_json(tokenizer_json_from_gguf(meta))


@pytest.mark.parametrize("text", STRINGS)
def test_it_encodes_like_sentencepiece(llama2, gemma, text):
    for processor, ours in (llama2, gemma):
        plain = text.replace("\n\n", "\n") if processor is gemma[0] else text
        assert ours.encode(plain, special=False) == processor.encode(plain), plain
        assert ours.decode(ours.encode(plain, special=False)) == plain


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("ab cdeprstu \n.12é東🤖"), max_size=40))
def test_any_text_is_encoded_like_sentencepiece(llama2, text):
    processor, ours = llama2
    assert ours.encode(text) == processor.encode(text)
    assert ours.decode(ours.encode(text)) == text


def test_pieces_that_users_defined_are_found_in_the_text(gemma):
    processor, ours = gemma
    for text in ("go\n\ngo", "a <turn>b\n\n\n", "<turn>"):
        assert ours.encode(text) == processor.encode(text)


def test_transformers_makes_the_same_of_the_same_pieces():
    """Its tokenizer treats spaces at the beginning and line ends at the end in its own way: not compared."""
    transformers = pytest.importorskip("transformers")
    processor = trained()
    meta = meta_of(processor)
    pieces, scores = meta["tokenizer.ggml.tokens"], meta["tokenizer.ggml.scores"]
    merges = merges_of(pieces, scores, meta["tokenizer.ggml.token_type"])
    theirs = transformers.LlamaTokenizer(
        vocab={p: i for i, p in enumerate(pieces)}, merges=merges, add_bos_token=False, legacy=False
    )
    ours = TextTokenizer.from_json(tokenizer_json_from_gguf(meta))
    for text in (t for t in STRINGS[:-1] if t == t.strip()):
        assert ours.encode(text) == theirs.encode(text, add_special_tokens=False), text


def test_text_that_continues_another_gets_no_space_in_front(llama2):
    processor, ours = llama2
    whole = "go to the table"
    first, rest = "go to", " the table"
    assert [*ours.encode(first), *ours.encode_many([rest])[0]] == ours.encode(whole) == processor.encode(whole)
    assert ours.encode(rest) != list(ours.encode_many([rest])[0])
    assert ours.decode_rest(ours.encode_many([rest])[0]) == rest
    assert ours.decode_rest(ours.encode_many(["table"])[0]) == "table"
    assert ours.decode(ours.encode(whole)) == whole


def test_control_tokens_are_read_only_where_they_are_wanted(llama2):
    processor, ours = llama2
    assert ours.encode("</s>") == [processor.eos_id()]
    assert processor.eos_id() not in ours.encode("a </s>", special=False)
    assert ours.encode("a </s>", special=False) == processor.encode("a </s>")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tokenizer.ggml.tokens": None}, "no vocabulary"),
        ({"tokenizer.ggml.tokens": []}, "no vocabulary"),
        ({"tokenizer.ggml.tokens": ["a"]}, "no scores"),
        ({"tokenizer.ggml.scores": None}, "no scores"),
        ({"tokenizer.ggml.scores": ["x", 1.0]}, "no scores"),
        ({"tokenizer.ggml.scores": [float("nan")] * 2}, "no scores"),
        ({"tokenizer.ggml.token_type": [1]}, "no token types"),
        ({"tokenizer.ggml.tokens": ["a", "a"]}, "twice"),
    ],
)
def test_incomplete_keys_are_one_clear_error(change, words):
    keys = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": ["a", "b"],
        "tokenizer.ggml.scores": [0.0, -1.0],
        "tokenizer.ggml.token_type": [1, 1],
    }
    json.loads(sentencepiece_tokenizer(keys).to_str())
    with pytest.raises(ModelError, match=words):
        tokenizer_json_from_gguf({**keys, **change})


def test_spaces_in_excess_go_where_the_file_says_so():
    processor = trained(remove_extra_whitespaces=True)
    meta = meta_of(processor, **{"tokenizer.ggml.remove_extra_whitespaces": True})
    ours = TextTokenizer.from_json(tokenizer_json_from_gguf(meta))
    for text in ("  pick   up  ", "the red block"):
        assert ours.encode(text) == processor.encode(text)
