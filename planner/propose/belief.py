"""What the model believes of things of which nothing is written down: by its likelihoods and its hidden states."""

from __future__ import annotations

from collections.abc import Sequence

from planner.lm.api import LanguageModel
from planner.propose.likeness import likeness
from planner.propose.lookup import Lookup


def believed(
    lm: LanguageModel, phrases: Sequence[str], names: Sequence[str], others: Sequence[str], lookup: Lookup | None
) -> list[list[float]]:
    """For each phrase and name the log-odds [nats] that the thing is meant by it.

    By likelihood (`planner.propose.likeness`); where the probe was trained on what a phrase asks for and can read this
    model's states, by both. ``others``: more things of the scene. ``lookup``: takes the phrases apart; None: no probe.
    """
    rows = likeness(lm, phrases, names, others)
    if lookup is None or not phrases or not names:
        return rows
    from planner.propose.probe import shipped  # late: it needs torch, a model behind a server does not

    probe = shipped()
    if probe is None or not probe.fits(lm):
        return rows
    return [probe.mixed(lm, lookup, p, names, row) for p, row in zip(phrases, rows, strict=True)]
