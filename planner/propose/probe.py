"""What the model's hidden states say of a thing of which nothing is written down: a probe (Alain and Bengio 2016).

A small network reads the language model's states in "A kumquat is a kind of" and gives, for every
kind, use and property of the knowledge that it was trained on, the log-odds that it is one, that one does that with
it, that it is like that. Its training and its scores: `planner.learn.probing`. A phrase is taken apart as the look-up
does it; what it asks for and the probe was not trained on is left to the likelihoods (`planner.propose.likeness`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open

from planner.lm.api import LanguageModel
from planner.lm.features import hidden_states
from planner.lm.local import LocalModel
from planner.propose.likeness import is_sort, with_article
from planner.propose.lookup import Lookup

Category = tuple[str, str]  # field of the knowledge and phrase
LIMIT = 6.0  # [nats] how sure the probe may be
BEGINNING = " is a kind of"
FILE = "models/probe/probe.safetensors"


def features_of(lm: LocalModel, name: str, layer: int) -> torch.Tensor:
    """(3, dim): behind the name, the mean over its words, and behind the beginning of what it is."""
    thing = with_article(name)
    thing = thing[:1].upper() + thing[1:]
    (states,) = hidden_states(lm, (thing + BEGINNING,), layer)
    called = states[: len(lm.tokenizer.encode(thing))]
    return torch.stack((called[-1], called.mean(0), states[-1]))


@dataclass(frozen=True)
class Mix:
    """How probe and likelihood are weighed together: ``probe`` * log-odds + ``likely`` * log-odds + ``offset``."""

    probe: float
    likely: float
    offset: float


class Probe:
    """A trained probe.

    Args:
        tensors: ``mean`` and ``scale`` (3, dim) of the features; ``first.weight`` (hidden, 3 * dim) and ``.bias``,
            ``second.weight`` (width, hidden) and ``.bias``, ``last.weight`` (categories, width) and ``.bias``.
        categories: what the outputs are.
        layer: of the model, whose states are read.
        base: name of the model that it was trained on.
        mixes: by "sort" and "use".
    """

    def __init__(
        self,
        tensors: dict[str, torch.Tensor],
        categories: Sequence[Category],
        layer: int,
        base: str,
        mixes: dict[str, Mix],
    ) -> None:
        self.tensors = {k: t.float() for k, t in tensors.items()}
        self.column = {c: i for i, c in enumerate(categories)}
        self.layer, self.base, self.mixes = layer, base, mixes
        self._odds: dict[str, torch.Tensor] = {}

    @classmethod
    def load(cls, path: Path) -> Probe:
        """Read a probe. Raises ``ValueError`` for a file that holds none."""
        try:
            with safe_open(str(path), "pt") as file:
                facts = file.metadata() or {}
                tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
            categories = [(str(f), str(p)) for f, p in json.loads(facts["categories"])]
            mixes = {k: Mix(**m) for k, m in json.loads(facts["mixes"]).items()}
            return cls(tensors, categories, int(facts["layer"]), facts["base"], mixes)
        except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
            raise ValueError(f"{path} holds no probe ({error}); train one by groundplan train --probe") from None

    def fits(self, lm: LanguageModel) -> bool:
        """Whether the states of this model are those that the probe can read."""
        return isinstance(lm, LocalModel) and lm.name == self.base

    def of_features(self, x: torch.Tensor) -> torch.Tensor:
        """(n, 3, dim) features to (n, categories) log-odds."""
        t = self.tensors
        h = F.linear(standard(x, t["mean"], t["scale"]), t["first.weight"], t["first.bias"])
        h = F.linear(F.gelu(h), t["second.weight"], t["second.bias"])
        return F.linear(h, t["last.weight"], t["last.bias"]).clamp(-LIMIT, LIMIT)

    def of_thing(self, lm: LocalModel, name: str) -> torch.Tensor:
        """(categories,) log-odds of one thing; remembered."""
        if name not in self._odds:
            with torch.inference_mode():
                self._odds[name] = self.of_features(features_of(lm, name, self.layer)[None])[0]
        return self._odds[name]

    def odds(self, lm: LanguageModel, lookup: Lookup, phrase: str, names: Sequence[str]) -> list[float] | None:
        """Log-odds [nats] that each thing is meant by the phrase, None where it speaks of what the probe never met."""
        parts = self.parts(lookup, phrase)
        if not parts or not isinstance(lm, LocalModel):
            return None
        of = [self.of_thing(lm, n) for n in names]
        return [min(max(float(x[c]) for c in either) for either in parts) for x in of]

    def mixed(
        self, lm: LanguageModel, lookup: Lookup, phrase: str, names: Sequence[str], likely: Sequence[float]
    ) -> list[float]:
        """Both together: log-odds by likelihood are given; they stay where the probe says nothing."""
        own = self.odds(lm, lookup, phrase, names)
        if own is None:
            return list(likely)
        m = self.mixes["sort" if is_sort(phrase) else "use"]
        return [m.probe * p + m.likely * q + m.offset for p, q in zip(own, likely, strict=True)]

    def parts(self, lookup: Lookup, phrase: str) -> list[list[int]]:
        """The columns that a phrase asks for: one of every list. Empty: some part of it is none of them."""
        columns = [[self.column[c] for c in either if c in self.column] for either in lookup.categories_of(phrase)]
        return columns if all(columns) else []


def standard(x: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """(n, 3, dim) features, each of the three of the same length, as (n, 3 * dim)."""
    return F.normalize((x - mean) / scale, dim=-1).flatten(1)


@lru_cache(maxsize=1)
def shipped() -> Probe | None:
    """The probe that comes with the project; None when it was left out of the installation."""
    file = resources.files("configs").joinpath(FILE)
    with resources.as_file(file) as path:
        return Probe.load(path) if path.is_file() else None
