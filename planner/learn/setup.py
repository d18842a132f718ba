"""What a training run needs, put together from its choices: base model, weights, data, held-out examples, exports."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch

from planner.learn.batches import Coded
from planner.learn.export import read_start, write_adapter, write_model
from planner.learn.feed import Feed, Source, fingerprint, knowledge_source
from planner.learn.network import AdapterWeights, Network, OwnWeights, Weights
from planner.learn.scratch import Shape, cut_vocabulary, first_weights
from planner.learn.train import Listener, Progress, Schedule, Trainer
from planner.lm.config import ModelConfig
from planner.lm.errors import ModelError
from planner.lm.tokenizer import TextTokenizer
from planner.propose import form

HELD_OUT = ("dev", "unseen_objects", "unseen_categories", "unseen_wording")
SCORE_SEED = 777_001  # of held-out examples while training; the final scores use another
FINAL_SEED = 888_001
_VOCABULARY_SAMPLE = 2048  # examples whose tokens a cut vocabulary keeps


@dataclass(frozen=True)
class Choices:
    """``kind``: "adapter", "full" or "scratch". ``held_out``: examples of each split for the scores on the way.
    ``questions``: kinds of questions trained on; empty: all. ``start``: an adapter to go on from."""

    kind: str = "adapter"
    model: str = "default"
    rank: int = 16
    alpha: float = 32.0
    first_layer: int = 0
    dtype: str = "auto"
    device: str = "auto"
    start: str | None = None
    seed: int = 1
    per_step: int = 2
    held_out: int = 40
    questions: tuple[str, ...] = ()
    shape: Shape = field(default_factory=Shape)
    schedule: Schedule = field(default_factory=Schedule)

    def __post_init__(self) -> None:
        if self.kind not in ("adapter", "full", "scratch"):
            raise ModelError(f"unknown kind of training {self.kind!r}; known: adapter, full, scratch")
        if not 1 <= self.rank <= 256:
            raise ModelError(f"rank {self.rank}: 1 to 256")


@dataclass
class Base:
    """What training starts from: canonical float32 tensors. ``digest`` identifies the file."""

    name: str
    digest: str | None
    config: ModelConfig
    tensors: dict[str, torch.Tensor]
    tokenizer_json: str


def load_base(choices: Choices, source: Source, progress: bool = False) -> Base:
    """The model to fine-tune, or a small random one with a vocabulary cut to the data."""
    from planner.identity import model_digest
    from planner.lm.checkpoint import canonical, open_source
    from planner.lm.weights import find_model

    file = find_model(choices.model, progress)
    opened = open_source(file.path)
    tokenizer_json = opened.tokenizer_json()
    if choices.kind != "scratch":
        tensors = dict(canonical(opened, torch.float32))
        return Base(file.name, model_digest(file.path), opened.config, tensors, tokenizer_json)
    whole = TextTokenizer.from_json(tokenizer_json)
    used: set[int] = set()
    for prefix, questions in source("train", choices.seed, _VOCABULARY_SAMPLE):
        used.update(whole.encode(prefix, special=False))
        for question, _ in questions:
            used.update(t for text in (question.tail, *question.options) for t in whole.encode_many([text])[0])
    cut = cut_vocabulary(tokenizer_json, used)
    config = choices.shape.config(TextTokenizer.from_json(cut).vocab_size)
    generator = torch.Generator().manual_seed(choices.seed)
    return Base("scratch", None, config, first_weights(config, generator), cut)


def number_type(choices: Choices, device: str) -> torch.dtype:
    """bfloat16 where the processor is fast at it, unless chosen otherwise."""
    from planner.lm.engine import fast_bfloat16

    if choices.dtype == "auto":
        return torch.bfloat16 if device != "cpu" or fast_bfloat16() else torch.float32
    known = {"bfloat16": torch.bfloat16, "float32": torch.float32}
    if choices.dtype not in known:
        raise ModelError(f"unknown dtype {choices.dtype!r}; known: auto, {', '.join(known)}")
    return known[choices.dtype]


class Run:
    """One training run and its folder: ``checkpoints/``, and the weights for use in ``last/`` and ``best/``.

    Args:
        command: what was typed, for ``training.json``.
        source, knowledge: where examples come from and what identifies it; None: the shipped knowledge.
    """

    def __init__(
        self,
        choices: Choices,
        folder: Path,
        command: str = "",
        source: Source | None = None,
        knowledge: str = "",
        base: Base | None = None,
        listener: Listener | None = None,
    ) -> None:
        if source is None:
            from planner.learn.knowledge import load_knowledge

            loaded = load_knowledge()
            source, knowledge = knowledge_source(loaded), loaded.digest
        self.choices, self.folder, self.command = choices, folder, command
        device = ("cuda" if torch.cuda.is_available() else "cpu") if choices.device == "auto" else choices.device
        self.base = base or load_base(choices, source)
        tokenizer = TextTokenizer.from_json(self.base.tokenizer_json)
        config = self.base.config
        bos = config.bos if config.add_bos else None
        self.feed = Feed(source, tokenizer.encode_many, choices.seed, bos, choices.per_step, kinds=choices.questions)
        self.weights = self._weights(device)
        self._start: dict[str, Any] | None = None
        if choices.start is not None:
            if not isinstance(self.weights, AdapterWeights):
                raise ModelError("only an adapter can be started from another; name the model with --model instead")
            self._start = read_start(Path(choices.start), self.weights)
        self.network = Network(config, self.weights)
        self.data = fingerprint(source, knowledge)
        splits: dict[str, Sequence[Coded]] = {}
        if choices.held_out and choices.schedule.score_every:
            splits = {s: self.feed.coded(s, SCORE_SEED, choices.held_out) for s in HELD_OUT}
        identity = {"data": self.data, "seed": choices.seed, "base": self.base.digest, "batches": choices.per_step}
        self.trainer = Trainer(
            self.network, self.feed, choices.schedule, splits, folder / "checkpoints", self.export, listener, identity
        )

    def _weights(self, device: str) -> Weights:
        choices, base = self.choices, self.base
        dtype = number_type(choices, device)
        tensors = {n: t.to(device) for n, t in base.tensors.items()}
        if choices.kind != "adapter":
            return OwnWeights(tensors, dtype)
        generator = torch.Generator().manual_seed(choices.seed)
        return AdapterWeights(base.config, tensors, dtype, choices.rank, choices.alpha, generator, choices.first_layer)

    def export(self, name: str, progress: Progress, scores: Mapping[str, Any] | None = None) -> None:
        """Write the weights for use into ``folder / name``, with the final scores if there are some."""
        facts = self.facts(progress, scores)
        if isinstance(self.weights, AdapterWeights):
            write_adapter(self.folder / name, self.weights, self.base.name, facts)
            return
        tensors = {n: p.detach() for n, p in self.weights.trained().items()}
        dtype = torch.bfloat16 if self.choices.kind == "full" else torch.float32
        write_model(self.folder / name, self.base.config, tensors, self.base.tokenizer_json, facts, dtype)

    def facts(self, progress: Progress, scores: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """How the weights were made, for ``training.json``."""
        from planner.identity import code_identity

        latest = progress.scores[-1] if progress.scores else None
        facts: dict[str, Any] = {
            "form": form.VERSION,
            "base": {"name": self.base.name, "sha256": self.base.digest},
            "command": self.command,
            "choices": _plain(asdict(self.choices)),
            "data": self.data,
            "code": code_identity(),
            "made": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}",
            "steps": progress.step,
            "examples": progress.examples,
            "tokens": progress.tokens,
            "seconds": round(progress.seconds, 1),
            "ended": progress.ended,
            "loss": None if not progress.losses else round(_recent(progress), 4),
        }
        if self._start is not None:
            facts["start"] = {k: v for k, v in self._start.items() if k not in ("scores", "final_scores")}
        if latest is not None:
            facts["scores"] = {"step": latest[0], "examples": self.choices.held_out, "splits": latest[1]}
        if scores is not None:
            facts["final_scores"] = scores
        return facts


def _recent(progress: Progress, count: int = 20) -> float:
    rows = progress.losses[-count:]
    return sum(r[1] for r in rows) / len(rows)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Without infinity, which JSON cannot say."""
    schedule = dict(data["schedule"])
    if schedule["time_limit"] == float("inf"):
        schedule["time_limit"] = None
    return {**data, "schedule": schedule}
