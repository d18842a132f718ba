"""The command line in this process, with a scripted mind instead of a language model."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from planner.cli.main import main
from planner.propose.scripted import ScriptedProposer
from stories import GOAL, STEPS, scripted_mind


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one error line; fails when there is not exactly one line."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("groundplan: error: ")
        return lines[0]


@pytest.fixture
def say(capsys, monkeypatch, tmp_path):
    """``say("run", ...)`` runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*words: str) -> Said:
        code = main(list(words))
        done = capsys.readouterr()
        return Said(code, done.out, done.err)

    return run


@pytest.fixture
def mind(monkeypatch):
    """Puts a scripted mind in; call it to choose another proposer or grounder."""

    def use(proposer=None, grounder=None):
        made = scripted_mind(proposer or ScriptedProposer.of(STEPS, GOAL), grounder)
        monkeypatch.setattr("planner.session.open_mind", lambda *args: made)
        return made

    use()
    return use
