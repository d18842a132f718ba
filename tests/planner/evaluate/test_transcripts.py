"""Episodes written out: drawn by the seed alone, right and wrong told apart."""

from __future__ import annotations

import json

import pytest

from planner.evaluate.transcripts import BEGIN, END, chosen, is_right, main, page, transcript


def episode(task: str, expect: str = "success", **more):
    measures = {"plan_success": True, "execution_success": None, "asked_before_moving": None, "refused": None}
    base = {
        "suite": "s", "task": task, "seed": 0, "expect": expect, "instruction": f"do {task}", "dialogue": [],
        "task_data": {"start": {"objects": [{"name": "cup", "at": "table"}, {"name": "pen", "at": None}]}},
        "true_goal": {"any": [["at(cup, shelf)"]]}, "plan": {"steps": ["pick(cup)", "place_at(cup, shelf)"]},
        "verdict": {"status": "planned", "reason": "", "question": None, "failure": None}, "failure": None,
        "code": {"commit": "0123456789abcdef"},
    }  # fmt: skip
    return base | {"measures": measures | more.pop("measures", {})} | more


def test_the_draw_depends_on_the_seed_alone() -> None:
    lines = [episode(str(i)) for i in range(50)]
    assert chosen(lines, 5, 3) == chosen(lines, 5, 3)
    assert chosen(lines, 5, 3) != chosen(lines, 5, 4)
    assert len(chosen(lines[:2], 5, 3)) == 2


def test_what_is_told() -> None:
    text = transcript(episode("a"))
    assert "cup (table), pen" in text
    assert "pick(cup), place_at(cup, shelf)" in text
    assert "Wanted: at(cup, shelf). Verdict: right." in text


def test_what_was_asked_and_answered_is_told() -> None:
    turn = {"question": "Which cup?", "options": ["red cup", "blue cup"], "answer": "the red one"}
    assert "It asks: “Which cup?” Answer: “the red one”." in transcript(episode("a", dialogue=[turn]))


def test_wrong_ones_say_why() -> None:
    failure = {"kind": "GOAL", "blame": "LM", "detail": "untrue: at(cup, shelf)"}
    text = transcript(episode("a", measures={"plan_success": False}, failure=failure))
    assert "Verdict: wrong (GOAL, LM: untrue: at(cup, shelf))" in text


@pytest.mark.parametrize(("expect", "key"), [("ask", "asked_before_moving"), ("refuse", "refused")])
def test_a_question_or_a_refusal_may_be_what_is_right(expect, key) -> None:
    assert is_right(episode("a", expect, measures={key: True}))
    assert not is_right(episode("a", expect, measures={key: False}))


def test_motion_counts_more_than_the_plan() -> None:
    assert not is_right(episode("a", measures={"execution_success": False}))


def test_the_page_keeps_what_stands_around(tmp_path) -> None:
    (tmp_path / "run").mkdir()
    lines = [json.dumps(episode(str(i))) for i in range(3)]
    (tmp_path / "run" / "episodes.jsonl").write_text("\n".join(lines))
    target = tmp_path / "page.md"
    target.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert main([str(tmp_path / "run"), "--n", "2", "--page", str(target)]) == 0
    text = target.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert text.count("Verdict: right") == 2
    with pytest.raises(ValueError, match="marks"):
        page([], "no marks", "")


def test_it_says_how_sure_it_was() -> None:
    assert "It is 87 % sure." in transcript(episode("a", attempts=[{"confidence": 0.873}]))
    assert "% sure" not in transcript(episode("a", attempts=[{"confidence": None}]))


def test_tasks_are_drawn_before_they_are_run(capsys) -> None:
    def ids(*more: str) -> list[str]:
        assert main(["tabletop-stacks", "tabletop-sets", "--ids", "--n", "4", *more]) == 0
        return capsys.readouterr().out.strip().split(",")

    assert ids("--seed", "3") == ids("--seed", "3") != ids("--seed", "4")
    assert len(set(ids("--seed", "3"))) == 4


def test_the_page_says_of_how_many_tasks_they_were_drawn(tmp_path) -> None:
    (tmp_path / "episodes.jsonl").write_text(json.dumps(episode("1")))
    (tmp_path / "page.md").write_text(f"{BEGIN}{END}")
    assert main([str(tmp_path), "--of", "158", "--seed", "2", "--page", str(tmp_path / "page.md")]) == 0
    assert "Drawn with seed 2 from 158 tasks, commit " in (tmp_path / "page.md").read_text()
