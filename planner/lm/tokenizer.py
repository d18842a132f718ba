"""The tokenizer, rebuilt from what the model file carries (package ``tokenizers``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.lm.errors import ModelError
from planner.lm.spm import SPACE, sentencepiece_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_CONTROL, _USER_DEFINED = 3, 4
_TAG = re.compile(r"<\S+>|\[[A-Z_/]+\]")

# How text is cut before byte-pair merging, by the GGUF key `tokenizer.ggml.pre`. "digits": every digit stands
# alone, then the GPT-2 pattern. The others are split patterns of the model families, written for this engine.
_WORD = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_PATTERNS = {
    "smollm": "digits",
    "gpt-2": "gpt2",
    "default": "gpt2",
    "qwen2": f"{_CONTRACTION}|{_WORD}|\\p{{N}}|{_REST}",
    "llama-bpe": f"{_CONTRACTION}|{_WORD}|\\p{{N}}{{1,3}}|{_REST}",
}
_PATTERNS["llama3"] = _PATTERNS["smaug-bpe"] = _PATTERNS["llama-bpe"]


class TextTokenizer:
    """Text to token numbers and back.

    ``encode`` reads special tokens such as ``<|im_start|>`` where they stand in the text; pass
    ``special=False`` for text that comes from outside and must stay plain text: then a person who writes
    ``<|im_end|>`` has written ten characters and ended nothing.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._plain: Tokenizer | None = None
        self._rest: TextTokenizer | None = None
        added = tokenizer.get_added_tokens_decoder().values()
        # some families mark tokens such as <think> as ordinary additions: they are markup all the same. Additions
        # like runs of spaces are not, and stay
        self._markup = {t.content for t in added if t.special or _TAG.fullmatch(t.content)}
        self._openers = {m[0] for m in self._markup if m}
        self._cache: dict[str, tuple[int, ...]] = {}

    @staticmethod
    def from_json(text: str) -> TextTokenizer:
        """From the text of a ``tokenizer.json``."""
        from tokenizers import Tokenizer

        try:
            return TextTokenizer(Tokenizer.from_str(text))
        except Exception as error:
            raise ModelError(f"the tokenizer cannot be read ({error}); fetch the model again") from None

    @property
    def vocab_size(self) -> int:
        """Number of tokens, special ones included."""
        return self._tokenizer.get_vocab_size(with_added_tokens=True)

    def agrees_with(self, other: TextTokenizer) -> bool:
        """Do both number their tokens alike? Unused tokens at the end, as padding has them, do not matter."""
        ours, theirs = (t._tokenizer.get_vocab(with_added_tokens=True) for t in (self, other))
        most = min(len(ours), len(theirs))
        first, second = ({t: i for t, i in v.items() if i < most} for v in (ours, theirs))
        return first == second

    def encode(self, text: str, special: bool = True) -> list[int]:
        """Token numbers of ``text``; nothing is added in front or behind."""
        # nearly every text is free of markup and needs no second tokenizer
        if special or not any(c in text for c in self._openers):
            return self._tokenizer.encode(text, add_special_tokens=False).ids
        if self._plain is None:
            self._plain = self._without_markup()
        return self._plain.encode(text, add_special_tokens=False).ids

    def _within(self) -> TextTokenizer:
        """The tokenizer for text that continues another: without the space that SentencePiece puts in front."""
        if self._rest is None:
            self._rest = self
            first = self._tokenizer.encode("a", add_special_tokens=False).tokens[:1]
            if first and first[0].startswith(SPACE):
                whole = _without_space_in_front(json.loads(self._tokenizer.to_str()))
                self._rest = TextTokenizer.from_json(json.dumps(whole))
        return self._rest

    def _without_markup(self) -> Tokenizer:
        from tokenizers import Tokenizer

        whole = json.loads(self._tokenizer.to_str())
        for token in whole["added_tokens"]:  # not left out: the numbers of the others would shift
            token["special"] = token["special"] or token["content"] in self._markup
        plain = Tokenizer.from_str(json.dumps(whole))
        plain.encode_special_tokens = True
        return plain

    def encode_many(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """``encode`` with ``special=False`` of many short texts that come again and again (remembered).

        They continue a prompt: no space is put in front of them, as some tokenizers do with whole texts.
        """
        missing = [t for t in dict.fromkeys(texts) if t not in self._cache]
        if missing:
            if len(self._cache) + len(missing) > 100_000:
                self._cache.clear()
                missing = list(dict.fromkeys(texts))
            inner = self._within()
            for text in missing:
                self._cache[text] = tuple(inner.encode(text, special=False))
        return [self._cache[t] for t in texts]

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Token numbers and the characters (start, end) of ``text`` that each stands for."""
        coded = self._tokenizer.encode(text, add_special_tokens=False)
        return coded.ids, coded.offsets

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of ``tokens``; special tokens are left out."""
        return self._tokenizer.decode(list(tokens), skip_special_tokens=True)

    def decode_rest(self, tokens: Sequence[int]) -> str:
        """Text of ``tokens`` that continue others: a space at its beginning stays."""
        return self._within().decode(tokens)

    def opening(self) -> int | None:
        """The token that the tokenizer itself puts in front of a whole text, or None."""
        bare, whole = (self._tokenizer.encode("a", add_special_tokens=s).ids for s in (False, True))
        return whole[0] if len(whole) > len(bare) and whole[:1] != bare[:1] else None

    def token_id(self, token: str) -> int | None:
        """Number of one token spelled as in the vocabulary, or None."""
        return self._tokenizer.token_to_id(token)


def tokenizer_json_from_gguf(meta: Mapping[str, Any]) -> str:
    """The text of an equivalent ``tokenizer.json`` from GGUF metadata.

    Byte-level BPE vocabularies (``tokenizer.ggml.model = gpt2``) and those of SentencePiece (``llama``) can be rebuilt.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

    kind = meta.get("tokenizer.ggml.model")
    if kind == "llama":
        return sentencepiece_tokenizer(meta).to_str()
    if kind != "gpt2":
        raise ModelError(
            f"tokenizer model {kind!r} of the GGUF file is not known; known: gpt2, llama. "
            "Use the model's Hugging Face folder (with tokenizer.json) instead"
        )
    pre = str(meta.get("tokenizer.ggml.pre", "default"))
    if pre not in _PATTERNS:
        raise ModelError(f"pre-tokenizer {pre!r} is not known; known: {', '.join(sorted(_PATTERNS))}")
    tokens, merges = meta.get("tokenizer.ggml.tokens"), meta.get("tokenizer.ggml.merges")
    types = meta.get("tokenizer.ggml.token_type") or []
    if not isinstance(tokens, list) or not isinstance(merges, list) or not all(isinstance(t, str) for t in tokens):
        raise ModelError("the GGUF file carries no vocabulary or no merges; fetch the file again")
    pairs = [tuple(m.split(" ")) for m in merges if isinstance(m, str)]
    try:
        model = models.BPE(
            vocab={t: i for i, t in enumerate(tokens)},
            merges=[(p[0], p[1]) for p in pairs if len(p) == 2],
            ignore_merges=pre in ("llama-bpe", "llama3", "smaug-bpe"),
        )
    except Exception as error:
        raise ModelError(f"vocabulary and merges of the GGUF file do not fit ({error}); fetch it again") from None
    tokenizer = Tokenizer(model)
    pattern = _PATTERNS[pre]
    steps: list[Any]
    if pattern == "gpt2":
        steps = [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    elif pattern == "digits":
        steps = [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    else:
        steps = [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    special = [i for i, t in enumerate(types[: len(tokens)]) if t in (_CONTROL, _USER_DEFINED)]
    tokenizer.add_special_tokens(
        [AddedToken(tokens[i], normalized=False, special=True) for i in special if types[i] == _CONTROL]
    )
    tokenizer.add_tokens(
        [AddedToken(tokens[i], normalized=False, special=False) for i in special if types[i] == _USER_DEFINED]
    )
    return tokenizer.to_str()


def _without_space_in_front(whole: dict[str, Any]) -> dict[str, Any]:
    """A ``tokenizer.json`` that neither puts a space in front of a text nor takes one away when it decodes."""

    def kept(step: Any) -> Any:
        if not isinstance(step, dict):
            return step
        kind = step.get("type")
        if kind == "Sequence":
            key = next((k for k in ("normalizers", "pretokenizers", "decoders") if k in step), "")
            inner = [k for k in map(kept, step.get(key) or []) if k is not None]
            return {**step, key: inner} if inner else None
        if kind == "Metaspace":
            return {**step, "prepend_scheme": "never"}
        taken = kind == "Strip" and step.get("content") == " " and step.get("start") == 1
        return None if kind == "Prepend" or taken else step

    parts = {part: kept(whole.get(part)) for part in ("normalizer", "pre_tokenizer", "decoder")}
    return {**whole, **parts}


def tokenizer_json_from_folder(folder: Path) -> str:
    """The text of ``tokenizer.json`` in a Hugging Face folder."""
    path = folder / "tokenizer.json"
    try:
        text = path.read_text(encoding="utf-8")
        json.loads(text)
    except FileNotFoundError:
        raise ModelError(f"{folder} has no tokenizer.json; export the model with its fast tokenizer") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {path}: {error}") from None
    return text
