"""The training loop: warm-up and cosine, clipping, checkpoints, held-out scores, early stop; the same for an adapter,
for a whole model, and for small models from scratch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from planner.learn import checkpoint
from planner.learn.batches import Batch, Coded
from planner.learn.feed import Feed, Position
from planner.learn.kernels import answer_loss
from planner.learn.network import Network, Trees
from planner.learn.scores import Scores, held_out


@dataclass(frozen=True)
class Schedule:
    """How long and how fast. ``rate``: highest learning rate; it rises over ``warmup`` (share of the steps) and falls
    as a cosine to ``floor`` of itself. ``time_limit``, ``save_every`` in seconds; ``score_every`` in steps;
    ``patience``: scorings without a better one before it stops, 0: never."""

    steps: int = 400
    rate: float = 1e-3
    warmup: float = 0.05
    floor: float = 0.05
    clip: float = 1.0
    decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.98)
    contrast: float = 0.5
    save_every: float = 180.0
    score_every: int = 100
    patience: int = 0
    time_limit: float = math.inf

    def rate_at(self, step: int) -> float:
        """Learning rate of step 0, 1, ..."""
        rise = max(1, round(self.steps * self.warmup))
        if step < rise:
            return self.rate * (step + 1) / rise
        gone = min(1.0, (step - rise) / max(1, self.steps - rise))
        return self.rate * (self.floor + (1 - self.floor) * (1 + math.cos(math.pi * gone)) / 2)


@dataclass
class Progress:
    """Where a run is. ``losses``: (step, loss, nats of answers by the options, tokens a second); ``scores``: (step,
    split -> scores); ``best``: (step, share of examples with every answer right, mean over splits)."""

    step: int = 0
    tokens: int = 0
    examples: int = 0
    seconds: float = 0.0
    position: Position = field(default_factory=Position)
    losses: list[tuple[int, float, float, float]] = field(default_factory=list)
    scores: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    best: tuple[int, float] = (0, -1.0)
    ended: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Progress:
        """Read what ``to_json`` wrote."""
        values = dict(data)
        values["position"] = Position(**values["position"])
        for key in ("losses", "scores"):
            values[key] = [tuple(row) for row in values[key]]
        values["best"] = tuple(values["best"])
        return Progress(**values)


class Listener:
    """Told what happens; the command line shows it. Does nothing by itself."""

    def stepped(self, progress: Progress, schedule: Schedule) -> None:
        """After every step."""

    def scored(self, progress: Progress, split: str, scores: Scores) -> None:
        """After a split was scored."""

    def saved(self, progress: Progress, path: Path) -> None:
        """After a checkpoint."""


class Trainer:
    """Trains ``network`` on what ``feed`` brings.

    Args:
        splits: held-out examples by split, scored every ``schedule.score_every`` steps.
        folder: where checkpoints go; None: nowhere.
        export: called with the folder's name ("last", "best") and the progress when weights shall be written for use.
        identity: what must be the same when a run goes on from a checkpoint (seed, data), by name.
    """

    def __init__(
        self,
        network: Network,
        feed: Feed,
        schedule: Schedule,
        splits: Mapping[str, Sequence[Coded]] | None = None,
        folder: Path | None = None,
        export: Callable[[str, Progress], None] | None = None,
        listener: Listener | None = None,
        identity: Mapping[str, Any] | None = None,
    ) -> None:
        self.network, self.feed, self.schedule = network, feed, schedule
        self.splits, self.folder = splits or {}, folder
        self._export, self._listener = export, listener or Listener()
        self.identity = dict(identity or {})
        self.progress = Progress()
        self._named = network.weights.trained()
        plain = [p for n, p in self._named.items() if p.dim() < 2]
        matrices = [p for p in self._named.values() if p.dim() >= 2]
        self._optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": schedule.decay}, {"params": plain, "weight_decay": 0.0}],
            lr=schedule.rate,
            betas=schedule.betas,
            eps=1e-8,
        )
        self._device = next(iter(self._named.values())).device

    def resume(self) -> bool:
        """Go on from the newest checkpoint in the folder; False if there is none."""
        loaded = None if self.folder is None else checkpoint.load(self.folder)
        if loaded is None:
            return False
        tensors, facts = loaded
        shapes = {n: tuple(t.shape) for n, t in tensors.items() if "/" not in n}
        if shapes != {n: tuple(p.shape) for n, p in self._named.items()}:
            raise checkpoint.CheckpointError(
                f"the checkpoint in {self.folder} belongs to a run with other weights; choose another --out, or the "
                "options of that run"
            )
        changed = [k for k, v in self.identity.items() if facts.get("identity", {}).get(k) != v]
        if changed:
            raise checkpoint.CheckpointError(
                f"the checkpoint in {self.folder} belongs to a run with other {' and '.join(changed)}; choose another "
                "--out (an adapter can be trained further with --start)"
            )
        with torch.no_grad():
            for name, parameter in self._named.items():
                parameter.copy_(tensors[name])
                if f"{name}/m" in tensors:
                    self._optimiser.state[parameter] = {
                        "step": torch.tensor(float(facts["updates"])),
                        "exp_avg": tensors[f"{name}/m"].to(self._device),
                        "exp_avg_sq": tensors[f"{name}/v"].to(self._device),
                    }
        self.progress = Progress.from_json(facts["progress"])
        self.progress.ended = ""
        self.network.weights.refresh()
        return True

    def run(self) -> Progress:
        """Train until the steps are done, the time is up, or nothing gets better."""
        progress, schedule = self.progress, self.schedule
        began, before = time.monotonic(), progress.seconds
        saved = began
        steps = self.feed.steps(progress.position)
        while not progress.ended and progress.step < schedule.steps:
            position, group = next(steps)
            start = time.monotonic()
            loss, chosen, used = self._step(group)
            now = time.monotonic()
            progress.step, progress.position = progress.step + 1, position
            progress.tokens += used
            progress.examples += sum(b.examples for b in group)
            progress.seconds = before + now - began
            progress.losses.append((progress.step, loss, chosen, used / (now - start)))
            self._listener.stepped(progress, schedule)
            if not math.isfinite(loss):
                progress.ended = f"the loss is not finite at step {progress.step}; lower the learning rate"
                return progress
            last = progress.step >= schedule.steps
            if schedule.score_every and (progress.step % schedule.score_every == 0 or last):
                self._score()
                progress.seconds = before + time.monotonic() - began
            if progress.seconds - before >= schedule.time_limit:
                progress.ended = progress.ended or "time limit"
            if last or progress.ended or time.monotonic() - saved >= schedule.save_every:
                self._save()
                saved = time.monotonic()
        progress.ended = progress.ended or "all steps done"
        return progress

    def _step(self, group: Sequence[Batch]) -> tuple[float, float, int]:
        """One update; (loss, nats per answer among its options, tokens)."""
        schedule, network = self.schedule, self.network
        weight = sum(float(b.weights.sum()) for b in group)
        loss, chosen, answers, used = 0.0, 0.0, 0, 0
        for batch in group:
            trees = Trees(*(t.to(self._device) for t in (batch.trees.tokens, batch.trees.places, batch.trees.visible)))
            hidden = network.hidden(trees).flatten(0, 1)[batch.rows.to(self._device)]
            due = [t.to(self._device) for t in (batch.tokens, batch.weights, batch.allowed)]
            value, _, among = answer_loss(hidden, network.head(), *due, schedule.contrast)
            (value / weight).backward()
            loss += float(value.detach()) / weight
            chosen += float(among[batch.kinds >= 0].sum())
            answers += batch.answers
            used += batch.used
        parameters = list(self._named.values())
        torch.nn.utils.clip_grad_norm_(parameters, schedule.clip)
        for row in self._optimiser.param_groups:
            row["lr"] = schedule.rate_at(self.progress.step)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        network.weights.refresh()
        return loss, chosen / max(1, answers), used

    def score(self, splits: Mapping[str, Sequence[Coded]]) -> dict[str, Any]:
        """Held-out scores by split, as plain data."""
        found = {}
        for split, examples in splits.items():
            scores = held_out(self.network, examples)
            found[split] = scores.to_json()
            self._listener.scored(self.progress, split, scores)
        return found

    def _score(self) -> None:
        progress = self.progress
        found = self.score(self.splits)
        if not found:
            return
        progress.scores.append((progress.step, found))
        mean = sum(s["all"]["share"] for s in found.values()) / len(found)
        if mean > progress.best[1]:
            progress.best = (progress.step, mean)
            if self._export is not None:
                self._export("best", progress)
        since = sum(1 for step, _ in progress.scores if step > progress.best[0])
        if self.schedule.patience and since >= self.schedule.patience:
            progress.ended = f"no better score in {since} scorings"

    def _save(self) -> None:
        if self._export is not None:
            self._export("last", self.progress)
        if self.folder is None:
            return
        tensors: dict[str, torch.Tensor] = {}
        updates = 0.0
        for name, parameter in self._named.items():
            tensors[name] = parameter
            state = self._optimiser.state.get(parameter)
            if state:
                tensors[f"{name}/m"], tensors[f"{name}/v"] = state["exp_avg"], state["exp_avg_sq"]
                updates = float(state["step"])
        facts = {
            "progress": self.progress.to_json(),
            "updates": updates,
            "schedule": asdict(self.schedule),
            "identity": self.identity,
        }
        path = checkpoint.save(self.folder, self.progress.step, tensors, facts)
        self._listener.saved(self.progress, path)
