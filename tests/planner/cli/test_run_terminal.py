"""Questions before a robot moves, asked and answered at a real pseudo-terminal: yes, no, garbage, Ctrl-C, Ctrl-D."""

from __future__ import annotations

import sys

import pytest

from planner.cli import exits
from skills.command_log import read_log

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

from tests.planner.cli.terminal import CTRL_C, CTRL_D, Terminal

pytestmark = [pytest.mark.peer, pytest.mark.slow]  # each starts a program

THINGS = ("run", "put the red block in the blue bowl", "--objects", "red block, blue bowl", "--no-video")


@pytest.fixture
def lab(tmp_path):
    """Starts a run on the simulator or on an arm that calls itself real; (terminal, moves that were sent)."""
    (tmp_path / "table.yaml").write_text(
        "objects: [{name: red block, at: [0.45, -0.1]}, {name: blue bowl, at: [0.5, 0.15]}]\n", encoding="utf-8"
    )
    running = []

    def start(*words: str, real: bool = True):
        robot = ("--driver", "tests.planner.hostile:RealArm", "--set", "robot.objects=table.yaml") if real else ()
        more = ("--set", "budget.attempts=1", "--out", "out")
        running.append(Terminal(tmp_path, *THINGS, *robot, *words, *more))
        return running[-1]

    def moves():
        log = read_log(tmp_path / "out" / "commands.jsonl")
        return [c.kind for c in log.commands if c.kind in ("follow", "gripper") and not c.refused]

    yield start, moves
    for terminal in running:
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()


def test_the_typed_phrase_lets_it_move_and_then_each_step_is_asked_for(lab):
    start, moves = lab
    terminal = start("--step")
    terminal.until(r"To consent, type exactly: move paper arm\s*> ")
    terminal.type("move paper arm\n")
    terminal.until(r"Next: pick\(red block\)\. Do it\? \[y/N\] ")
    terminal.type("y\n")
    code, said = terminal.end()
    assert code == exits.NOT_REACHED  # nothing lies there
    assert "nothing" in said
    assert "follow" in moves()


@pytest.mark.parametrize("typed", ["move the paper arm\n", "y\n", "\n", "MOVE PAPER ARM\n", CTRL_D])
def test_other_words_than_the_phrase_let_nothing_move(lab, typed):
    start, moves = lab
    terminal = start()
    terminal.until("type exactly: move paper arm")
    terminal.type(typed)
    code, said = terminal.end()
    assert code == exits.DRIVER, said
    assert "exact words 'move paper arm'" in said
    assert "Traceback" not in said
    assert moves() == []


@pytest.mark.parametrize(
    ("typed", "words"), [("n\n", "was not approved"), ("maybe\n", "was not approved"), ("\n", "was not approved"),
                         (CTRL_D, "was not approved"), (CTRL_C, "interrupted")],
)  # fmt: skip
def test_a_step_that_is_not_approved_is_not_done(lab, typed, words):
    start, moves = lab
    terminal = start("--step", "--yes")
    terminal.until(r"Do it\? \[y/N\] ")
    terminal.type(typed)
    code, said = terminal.end()
    assert code == exits.NOT_REACHED, said
    assert words in said
    assert "Traceback" not in said
    assert moves() == []


@pytest.mark.parametrize(("typed", "moved"), [("yes\n", True), ("no\n", False), ("yess\n", False), (CTRL_C, False),
                                              (CTRL_D, False)])  # fmt: skip
def test_a_plan_is_shown_with_how_it_went_in_simulation_and_asked_for(lab, typed, moved):
    start, moves = lab
    terminal = start("--approve", "plan", "--yes")
    shown = " ".join(terminal.until(r"Carry\s+it\s+out\?\s+\[y/N\] ").split())  # wherever the terminal breaks its lines
    assert "Plan: pick(red block); place_in(red block, blue bowl) (tried in simulation: all 2 steps work)" in shown
    terminal.type(typed)
    code, said = terminal.end()
    assert code == exits.NOT_REACHED, said
    assert "Traceback" not in said
    assert bool(moves()) is moved


def test_both_questions_on_the_simulator_to_the_end(lab):
    start, _ = lab
    terminal = start("--approve", "plan", "--step", real=False)
    terminal.until(r"Carry\s+it\s+out\?\s+\[y/N\] ")
    terminal.type("y\n")
    for step in ("pick", "place_in"):
        terminal.until(rf"Next: {step}\(.*\)\. Do it\? \[y/N\] ")
        terminal.type("Y\n")
    code, said = terminal.end()
    assert code == exits.REACHED, said


def test_ctrl_c_in_the_middle_of_a_motion_stops_the_robot(lab):
    start, moves = lab
    terminal = start("--yes", "--set", "robot.speed=0.05")
    terminal.until("pick")
    terminal.until("moving")
    terminal.type(CTRL_C)
    code, said = terminal.end()
    assert code == exits.NOT_REACHED, said
    assert "interrupted" in said
    assert "stopped for good" in said
    assert moves()[-1:] == ["follow"]
