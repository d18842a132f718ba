"""Which things surely belong to a category, and which surely do not.

Lists of knowledge are never complete: a thing that does not list a kind may be of that kind all the same. So a thing
counts as a sure "no" only when hardly any thing of its own kinds belongs to the category, and no word of the category
is in its names. What lies between is left out of scenes in which the category is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from planner.learn.knowledge import Knowledge

Category = tuple[str, str]  # field of the knowledge and phrase
SHARE = {"kinds": 0.2, "uses": 0.1, "properties": 0.1, "homes": 0.1, "materials": 0.1, "unsafe": 0.05}
NARROW = 40  # kinds with fewer members: a single one that has the use or property puts all of them in doubt
# widely taken for members though the files file them elsewhere, or a matter of taste
DOUBTFUL = {
    "fruit": "tomato cucumber avocado pumpkin pepper rhubarb olive",
    "vegetable": "rhubarb corn mushroom popcorn",
    "sweet": "fruit honey jam",
    "snack": "fruit bread cheese nut",
    "toy": "ball balloon dice block game",
    "tool": "pen brush knife scissors ruler",
    "furniture": "lamp rug",
    "jewelry": "watch",
    "electronics": "lamp battery clock",
    "paper": "book card",
    "kitchenware": "tray bowl box bag can basket jar glass sponge towel cloth",
    "tableware": "tray bowl basket glass jar bottle",
    "dish": "tray bowl plate glass pot",
    "crockery": "tray glass jar",
    "drinkware": "bottle bowl jug pitcher flask thermos can",
    "cookware": "dish bowl tray",
    "bakeware": "pan pot bowl",
    "glassware": "bottle jar",
    "clothing": "watch bag umbrella glasses",
    "drink": "soup yogurt milkshake",
    "medicine": "vitamin tea",
}
_SMALL = frozenset(["with", "of", "in", "on", "a", "an", "the", "to", "for", "from", "up", "at", "and", "or"])


@dataclass
class Membership:
    """Answers for one body of knowledge; remembers them."""

    knowledge: Knowledge
    _no: dict[Category, frozenset[str]] = field(default_factory=dict)

    def surely(self, category: Category) -> frozenset[str]:
        """Entries that belong."""
        return frozenset(self.knowledge.members(*category))

    def surely_not(self, category: Category) -> frozenset[str]:
        """Entries that do not belong, without doubt."""
        if category not in self._no:
            self._no[category] = self._find(category)
        return self._no[category]

    @cached_property
    def _kinds(self) -> list[tuple[str, frozenset[str]]]:
        """Every kind and its members."""
        return [(k, frozenset(self.knowledge.of_kind(k))) for k in self.knowledge.phrases("kinds")]

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        """The words of each entry's names and kinds, singular and as they are."""
        found = {}
        for e in self.knowledge:
            said = {w for n in (e.name, *e.names, *e.kinds) for w in n.split()}
            found[e.name] = frozenset(said | {w.removesuffix("s") for w in said})
        return found

    @staticmethod
    def _doubt(field_: str, hits: int, size: int) -> bool:
        """Whether things of a kind may belong, of which so many do."""
        if field_ in ("uses", "properties") and size < NARROW:
            return hits > 0
        return hits > SHARE[field_] * size

    def _find(self, category: Category) -> frozenset[str]:
        field_, phrase = category
        inside = self.surely(category)
        near = {k for k, members in self._kinds if self._doubt(field_, len(members & inside), len(members))}
        words = {w for w in phrase.split() if w not in _SMALL} if field_ != "uses" else set()
        doubted = set(DOUBTFUL.get(phrase, "").split()) | words
        return frozenset(
            e.name
            for e in self.knowledge
            if e.kinds and e.name not in inside and not near & set(e.kinds) and not doubted & self._words[e.name]
        )
