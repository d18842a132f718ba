from __future__ import annotations

import json

import pytest

from planner.cli import exits


@pytest.mark.parametrize(
    ("what", "contains"),
    [
        ("skills", ["pick(obj: movable)", "place_in", "place_on", "place_at", "go_home", "holding(obj)"]),
        ("scenes", ["tabletop", "top left corner", "red block"]),
        ("robots", ["panda", "0 to 80 mm"]),
        ("drivers", []),
        ("tasks", []),
    ],
)
def test_lists_for_people_and_machines_agree(say, what, contains):
    shown = say("list", what)
    assert shown.code == exits.REACHED
    squeezed = " ".join(shown.out.split())
    for words in contains:
        assert words in squeezed
    rows = json.loads(say("list", what, "--json").out)
    first_column = {next(iter(row.values())) for row in rows}
    assert all(str(x).split("(")[0] in shown.out for x in first_column)


def test_tasks_of_a_file_of_ones_own(say, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "suite: mine\ntasks:\n  - {id: a1, instruction: 'put the apple in the red bowl', scene: tabletop,\n"
        "     start: {objects: [{name: apple}, {name: red bowl}]}, goal: {any: [['in(apple, red bowl)']]}}\n"
    )
    rows = json.loads(say("list", "tasks", "--task", str(file), "--json").out)
    assert [r["id"] for r in rows] == ["a1"]
    missing = say("list", "tasks", "--task", "none.yaml")
    assert missing.code == exits.USAGE
    assert "none.yaml" in missing.error
