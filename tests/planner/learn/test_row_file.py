"""Rows on disk: nothing is lost but a line that was cut off, and nothing is mixed."""

from __future__ import annotations

import pytest

from planner.learn.row_file import RowFile, RowsError

HEAD = {"seed": 1, "knowledge": "abc"}


def test_what_was_added_is_there_again(tmp_path):
    file = RowFile(tmp_path / "new" / "rows.jsonl", HEAD)
    file.add({"n": 1, "text": "é"})
    file.add({"n": 2, "text": ""})
    again = RowFile(file.path, HEAD)
    assert again.rows == file.rows == [{"n": 1, "text": "é"}, {"n": 2, "text": ""}]


def test_a_line_that_was_cut_off_is_taken_away(tmp_path):
    file = RowFile(tmp_path / "rows.jsonl", HEAD)
    file.add({"n": 1})
    file.add({"n": 2})
    file.path.write_bytes(file.path.read_bytes()[:-3])
    again = RowFile(file.path, HEAD)
    assert again.rows == [{"n": 1}]
    again.add({"n": 3})
    assert RowFile(file.path, HEAD).rows == [{"n": 1}, {"n": 3}]


def test_a_head_that_was_cut_off_begins_anew(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"se')
    assert RowFile(tmp_path / "rows.jsonl", HEAD).rows == []
    assert RowFile(tmp_path / "rows.jsonl", HEAD).rows == []


def test_rows_of_something_else_are_not_taken(tmp_path):
    RowFile(tmp_path / "rows.jsonl", HEAD).add({"n": 1})
    with pytest.raises(RowsError, match=r"another seed; remove it or choose another folder"):
        RowFile(tmp_path / "rows.jsonl", HEAD | {"seed": 2})
    (tmp_path / "rows.jsonl").write_text("apples and pears\n")
    with pytest.raises(RowsError, match="is no file of rows"):
        RowFile(tmp_path / "rows.jsonl", HEAD)
    (tmp_path / "rows.jsonl").write_text("[1]\n[2]\n")
    with pytest.raises(RowsError, match="is no file of rows"):
        RowFile(tmp_path / "rows.jsonl", HEAD)
