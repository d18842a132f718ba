"""How sure the default planner may be: rows of what was thought and whether it was right, and the fits over them.

Every generated request becomes one row: the features of `planner.propose.sureness`, the decision, and whether it is
what was meant. Rows are appended to a file as they come, so that a collection that is killed goes on where it stopped.
A logistic regression (ridge, standardised features) is fitted to them; folds go by request.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from planner.evaluate.calibration import BINS, Pair
from planner.ground import judgement, ruling
from planner.ground.grounder import DefaultGrounder, GroundConfig
from planner.ground.second import SecondOpinion, advise, proposals_of, settled
from planner.learn.asked import request_of, wanted
from planner.learn.example import Example
from planner.learn.examples import stream
from planner.learn.knowledge import Knowledge
from planner.learn.opinions import fit_second, heard, rightness
from planner.learn.row_file import RowFile
from planner.learn.splits import view_of
from planner.lm.api import LanguageModel
from planner.propose.choose import open_grounder
from planner.propose.combined import CombinedProposer
from planner.propose.proposer import ProposeConfig
from planner.propose.sureness import Seen, Sureness, by_kind, features
from planner.propose.weights import ConfidenceWeights, logistic
from skills.library import SkillLibrary, default_library

FOLDS = 5
PENALTY = 6.0  # ridge on every standardised weight, in units of one request
LEAST = 20  # requests below which nothing is fitted
RARE = 8  # a feature that fewer rows show is left out


@dataclass(frozen=True)
class Row:
    """One request. ``decision``: what would be done; ``truth``: what should be; ``offered``: whether the goal that is
    meant is among the first candidates; ``index``: in the stream of its split; ``answered``: what the model's answers
    came to (`planner.learn.opinions.heard`)."""

    split: str
    family: str
    index: int
    decision: str
    truth: str
    right: bool
    offered: bool
    features: dict[str, float]
    answered: dict[str, Any] | None = None


def judge(example: Example, proposer: CombinedProposer, grounder: DefaultGrounder, library: SkillLibrary) -> Row:
    """Think about one example, by symbols alone: whether what is meant is done, asked or refused, by the words alone
    and, where the proposer has a second opinion, by the answers."""
    request = request_of(example, library)
    thought = proposer.first(request) if isinstance(proposer, SecondOpinion) else proposer.think(request)
    decision = ruling.rule(request, thought.words, proposals_of(thought), grounder.config.ask)
    kind, meant = judgement.kind_of(decision), wanted(request, example)
    right, offered = rightness(request, example, thought, kind, meant)
    found = features(Seen(request, thought, decision))
    asks = isinstance(proposer, SecondOpinion) and not settled(request, thought, decision)
    answered = heard(request, example, proposer, thought, decision, meant) if asks else None
    tags = example.tags
    return Row(tags.split, tags.family, tags.index, kind, example.decision, right, offered, found, answered)


Planner = tuple[CombinedProposer, DefaultGrounder]


def planners(
    lm: LanguageModel,
    config: ProposeConfig,
    ground: GroundConfig,
    knowledge: Knowledge,
    second: Callable[[], LanguageModel] | None = None,
) -> Callable[[str], Planner]:
    """For a split the planner that knows nothing of what is new in it; ``second``: opens the model of whom a second
    opinion is had (once)."""
    other = None if second is None else functools.cache(second)

    def opened(split: str) -> Planner:
        lookup = view_of(knowledge, split).lookup
        if other is not None:
            two = SecondOpinion(lm, config, other, (), lookup, ground.ask)
            return two, open_grounder(two, ground)
        proposer = CombinedProposer(lm, config, (), lookup)
        return proposer, open_grounder(proposer, ground)

    return opened


def collect(
    file: RowFile, wanted_rows: Mapping[str, int], seed: int, knowledge: Knowledge,
    open_planner: Callable[[str], Planner], tell: Callable[[str, int], None],
) -> dict[str, list[Row]]:  # fmt: skip
    """So many rows of each split, those in the file first; ``tell``: called with a split and how many it has;
    ``open_planner``: the planner for a split."""
    rows: dict[str, list[Row]] = {split: [] for split in wanted_rows}
    for line in file.rows:
        rows.setdefault(line["split"], []).append(Row(**line))
    library = default_library()
    for split, n in wanted_rows.items():
        have = rows[split]
        tell(split, min(len(have), n))
        if len(have) >= n:
            continue
        proposer, grounder = open_planner(split)
        for example in islice(stream(knowledge, split, seed, skip=len(have)), n - len(have)):
            have.append(judge(example, proposer, grounder, library))
            file.add(asdict(have[-1]))
            tell(split, len(have))
    return {split: rows[split][:n] for split, n in wanted_rows.items()}


def digest(rows: Iterable[Row]) -> str:
    """SHA-256 of rows."""
    text = "\n".join(json.dumps(asdict(r), sort_keys=True) for r in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def fit(rows: Sequence[Row], below: float = 0.0, **said: Any) -> Sureness:
    """The regression; ``below``: an act less sure than this asks; ``said``: what else goes into the record."""
    if len(rows) < LEAST:
        return Sureness(**said)
    weights = regression([by_kind(r.decision, r.features) for r in rows], [r.right for r in rows])
    plain = Sureness(weights=weights.model_copy(update={"below": below}), **said)
    second = fit_second(rows, lambda r: sure_of(r, plain), regression)
    return plain.model_copy(update={"second": second})


def regression(told: Sequence[Mapping[str, float]], right: Sequence[bool]) -> ConfidenceWeights:
    """Logistic regression with a ridge on the standardised weights; the bias is free."""
    from scipy.optimize import minimize

    names = sorted({k for f in told for k in f})
    names = [k for k in names if sum(k in f for f in told) >= RARE]
    x = np.asarray([[f.get(k, 0.0) for k in names] for f in told]).reshape(len(told), len(names))
    y = np.asarray(right, float)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    names = [k for k, s in zip(names, spread, strict=True) if s > 0]
    z = ((x - mean) / np.where(spread > 0, spread, 1.0))[:, spread > 0]
    mean, spread = mean[spread > 0], spread[spread > 0]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        t = z @ w[1:] + w[0]
        p = 1.0 / (1.0 + np.exp(-np.clip(t, -30, 30)))
        value = float((np.logaddexp(0.0, t) - y * t).sum() + PENALTY * (w[1:] @ w[1:]))
        return value, np.concatenate([[float((p - y).sum())], z.T @ (p - y) + 2 * PENALTY * w[1:]])

    w = minimize(loss, np.zeros(len(names) + 1), method="L-BFGS-B", jac=True).x
    by = {k: round(float(v), 4) for k, v in zip(names, w[1:] / spread, strict=True)}
    return ConfidenceWeights(bias=round(float(w[0] - (w[1:] / spread) @ mean), 4), by=by)


def sure_of(row: Row, fitted: Sureness) -> float | None:
    """The probability that the row's decision is right."""
    return None if fitted.weights is None else logistic(fitted.weights, by_kind(row.decision, row.features))


Sure = Sequence[float | None]


def decided(row: Row, fitted: Sureness) -> tuple[Row, float | None]:
    """(the row with what is done about it under these figures, how sure that is; None where nothing was fitted)."""
    sure, second, said = sure_of(row, fitted), fitted.second, row.answered
    if sure is None or second is None or said is None or sure >= second.below:
        return row, sure
    advice = advise(said["told"], said["open"], second)
    if advice.followed:
        row = replace(row, decision=said["kind"], right=said["right"], offered=said["offered"])
    return row, advice.sure


def cross_validated(rows: Sequence[Row]) -> list[tuple[Row, float | None]]:
    """Every row as it is decided under a fit to the other folds."""
    out: list[tuple[Row, float | None]] = [(r, None) for r in rows]
    for k in range(FOLDS):
        fitted = fit([r for i, r in enumerate(rows) if i % FOLDS != k])
        out[k::FOLDS] = [decided(r, fitted) for r in rows[k::FOLDS]]
    return out


def pairs(rows: Iterable[Row], sure: Sure) -> list[Pair]:
    """(confidence, right) of every row of which something is said."""
    return [(p, r.right) for r, p in zip(rows, sure, strict=True) if p is not None]


def by_chance(found: Sequence[Pair], seed: int = 0, times: int = 200) -> float:
    """The expected calibration error that remains by chance alone with so many requests, were every confidence true."""
    rng = np.random.default_rng(seed)
    if not found:
        return 0.0
    p = np.asarray([c for c, _ in found])
    part = np.minimum((p * BINS).astype(int), BINS - 1)
    off = [np.bincount(part, (rng.random(len(p)) < p) - p) for _ in range(times)]
    return round(float(np.mean([np.abs(o).sum() for o in off])) / len(p), 4)


@dataclass(frozen=True)
class Threshold:
    """What asking instead of acting below a confidence does, in numbers of requests. ``right``: decisions that are
    right; ``wrong_acts``: acts that are wrong; ``asked``: acts turned into questions; ``spared``: those of them that
    were wrong; ``solved``: right, or what is meant is among the goals that the question offers."""

    below: float
    n: int
    right: int
    wrong_acts: int
    asked: int
    spared: int
    solved: int


def threshold(rows: Sequence[Row], sure: Sure, below: float) -> Threshold:
    """Count what the threshold does to these rows."""
    right = wrong = asked = spared = solved = 0
    for r, p in zip(rows, sure, strict=True):
        if r.decision == "act" and p is not None and p < below:
            asked += 1
            spared += not r.right
            right += r.truth == "ask"
            solved += r.truth == "ask" or (r.truth == "act" and r.offered)
        else:
            right += r.right
            solved += r.right
            wrong += r.decision == "act" and not r.right
    return Threshold(below, len(rows), right, wrong, asked, spared, solved)
