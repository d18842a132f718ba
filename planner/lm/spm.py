"""SentencePiece vocabularies of GGUF files (Llama 2, Mistral, Gemma) as a tokenizer of the package ``tokenizers``.

Such a file has pieces with scores and no merges. SentencePiece's byte-pair encoding (Kudo and Richardson 2018) joins,
again and again, the neighbours whose joined piece has the best score. So every way of splitting a piece into two is a
merge, ranked by the piece's score. What no piece covers is spelled in bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from planner.lm.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPACE = "\u2581"  # stands for a space in the pieces
_NORMAL, _UNKNOWN, _CONTROL, _USER_DEFINED, _BYTE = 1, 2, 3, 4, 6


def sentencepiece_tokenizer(meta: Mapping[str, Any]) -> Tokenizer:
    """Rebuild the tokenizer from ``tokenizer.ggml.*``. Raises ``ModelError`` for incomplete or contradictory keys."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers

    pieces, scores, types = _vocabulary(meta)
    vocab = {p: i for i, p in enumerate(pieces)}
    if len(vocab) != len(pieces):
        raise ModelError("the GGUF file names a token twice; fetch the file again")
    unknown = next((p for p, t in zip(pieces, types, strict=True) if t == _UNKNOWN), None)
    try:
        model = models.BPE(
            vocab=vocab,
            merges=merges_of(pieces, scores, types),
            unk_token=unknown,
            fuse_unk=True,
            byte_fallback=_BYTE in types,
        )
    except Exception as error:
        raise ModelError(f"the vocabulary of the GGUF file does not fit ({error}); fetch it again") from None
    tokenizer = Tokenizer(model)
    first = bool(meta.get("tokenizer.ggml.add_space_prefix", True))
    changes: list[Any] = []
    if meta.get("tokenizer.ggml.remove_extra_whitespaces"):
        changes += [normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
    changes += [normalizers.Prepend(SPACE)] if first else []
    tokenizer.normalizer = normalizers.Sequence([*changes, normalizers.Replace(" ", SPACE)])
    steps = [decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*steps, decoders.Strip(" ", 1, 0)] if first else steps)
    tokenizer.add_special_tokens(
        [AddedToken(p, normalized=False, special=True) for p, t in zip(pieces, types, strict=True) if t == _CONTROL]
    )
    tokenizer.add_tokens(
        [AddedToken(p, normalized=False) for p, t in zip(pieces, types, strict=True) if t == _USER_DEFINED]
    )
    return tokenizer


def _vocabulary(meta: Mapping[str, Any]) -> tuple[list[str], list[float], list[int]]:
    pieces, scores, types = (meta.get(f"tokenizer.ggml.{key}") for key in ("tokens", "scores", "token_type"))
    if not isinstance(pieces, list) or not pieces or not all(isinstance(p, str) for p in pieces):
        raise ModelError("the GGUF file carries no vocabulary; fetch the file again")
    if not isinstance(scores, list) or len(scores) != len(pieces) or not all(_is_score(s) for s in scores):
        raise ModelError("the GGUF file carries no scores for its vocabulary; fetch the file again")
    if not isinstance(types, list) or len(types) != len(pieces) or not all(isinstance(t, int) for t in types):
        raise ModelError("the GGUF file carries no token types for its vocabulary; fetch the file again")
    return pieces, [float(s) for s in scores], types


def _is_score(value: object) -> bool:
    return isinstance(value, int | float) and value == value


def merges_of(pieces: Sequence[str], scores: Sequence[float], types: Sequence[int]) -> list[tuple[str, str]]:
    """All pairs of pieces whose joined text is a piece, best score of the joined piece first."""
    numbers = {p: i for i, (p, t) in enumerate(zip(pieces, types, strict=True)) if t == _NORMAL}
    ranked: list[tuple[float, int, int, str, str]] = []
    for piece, at in numbers.items():
        for cut in range(1, len(piece)):
            left, right = numbers.get(piece[:cut]), numbers.get(piece[cut:])
            if left is not None and right is not None:
                ranked.append((-scores[at], left, right, piece[:cut], piece[cut:]))
    ranked.sort()
    return [(left, right) for *_, left, right in ranked]
