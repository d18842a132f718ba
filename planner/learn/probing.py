"""Training of the probe (`planner.propose.probe`): what a thing is, is for and is like, from the model's hidden states.

The things of the knowledge are its examples, every kind, use and property with enough members is one of its outputs.
Where the knowledge leaves it open whether a thing belongs (`planner.learn.membership`), nothing is learnt. Things and
categories that are held out of training (`planner.learn.splits`) are never shown, nor are the things of the rehearsal:
on these it is fitted how probe and likelihoods are weighed together, and how sure a decision is (`groundplan weigh`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from planner.learn.knowledge import Knowledge
from planner.learn.splits import CATEGORY_FIELDS, REHEARSAL, TRAIN, Category, View
from planner.lm.local import LocalModel
from planner.propose.kind_phrases import kind_words
from planner.propose.likeness import is_sort, likeness
from planner.propose.probe import Mix, Probe, features_of, standard

Said = Callable[[Sequence[str], str], Iterable[str]]  # passes names on, saying what is done with them


@dataclass(frozen=True)
class Choices:
    """``layer``: whose states are read; ``kept``: main components of the features; ``dropout`` and ``decay``: of the
    network; ``least``: members that a category must have; ``scenes``: for weighing and for the scores, each."""

    layer: int = 20
    kept: int = 512
    hidden: int = 384
    width: int = 128
    dropout: float = 0.4
    decay: float = 0.1
    rate: float = 3e-3
    steps: int = 1000
    batch: int = 128
    least: int = 2
    scenes: int = 200
    seed: int = 1


@dataclass(frozen=True)
class Scene:
    """One question: which of these are meant? ``others`` surely are not."""

    category: Category
    members: tuple[str, ...]
    others: tuple[str, ...]


def phrase_of(category: Category) -> str:
    """How one asks for things of a category."""
    field, said = category
    if field == "kinds":
        return kind_words(said.split())
    return f"something to {said}" if field == "uses" else f"something {said}"


class Probing:
    """One training with all that it needs."""

    def __init__(self, knowledge: Knowledge, lm: LocalModel, choices: Choices, said: Said) -> None:
        self.knowledge, self.lm, self.choices, self.said = knowledge, lm, choices, said
        self.view, self.rehearsal = View(knowledge, TRAIN), View(knowledge, REHEARSAL)
        self.names = sorted(knowledge.entries)
        self.row = {n: i for i, n in enumerate(self.names)}
        self.categories = [
            (f, p)
            for f in CATEGORY_FIELDS
            for p in knowledge.phrases(f, choices.least)
            if (f, p) not in self.view.held.categories
        ]

    def run(self) -> tuple[Probe, dict[str, Any]]:
        """The probe, and its scores on things that it never met."""
        read = self.said(self.names, "reading what the model makes of every thing")
        features = torch.stack([features_of(self.lm, n, self.choices.layer) for n in read])
        held, new = self.view.held.objects, self.rehearsal.new.objects
        probe = self._fitted(features, [n for n in self.names if n not in held | new])
        asked = self.scenes(new, self.choices.seed + 1)
        probe.mixes.update(self._mixes(probe, asked, self._likely(asked, "weighing")))
        shown = self.scenes(held, self.choices.seed + 2)
        return probe, self._scores(probe, shown, self._likely(shown, "scoring"))

    # --- the network ---

    def _fitted(self, features: torch.Tensor, names: Sequence[str]) -> Probe:
        c = self.choices
        torch.manual_seed(c.seed)
        rows = torch.tensor([self.row[n] for n in names])
        mean, scale = features[rows].mean(0), features[rows].std(0).clamp_min(1e-3)
        x = standard(features[rows], mean, scale)
        middle = x.mean(0)
        _, _, directions = torch.pca_lowrank(x - middle, c.kept, center=False, niter=4)
        x = (x - middle) @ directions
        spread = x.std(0).mean()
        x = x / spread
        network = nn.Sequential(
            nn.Dropout(c.dropout), nn.Linear(directions.shape[1], c.hidden), nn.GELU(), nn.Dropout(c.dropout),
            nn.Linear(c.hidden, c.width), nn.Linear(c.width, len(self.categories)),
        )  # fmt: skip
        first, second, last = network[1], network[4], network[5]
        nn.init.constant_(last.bias, -4.0)  # few things are of a kind
        right, counts = self._labels(names)
        weight = counts * (1 + 2 * right)
        optimiser = torch.optim.AdamW(network.parameters(), c.rate, weight_decay=c.decay)
        network.train()
        for step in range(c.steps):
            for group in optimiser.param_groups:
                group["lr"] = c.rate * (1 - step / c.steps)
            some = torch.randint(len(rows), (c.batch,))
            noise = 0.3 * c.dropout * torch.randn(c.batch, x.shape[1])
            loss = F.binary_cross_entropy_with_logits(network(x[some] + noise), right[some], reduction="none")
            loss = (loss * weight[some]).sum() / weight[some].sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            folded = first.weight @ directions.T / spread  # main components and first layer are one product
            tensors = {
                "mean": mean, "scale": scale, "first.weight": folded, "first.bias": first.bias - folded @ middle,
                "second.weight": second.weight, "second.bias": second.bias,
                "last.weight": last.weight, "last.bias": last.bias,
            }  # fmt: skip
        halves = {k: t.detach().half().contiguous() for k, t in tensors.items()}
        return Probe(halves, self.categories, c.layer, self.lm.name, {})

    def _labels(self, names: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """(things, categories): 1 where the thing belongs; 1 where it is known whether it does."""
        at = {n: i for i, n in enumerate(names)}
        right = torch.zeros(len(names), len(self.categories))
        counts = torch.zeros_like(right)
        for j, (field, phrase) in enumerate(self.categories):
            members = [at[n] for n in self.knowledge.members(field, phrase) if n in at]
            others = [at[n] for n in self.view.surely_not(field, phrase) if n in at]
            right[members, j] = 1
            counts[members, j] = counts[others, j] = 1
        return right, counts

    # --- questions about things never met ---

    def scenes(self, things: Collection[str], seed: int) -> list[Scene]:
        """Questions about these things alone: half of them for sorts, a quarter for uses, a quarter for properties."""
        draw = random.Random(seed)
        fit: dict[str, list[tuple[Category, list[str], list[str]]]] = {}
        for category in self.categories:
            members = [n for n in self.knowledge.members(*category) if n in things]
            others = sorted(self.view.surely_not(*category) & set(things))
            if members and len(others) >= 20:
                fit.setdefault(category[0], []).append((category, members, others))
        out = []
        for i in range(self.choices.scenes):
            category, members, others = draw.choice(fit[("kinds", "kinds", "uses", "properties")[i % 4]])
            few = draw.sample(members, min(len(members), draw.randint(1, 4)))
            out.append(Scene(category, tuple(few), tuple(draw.sample(others, 6))))
        return out

    def _likely(self, scenes: Sequence[Scene], why: str) -> list[list[float]]:
        numbers = self.said([str(i) for i in range(len(scenes))], f"{why}: what the model finds likely")
        asked = [scenes[int(i)] for i in numbers]
        return [likeness(self.lm, [phrase_of(s.category)], [*s.members, *s.others])[0] for s in asked]

    def _probed(self, probe: Probe, scene: Scene) -> list[float]:
        column = probe.column[scene.category]
        return [float(probe.of_thing(self.lm, n)[column]) for n in (*scene.members, *scene.others)]

    def _mixes(self, probe: Probe, scenes: Sequence[Scene], likely: Sequence[Sequence[float]]) -> dict[str, Mix]:
        """Logistic regression on both, for sorts and for the rest."""
        out = {}
        for name, sort in (("sort", True), ("use", False)):
            mine = [(s, row) for s, row in zip(scenes, likely, strict=True) if is_sort(phrase_of(s.category)) == sort]
            x = [[p, q, 1.0] for s, row in mine for p, q in zip(self._probed(probe, s), row, strict=True)]
            y = [float(i < len(s.members)) for s, row in mine for i in range(len(row))]
            out[name] = Mix(*(round(w, 3) for w in _logistic(torch.tensor(x), torch.tensor(y))))
        return out

    def _scores(self, probe: Probe, scenes: Sequence[Scene], likely: Sequence[Sequence[float]]) -> dict[str, Any]:
        by_way: dict[str, list[tuple[Scene, list[float]]]] = {"likelihood": [], "probe": [], "both": []}
        for s, row in zip(scenes, likely, strict=True):
            own = self._probed(probe, s)
            m = probe.mixes["sort" if is_sort(phrase_of(s.category)) else "use"]
            both = [m.probe * p + m.likely * q + m.offset for p, q in zip(own, row, strict=True)]
            for way, odds in (("likelihood", list(row)), ("probe", own), ("both", both)):
                by_way[way].append((s, odds))
        return {way: _summary(found) for way, found in by_way.items()}


def _logistic(x: torch.Tensor, y: torch.Tensor) -> list[float]:
    weights = torch.zeros(x.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = F.binary_cross_entropy_with_logits(x @ weights, y) + 1e-3 * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return weights.tolist()


def _summary(found: Sequence[tuple[Scene, list[float]]]) -> dict[str, Any]:
    """Area under the curve, whether the likeliest belongs, whether exactly the right things are chosen."""
    from planner.evaluate.statistics import wilson

    areas, first, whole = [], 0, 0
    for s, odds in found:
        inside, outside = odds[: len(s.members)], odds[len(s.members) :]
        areas.append(sum((a > b) + 0.5 * (a == b) for a in inside for b in outside) / len(inside) / len(outside))
        first += max(inside) > max(outside)
        whole += min(inside) > 0 > max(outside)
    low, high = wilson(whole, len(found))
    return {
        "n": len(found), "area": round(sum(areas) / len(areas), 3), "first": first, "whole": whole,
        "low": round(low, 3), "high": round(high, 3),
    }  # fmt: skip


def save(probe: Probe, facts: dict[str, Any], folder: Path) -> None:
    """``probe.safetensors`` and, with command, seed, data and scores, ``probe.json``."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "categories": json.dumps(list(probe.column)),
        "layer": str(probe.layer),
        "base": probe.base,
        "mixes": json.dumps({k: asdict(m) for k, m in probe.mixes.items()}),
    }
    tensors = {k: t.half().contiguous() for k, t in probe.tensors.items()}
    save_file(tensors, str(folder / "probe.safetensors"), about)
    (folder / "probe.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
