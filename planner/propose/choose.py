"""Which proposer a model gets: the one it was trained for, or the one for any model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from planner.ground.grounder import DefaultGrounder, GroundConfig
from planner.ground.second import SecondOpinion
from planner.lm.api import LanguageModel
from planner.propose.combined import CombinedProposer
from planner.propose.lookup import open_lookup
from planner.propose.proposer import LMProposer, ProposeConfig


def open_proposer(
    lm: LanguageModel,
    config: ProposeConfig,
    aliases: Sequence[tuple[str, str]] = (),
    mode: str = "",
    second: Callable[[], LanguageModel] | None = None,
    may_ask: bool = True,
) -> LMProposer:
    """The proposer of ``mode``, else of the settings; "auto" asks the questions of a model that knows them and whose
    answers are trusted (`planner.propose.weights.Weights.trusted`), and else takes the words, with a second opinion of
    the model that ``second`` opens where they leave it unsure (`planner.ground.second`)."""
    config = replace(config, mode=mode) if mode else config
    lookup = open_lookup(config.knowledge)
    if second is not None and config.mode == "auto":
        return SecondOpinion(lm, config, second, aliases, lookup, may_ask)
    plain = config.mode == "untrained"
    return LMProposer(lm, config, aliases, lookup) if plain else CombinedProposer(lm, config, aliases, lookup)


def open_grounder(proposer: LMProposer, config: GroundConfig) -> DefaultGrounder:
    """The grounding that reads what the proposer thought."""
    think = proposer.think if isinstance(proposer, CombinedProposer) else None
    return DefaultGrounder(config, proposer.read, think, proposer.tools)
