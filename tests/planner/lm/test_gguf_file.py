from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.lm.errors import ModelError
from planner.lm.gguf_file import GGUFFile


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def key(name: str, kind: int, payload: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + payload


def tensor(name: str, shape: tuple[int, ...], kind: int, offset: int) -> bytes:
    dims = struct.pack(f"<{len(shape)}Q", *shape[::-1])
    return text(name) + struct.pack("<I", len(shape)) + dims + struct.pack("<IQ", kind, offset)


def file_of(keys: list[bytes], tensors: list[bytes], data: bytes = b"", version: int = 3) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(keys)) + b"".join(keys + tensors)
    return head + b"\0" * (-len(head) % 32) + data


WEIGHTS = np.arange(64, dtype=np.float32)
GOOD = file_of(
    [
        key("general.architecture", 8, text("llama")),
        key("numbers", 9, struct.pack("<IQ", 5, 3) + struct.pack("<3i", 1, -2, 3)),
        key("words", 9, struct.pack("<IQ", 8, 2) + text("a") + text("bé")),
        key("flag", 7, b"\1"),
        key("small", 6, struct.pack("<f", 0.5)),
    ],
    [tensor("a", (2, 32), 0, 0), tensor("h", (32,), 1, 256)],
    WEIGHTS.tobytes() + np.arange(32, dtype=np.float16).tobytes(),
)


def strings(*values: str) -> bytes:
    return struct.pack("<IQ", 8, len(values)) + b"".join(map(text, values))


def rich(model: str) -> bytes:
    """A file that is read to the end: shape, scaling and a whole small vocabulary."""
    tokens = ["<unk>", "<s>", "</s>", "a", "b", "ab", "\u2581", "\u2581a"]
    merges = [key("tokenizer.ggml.merges", 9, strings("a b", "\u2581 a"))] if model == "gpt2" else []
    numbers = {"block_count": 2, "context_length": 64, "embedding_length": 8, "feed_forward_length": 8}
    numbers |= {"attention.head_count": 2, "attention.head_count_kv": 1}
    keys = [key("general.architecture", 8, text("llama"))]
    keys += [key(f"llama.{k}", 4, struct.pack("<I", v)) for k, v in numbers.items()]
    keys += [key("llama.attention.layer_norm_rms_epsilon", 6, struct.pack("<f", 1e-5))]
    keys += [key("llama.rope.scaling.type", 8, text("yarn"))]
    keys += [key("llama.rope.scaling.factor", 6, struct.pack("<f", 4.0))]
    keys += [key("tokenizer.ggml.model", 8, text(model)), key("tokenizer.ggml.tokens", 9, strings(*tokens)), *merges]
    keys += [key("tokenizer.ggml.scores", 9, struct.pack("<IQ8f", 6, 8, 0, 0, 0, -3, -4, -1, -5, -2))]
    keys += [key("tokenizer.ggml.token_type", 9, struct.pack("<IQ8i", 5, 8, 2, 3, 3, 1, 1, 1, 1, 1))]
    return file_of(keys, [tensor("token_embd.weight", (8, 8), 0, 0)], np.zeros(64, np.float32).tobytes())


RICH = (rich("llama"), rich("gpt2"))


def opened(folder: Path, raw: bytes) -> GGUFFile:
    path = folder / "x.gguf"
    path.write_bytes(raw)
    return GGUFFile(path)


def test_metadata_and_tensors_are_read(tmp_path):
    file = opened(tmp_path, GOOD)
    assert file.meta == {
        "general.architecture": "llama",
        "numbers": [1, -2, 3],
        "words": ["a", "bé"],
        "flag": True,
        "small": 0.5,
    }
    assert np.array_equal(file.array("a"), WEIGHTS.reshape(2, 32))
    assert np.array_equal(file.array("h"), np.arange(32, dtype=np.float32))


@pytest.mark.parametrize("kind", ["Q4_0", "Q4_1", "Q5_0", "Q8_0", "BF16"])
def test_block_types_are_expanded_like_the_reference_package(tmp_path, kind):
    import gguf

    number = gguf.GGMLQuantizationType[kind]
    values = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)
    packed = gguf.quants.quantize(values, number)
    file = opened(tmp_path, file_of([], [tensor("w", (4, 64), int(number), 0)], packed.tobytes()))
    assert np.array_equal(file.array("w"), gguf.quants.dequantize(packed, number))
    assert np.abs(file.array("w") - values).max() < 0.5


HOSTILE = {
    "empty": (b"", "cannot read|empty"),
    "zip": (b"PK\x03\x04" + bytes(64), "zip"),
    "pickle": (b"\x80\x04" + bytes(64), "pickle"),
    "error page": (b"<html>", "text"),
    "cut header": (GOOD[:40], "truncated"),
    "cut data": (GOOD[:-8], "truncated"),
    "version": (file_of([], [], version=9), "version 9"),
    "huge counts": (b"GGUF" + struct.pack("<IQQ", 3, 1 << 62, 1 << 62), "tensors"),
    "huge string": (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 63), "truncated"),
    "huge array": (file_of([key("k", 9, struct.pack("<IQ", 0, 1 << 40))], []), "array of"),
    "long array": (file_of([key("k", 9, struct.pack("<IQ", 0, 3_000_000))], []), "truncated"),
    "nested arrays": (file_of([key("k", 9, struct.pack("<IQ", 9, 1) * 50)], []), "nested"),
    "unknown type": (file_of([key("k", 77, b"")], []), "unknown value type 77"),
    "six dimensions": (file_of([], [tensor("t", (1,) * 6, 0, 0)]), "6 dimensions"),
    "overflowing shape": (file_of([], [tensor("t", (1 << 62, 1 << 62), 0, 0)]), "beyond the end"),
    "zero dimension": (file_of([], [tensor("t", (0, 4), 0, 0)]), "shape"),
    "odd block": (file_of([], [tensor("t", (3, 7), 3, 0)]), "shape"),
    "unknown tensor type": (file_of([], [tensor("t", (4,), 999, 0)]), "unknown type 999"),
    "far offset": (file_of([], [tensor("t", (4,), 0, 1 << 63)]), "beyond the end"),
    "alignment": (file_of([key("general.alignment", 4, struct.pack("<I", 0))], []), "alignment"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_one_clear_error(tmp_path, case):
    raw, message = HOSTILE[case]
    with pytest.raises(ModelError, match=message):
        opened(tmp_path, raw)


def test_a_missing_tensor_or_file_is_named(tmp_path):
    with pytest.raises(ModelError, match="no tensor 'b'"):
        opened(tmp_path, GOOD).array("b")
    with pytest.raises(ModelError, match="cannot read"):
        GGUFFile(tmp_path / "missing.gguf")


def survive(folder: Path, raw: bytes) -> None:
    """Whatever the bytes: a readable file or a ``ModelError``, nothing else."""
    from planner.lm.config import from_gguf
    from planner.lm.tokenizer import tokenizer_json_from_gguf

    try:
        file = opened(folder, raw)
        for name in file.tensors:
            assert file.array(name).shape == file.tensors[name].shape
        from_gguf(file.meta, {n: t.shape for n, t in file.tensors.items()})
        tokenizer_json_from_gguf(file.meta)
    except ModelError:
        return


@st.composite
def mutated(draw) -> bytes:
    """A good file with some bytes changed, cut out or put in."""
    raw = bytearray(draw(st.sampled_from((GOOD, *RICH))))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw) - 1))
        kind = draw(st.sampled_from(("set", "wide", "cut", "insert")))
        if kind == "set":
            raw[at] = draw(st.integers(0, 255))
        elif kind == "wide":
            raw[at : at + 8] = struct.pack("<Q", draw(st.integers(0, 2**64 - 1)))
        elif kind == "cut":
            del raw[at : at + draw(st.integers(1, 64))]
        else:
            raw[at:at] = draw(st.binary(max_size=16))
        if not raw:
            break
    return bytes(raw)


def test_the_files_that_are_changed_are_good_ones(tmp_path):
    """Else the fuzzing below would end at the first key."""
    from planner.lm.config import from_gguf
    from planner.lm.tokenizer import TextTokenizer, tokenizer_json_from_gguf

    for raw in RICH:
        file = opened(tmp_path, raw)
        assert from_gguf(file.meta, {n: t.shape for n, t in file.tensors.items()}).context == 256
        tokenizer = TextTokenizer.from_json(tokenizer_json_from_gguf(file.meta))
        assert tokenizer.encode("ab")[-1] in (5, 7, 4)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(mutated(), st.binary(max_size=200).map(lambda b: GOOD[:24] + b)))
def test_mutated_files_never_crash(tmp_path, raw):
    survive(tmp_path, raw)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(mutated(), mutated(), st.binary(max_size=200).map(lambda b: GOOD[:24] + b)))
def test_twenty_thousand_mutated_files_never_crash(tmp_path, raw):
    survive(tmp_path, raw)
