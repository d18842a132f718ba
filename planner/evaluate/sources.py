"""Ours with one source of goals at a time, so that one table compares them: words, whole plans, small questions, all.

Loop, grounding and skills are those of ``closed-loop``; only where goals come from differs.
"""

from __future__ import annotations

from planner.evaluate.planners import SKILLS, ClosedLoop, Episode, Players, Tools
from planner.propose.choose import open_grounder, open_proposer


class _Source(ClosedLoop):
    """One mode of the proposer."""

    mode = ""
    skills = SKILLS

    def __init__(self, tools: Tools) -> None:
        self._mind = tools.mind
        self._proposer = open_proposer(self._mind.lm, tools.settings.propose, mode=self.mode)
        self._grounder = open_grounder(self._proposer, tools.settings.ground)

    def head(self) -> str:
        from planner.propose import form

        return form.shared_part(form.Setting((), (), ""))

    def players(self, episode: Episode) -> Players:
        return Players(self._proposer, self._grounder)


class WordsOnly(_Source):
    """Rules and look-ups alone."""

    about = "goals from the reading of the words by rules and from the knowledge file; the model is not asked"
    mode = "words"
    uses_model = False

    def head(self) -> str:
        return ""


class WholePlan(_Source):
    """The model's whole plans."""

    about = "the model writes whole plans under the grammar; the goal is what they bring about"
    mode = "whole"


class Decomposed(_Source):
    """The small questions alone."""

    about = "goals composed from the model's answers to small questions, scored by them alone"
    mode = "asked"


class Combined(_Source):
    """Everything together, whatever the model was trained for."""

    about = "goals from words and answers, scored by both with fitted weights"
    mode = "combined"
