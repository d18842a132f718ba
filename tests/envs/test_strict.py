from __future__ import annotations

import pytest

from envs.strict import FileError, choices_text, parse_yaml, read_yaml, suggest


def test_lines_of_values_and_keys():
    doc = parse_yaml("a: 1\nb:\n  - {c: 2}\n  - d: 3\n    e: [4,\n        5]\n", "x.yaml")
    assert doc.data == {"a": 1, "b": [{"c": 2}, {"d": 3, "e": [4, 5]}]}
    assert [doc.line(p) for p in ((), ("b",), ("b", 1, "d"), ("b", 1, "e", 1), ("b", 9), ("no",))] == [1, 2, 4, 6, 2, 1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.yaml: is empty"),
        ("# nothing\n", "is empty"),
        ("a: [1", "not valid YAML"),
        ("a: 1\na: 2", "x.yaml:2: the key 'a' is written twice"),
        ("a: !!python/object/apply:os.system [ls]", "not valid YAML: could not determine a constructor"),
        ("[" * 5000, "not valid YAML"),
        ("a: \x00", "not valid YAML"),
        ("--- 1\n--- 2\n", "not valid YAML"),
        ("a: 2020-99-99", "not valid YAML"),
    ],
)
def test_broken_text(text, message):
    with pytest.raises(FileError, match=message):
        parse_yaml(text, "x.yaml")


def test_broken_files(tmp_path):
    (tmp_path / "tasks.yaml").write_text("a: 1")
    with pytest.raises(FileError, match=r"no such file; did you mean 'tasks.yaml'.*beside it: tasks.yaml"):
        read_yaml(tmp_path / "task.yaml")
    with pytest.raises(FileError, match="is a folder"):
        read_yaml(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: caf\xe9".encode("latin-1"))
    with pytest.raises(FileError, match=r"latin.yaml:2: is not UTF-8"):
        read_yaml(tmp_path / "latin.yaml")
    (tmp_path / "bom.yaml").write_text("\ufeffa: é", encoding="utf-8")
    assert read_yaml(tmp_path / "bom.yaml").data == {"a": "é"}


def test_choices():
    assert suggest("Gaol", ["goal", "start"]) == "; did you mean 'goal'?"
    assert suggest("xyz", ["goal"]) == ""
    assert choices_text([]) == "none"
    assert choices_text(map(str, range(30))).endswith("23, ... (6 more)")
