"""Which things surely belong to a category, and which surely do not.

Lists of knowledge are never complete: a thing that does not list a kind may be of that kind all the same. So a thing
counts as a sure "no" only when hardly any thing of its own kinds belongs to the category, and no word of the category
is in its names. What lies between is left out of scenes in which the category is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.learn.knowledge import Knowledge

Category = tuple[str, str]  # field of the knowledge and phrase
SHARE = {"kinds": 0.2, "uses": 0.1, "properties": 0.1, "homes": 0.1, "materials": 0.1, "unsafe": 0.05}
# widely taken for members though the files file them elsewhere, or a matter of taste
DOUBTFUL = {
    "fruit": "tomato cucumber avocado pumpkin pepper rhubarb olive", "vegetable": "rhubarb corn mushroom popcorn",
    "sweet": "fruit honey jam", "snack": "fruit bread cheese nut", "toy": "ball balloon dice block game",
    "tool": "pen brush knife scissors ruler", "container": "cup mug glass can bottle jar bag wallet envelope",
    "furniture": "lamp rug", "jewelry": "watch", "electronics": "lamp battery clock", "paper": "book card",
    "clothing": "watch bag umbrella glasses", "drink": "soup yogurt milkshake", "medicine": "vitamin tea",
}  # fmt: skip
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

    def _find(self, category: Category) -> frozenset[str]:
        field_, phrase = category
        inside = self.surely(category)
        share: dict[str, float] = {}
        for kind in self.knowledge.phrases("kinds"):
            members = self.knowledge.of_kind(kind)
            share[kind] = sum(m in inside for m in members) / len(members)
        words = {w for w in phrase.split() if w not in _SMALL} if field_ != "uses" else set()
        doubted = set(DOUBTFUL.get(phrase, "").split()) | words
        out = []
        for e in self.knowledge:
            if e.name in inside or any(share[k] > SHARE[field_] for k in e.kinds):
                continue
            said = {w for n in (e.name, *e.names, *e.kinds) for w in n.split()}
            if not doubted & (said | {w.removesuffix("s") for w in said}) and e.kinds:
                out.append(e.name)
        return frozenset(out)
