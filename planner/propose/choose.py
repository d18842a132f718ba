"""Which proposer a model gets: the one it was trained for, or the one for any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.ground.grounder import DefaultGrounder, GroundConfig
from planner.lm.api import LanguageModel
from planner.propose.combined import CombinedProposer
from planner.propose.lookup import open_lookup
from planner.propose.proposer import LMProposer, ProposeConfig


def open_proposer(
    lm: LanguageModel, config: ProposeConfig, aliases: Sequence[tuple[str, str]] = (), mode: str = ""
) -> LMProposer:
    """The proposer of ``mode``, else of the settings; "auto" asks the questions only of a model that knows them and
    whose answers are trusted, and else takes the words (`planner.propose.weights.Weights.trusted`)."""
    config = replace(config, mode=mode) if mode else config
    lookup = open_lookup(config.knowledge)
    plain = config.mode == "untrained"
    return LMProposer(lm, config, aliases, lookup) if plain else CombinedProposer(lm, config, aliases, lookup)


def open_grounder(proposer: LMProposer, config: GroundConfig) -> DefaultGrounder:
    """The grounding that reads what the proposer thought."""
    think = proposer.think if isinstance(proposer, CombinedProposer) else None
    return DefaultGrounder(config, proposer.read, think, proposer.tools)
