"""The data card: what the examples are made from, how many of what, random samples, limits."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from planner.learn.example import Example, answers
from planner.learn.examples import stream
from planner.learn.families import families
from planner.learn.knowledge import FIELDS, Knowledge
from planner.learn.splits import CATEGORIES, LONGEST, OBJECTS, SPLITS, TRAIN, WORDINGS, View
from planner.propose import form

SAMPLES = 20
_ABOUT = """# Data card

Written by `make data-card`; do not edit. The examples on which the shipped adapter is trained are not stored: they are
generated from the knowledge files and the phrases in `planner/learn`, endlessly and reproducibly.
`groundplan data --show N --seed S` shows any of them, [data.md](data.md) explains how they are made.
"""
_ORIGIN = """## Provenance and licence

Knowledge, phrases, grammar and generator are written by the project's authors for this project and are under its
licence, Apache-2.0. Nothing is copied or derived from another data set, and no model wrote any example. There is no
personal data; the few brand names are everyday names of goods.

## Intended use and limits

- For teaching a small model to read requests to a robot that carries things about: which things are meant, how many,
  where each goes, in which order, whether to act, ask or refuse. It teaches no dialogue and no other facts.
- The English is made from patterns. Rare turns of phrase, dialects and long stories are missing; other languages are
  short sentences with a few dozen nouns.
- Kinds, uses and homes are those of a western European or North American household. What belongs where, what counts
  as a snack and what is unsafe is a matter of habit; the files say one of the possible answers.
- Lists of knowledge are never complete. A thing counts as "not of that kind" only when nearly no thing of its own kinds
  is of that kind; what is in doubt is left out of the scene, so the examples are clearer than life.
- Scenes are drawn at random: a teal salami may lie in a filing cabinet. Frequencies say nothing about real homes.
- Labels come from the rules that made the sentence, not from people who read it. `tests/planner/learn` checks them for
  consistency (goals reachable, plans valid, splits disjoint); a remaining share of awkward sentences is to be expected.
"""


def card(
    knowledge: Knowledge,
    seed: int = 1,
    count: int = 3000,
    per_split: int = 300,
    said: Callable[[str], None] = lambda _: None,
) -> str:
    """The whole page. ``count``: training examples that are counted; ``per_split``: of every other split."""
    said(TRAIN)
    train = list(islice(stream(knowledge, TRAIN, seed), count))
    parts = [_ABOUT, _knowledge(knowledge), _splits(knowledge)]
    parts.append(_sizes(train, seed))
    rows = []
    for split in SPLITS:
        if split != TRAIN:
            said(split)
        rows.append(_row(split, train if split == TRAIN else list(islice(stream(knowledge, split, seed), per_split))))
    head = ("split", "examples", "act", "ask", "refuse", "things", "questions", "moved at most", "families")
    parts.append(f"## Splits in numbers\n\n{table(head, rows)}\n")
    parts += [_families(train), _ORIGIN, _samples(train, seed)]
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, r))} |" for r in rows)])


def _knowledge(knowledge: Knowledge) -> str:
    words = {"properties": "properties (`is`)", "homes": "homes (`belongs`)", "materials": "materials (`made`)"}
    rows = [(words.get(f, f), len(knowledge.phrases(f)), len(knowledge.phrases(f, 5))) for f in FIELDS]
    names = sum(len(e.names) for e in knowledge)
    return (
        f"## Knowledge\n\n{len(knowledge):,} things with {names:,} other names. Data hash (SHA-256): "
        f"`{knowledge.digest}`.\n\n{table(('field', 'phrases', 'with five things or more'), rows)}\n"
    )


def _splits(knowledge: Knowledge) -> str:
    held = View(knowledge, TRAIN).held
    kinds = ", ".join(sorted(p for f, p in held.categories if f == "kinds"))
    rest = ", ".join(sorted(p for f, p in held.categories if f != "kinds"))
    categories = textwrap.fill(f"Kinds: {kinds}. Uses and properties: {rest}.", 118)
    return f"""## What is held out

Chosen by hashes of the words, so that more knowledge moves nothing from one side to the other.

- Objects: {len(held.objects)} of {len(knowledge)} ({OBJECTS:.0%} wanted) never occur in training scenes or requests.
- Categories: {len(held.categories)} ({CATEGORIES:.0%} of the kinds, uses and properties with five things or more that
  are not too general, and what is nearly the same under another name) are never asked for in training; below.
- Wordings: {WORDINGS:.0%} of the phrases of every pool never occur in training.
- Length: training requests move or do at most {LONGEST} things, `long` ones more.
- `dev`: seen objects, categories and wordings, other scenes: for calibration. `unseen`: objects, categories and
  wordings are all new.
- `rehearsal`: the same with a second choice among what is not held out: for fitting how sure to be of what is new.

{categories}
"""


def _sizes(train: Sequence[Example], seed: int) -> str:
    parts = [answers(e) for e in train]
    kinds = Counter(q.tail.strip().split(":")[0].lower() for _, qs in parts for q, _ in qs)
    letters = [len(shared) for shared, _ in parts]
    rows = [(k, f"{v:,}", f"{v / len(train):.2f}") for k, v in kinds.most_common()]
    noise = Counter(n for e in train for n in e.tags.noise)
    rough = sum(bool(e.tags.noise) for e in train) / len(train)
    said = ", ".join(f"{k} {v / len(train):.1%}" for k, v in noise.most_common())
    wordings = len({w for e in train for w in e.tags.wording})
    text = (
        f"Counted over the first {len(train):,} training examples of seed {seed} (the stream has no end and no "
        f"repeats). Letters of the shared part: median {int(np.median(letters))}, 95th percentile "
        f"{int(np.percentile(letters, 95))}, at most {max(letters)}. {wordings:,} phrases were used. Roughened: "
        f"{rough:.0%} ({said}). Form of the questions: version {form.VERSION}."
    )
    return f"## Sizes\n\n{textwrap.fill(text, 118)}\n\n{table(('question', 'count', 'per example'), rows)}\n"


def _row(split: str, found: Sequence[Example]) -> tuple[object, ...]:
    n = len(found)
    decided = Counter(e.decision for e in found)
    things = sum(len(e.room.items) for e in found) / n
    questions = sum(len(answers(e)[1]) for e in found) / n
    shares = [f"{decided[d] / n:.0%}" for d in ("act", "ask", "refuse")]
    most = max(e.tags.length for e in found)
    return (f"`{split}`", n, *shares, f"{things:.1f}", f"{questions:.1f}", most, len({e.tags.family for e in found}))


def _families(train: Sequence[Example]) -> str:
    counted = Counter(e.tags.family for e in train)
    rows = []
    for family in families().values():
        text = " ".join((family.make.__doc__ or "").split())
        rows.append((family.name, f"{counted[family.name] / len(train):.1%}", "yes" if family.category else "", text))
    return f"## Families of requests\n\n{table(('family', 'share', 'turns on a category', 'what it is'), rows)}\n"


def _samples(train: Sequence[Example], seed: int) -> str:
    rng = np.random.default_rng([seed, 20])
    chosen = sorted(int(i) for i in rng.choice(len(train), SAMPLES, replace=False))
    parts = [f"## {SAMPLES} examples drawn at random (seed {seed}, positions {', '.join(map(str, chosen))})\n"]
    parts += [f"```text\n{shown(train[i])}\n```\n" for i in chosen]
    return "\n".join(parts)


def shown(example: Example) -> str:
    """An example as a person reads it: the shared part, then what is right."""
    lines = [example.shared]
    for word, names in (("yes", example.yes), ("either", example.either)):
        if names:
            told = [f"{n}{form.outcome(*example.goes[n]) if n in example.goes else ''}" for n in names]
            lines.append(f"-> {word}: {'; '.join(told)}")
    if example.either:
        lines.append(f"-> how many:{form.COUNTS[example.count or 0]}")
    if example.order is not None:
        lines.append(f"-> order: {', '.join(example.order)}")
    deeds = [d for d, wanted in example.deeds.items() if wanted]
    lines += [f"-> do: {', '.join(deeds)}"] if deeds else []
    lines.append(f"-> {example.decision}    ({example.tags.family}{''.join(f', {n}' for n in example.tags.noise)})")
    if example.plan is not None:
        lines.append(f"-> plan: {', '.join(example.plan)}")
    return "\n".join(lines)
