"""The cache of the knowledge: the same knowledge, and never an old, a broken or a foreign one."""

from __future__ import annotations

import hashlib
import json

import pytest

from planner.learn import kept_knowledge
from planner.learn.kept_knowledge import KEPT, kept, key_of, load, save
from planner.learn.knowledge import Entry, Knowledge

LIME = Entry("lime", kinds=("fruit", "food"), unsafe=("café",))
THINGS = Knowledge([Entry("apple", kinds=("fruit", "food"), names=("red apple",)), LIME])


class Reader:
    """Reads the YAML in the test's stead, and counts how often."""

    def __init__(self, found=THINGS):
        self.found, self.calls = found, 0

    def __call__(self):
        self.calls += 1
        return self.found


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path / "home"))
    path = tmp_path / "things.yaml"
    path.write_text("apple: {}\n")
    return path


def only_file():
    (file,) = kept_knowledge.folder().iterdir()
    return file


def test_the_second_process_reads_the_cache_and_finds_the_same(source):
    reader = Reader()
    first, second = kept([source], reader), kept([source], reader)
    assert reader.calls == 1
    assert list(first) == list(second) == list(THINGS)
    assert second.digest == THINGS.digest


def test_what_is_changed_is_read_anew(source):
    kept([source], Reader())
    other = Reader(Knowledge([Entry("pear")]))
    source.write_text("apple: {}")  # one byte less
    assert "pear" in kept([source], other)
    code = source.with_name("reader.py")
    code.write_text("v = 1")
    kept([source], other, code)
    code.write_text("v = 2")
    kept([source], other, code)
    assert other.calls == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data, key: data[:-7],
        lambda data, key: b"",
        lambda data, key: b"\x80\x04N." + data,
        lambda data, key: data.replace(b"apple", b"grape"),
        lambda data, key: data.replace(key.encode(), b"0" * 64),
        lambda data, key: _signed(key, [[["fruit"]], [["apple", 0, 0, 0, 0, 0, 0, 7]]]),
        lambda data, key: _signed(key, [[["fruit"]], [["apple", 0]]]),
        lambda data, key: _signed(key, [[[1]], [["apple", 0, 0, 0, 0, 0, 0, 0]]]),
        lambda data, key: _signed(key, [[["a"]], [["x", 0, 0, 0, 0, 0, 0, 0], ["x", 0, 0, 0, 0, 0, 0, 0]]]),
        lambda data, key: _signed(key, {"rows": 3}),
        lambda data, key: b"[" * 100_000 + b"\n",
    ],
)
def test_a_broken_or_foreign_file_is_written_again(source, spoil):
    kept([source], Reader())
    file, key = only_file(), key_of([source])
    whole = file.read_bytes()
    file.write_bytes(spoil(whole, key))
    assert load(file, key) is None
    reader = Reader()
    assert list(kept([source], reader)) == list(THINGS)
    assert reader.calls == 1
    assert file.read_bytes() == whole


def _signed(key, data):
    body = json.dumps(data).encode()
    return json.dumps({"key": key, "body": hashlib.sha256(body).hexdigest()}).encode() + b"\n" + body


def test_it_works_where_nothing_can_be_written(source, tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    reader = Reader()
    assert list(kept([source], reader)) == list(kept([source], reader)) == list(THINGS)
    assert reader.calls == 2


def test_a_write_that_fails_leaves_nothing_behind(source, monkeypatch):
    monkeypatch.setattr("pathlib.Path.replace", lambda self, to: (_ for _ in ()).throw(OSError("no space")))
    kept([source], Reader())
    assert list(kept_knowledge.folder().iterdir()) == []


def test_old_files_go(source):
    for i in range(KEPT + 3):
        save(kept_knowledge.folder() / f"{i}.json", "k", THINGS)
    assert len(list(kept_knowledge.folder().iterdir())) == KEPT


def test_the_shipped_knowledge_survives_the_way_through_the_cache(source, monkeypatch):
    from planner.learn import knowledge

    whole = knowledge.load_knowledge()
    file = kept_knowledge.folder() / "x.json"
    save(file, "k", whole)
    assert list(load(file, "k")) == list(whole)
