from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.checkpoint import open_source  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.store import prepared_folder, read_direct, read_prepared, write_prepared  # noqa: E402


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "int8", "int4"])
def test_what_is_written_is_what_is_read(small_gguf, tmp_path, dtype):
    folder = prepared_folder(tmp_path, "0" * 64, dtype)
    seen: list[int] = []
    write_prepared(folder, open_source(small_gguf), dtype, seen.append)
    config, tensors, tokenizer = read_prepared(folder)
    direct_config, direct, direct_tokenizer = read_direct(open_source(small_gguf), dtype)
    assert set(tensors) == set(direct)
    assert all(torch.equal(tensors[k], direct[k]) and tensors[k].dtype == direct[k].dtype for k in direct)
    assert (config.layers, config.theta, tokenizer) == (direct_config.layers, direct_config.theta, direct_tokenizer)
    assert seen == sorted(seen)
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]
    assert tensors["embed"].data_ptr() % 64 == 0  # vector kernels want aligned weights


def test_a_second_writer_changes_nothing(small_gguf, tmp_path):
    folder = tmp_path / "prepared"
    for _ in range(2):
        write_prepared(folder, open_source(small_gguf), "float32")
    assert read_prepared(folder)[0].layers == 3
    assert [p.name for p in tmp_path.iterdir()] == ["prepared"]


def test_damaged_prepared_weights_are_an_error_and_are_made_anew(small_gguf, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    before = load_language_model(small_gguf, dtype="float32").logits("hi")
    folder = next((tmp_path / "prepared").iterdir())
    weights = folder / "model.safetensors"
    raw = weights.read_bytes()
    weights.unlink()  # a new file: the first model still maps the old one
    weights.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ModelError, match="delete that folder"):
        read_prepared(folder)
    assert torch.equal(load_language_model(small_gguf, dtype="float32").logits("hi"), before)


def test_a_cache_that_cannot_be_written_names_the_variable(small_gguf, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="GROUNDPLAN_HOME"):
        load_language_model(small_gguf, dtype="float32")
