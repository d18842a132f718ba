from __future__ import annotations

import subprocess
import sys

import pytest

from planner.cli import exits


def test_help_imports_nothing_heavy():
    """Help must come at once: neither torch nor the simulator, not even numpy may be needed for it."""
    code = (
        "import sys\n"
        "from planner.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'pybullet', 'pydantic', 'rich', 'numpy', 'yaml', 'scipy', 'transformers'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "HEAVY []" in done.stdout
    assert (
        "exit codes: 0 goal measured true, 1 not reached, 2 usage, 3 asked or refused, 4 driver trouble" in done.stdout
    )


def test_the_module_runs_as_a_program():
    command = [sys.executable, "-m", "planner.cli.main", "walk"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == exits.USAGE
    assert done.stdout == ""
    assert done.stderr.startswith("groundplan: error: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["walk"], "invalid choice: 'walk'"),
        (["list", "robts"], "invalid choice: 'robts'"),
        (["run", "x", "--seed", "-1"], "a seed is a whole number from 0"),
        (["run", "x", "--goal", "mine"], "invalid choice: 'mine'"),
        (["run", "x", "--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_usage_errors_are_one_line_and_code_two(say, words, says):
    done = say(*words)
    assert done.code == exits.USAGE
    assert says in done.error
    assert done.out == ""


def test_without_a_command_the_help_is_shown(say):
    done = say()
    assert done.code == exits.USAGE
    assert "COMMAND" in done.out


def test_version(say):
    done = say("--version")
    assert done.code == exits.REACHED
    assert done.out.startswith("groundplan ")


def test_a_fault_of_the_program_is_one_line_and_a_trace_with_debug(say, monkeypatch):
    def broken(*args, **more):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("skills.library.default_library", broken)
    done = say("list", "skills")
    assert done.code == exits.NOT_REACHED
    assert "ZeroDivisionError: oops" in done.error
    assert "--debug" in done.error
    with pytest.raises(ZeroDivisionError):
        say("list", "skills", "--debug")


def test_ctrl_c_outside_of_a_run_is_one_line(say, monkeypatch):
    def interrupted(*args, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr("skills.library.default_library", interrupted)
    done = say("list", "skills")
    assert done.code == exits.NOT_REACHED
    assert done.error == "groundplan: error: interrupted"
