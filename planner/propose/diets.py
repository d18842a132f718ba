"""What somebody must not eat or drink: "I'm allergic to nuts", "my friend is vegetarian", "she can't have dairy".

Of things that would all do, none of these is brought, however well it fits. Which things they are, the knowledge tells
(kinds, properties) and what they are called; of what is not written down nothing is kept back. A thing that is asked
for by its name is none of several. Only closed patterns of English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from planner.propose import vocabulary as v
from planner.propose.lookup import Lookup
from planner.propose.spelling import singular, tokens_of

WHEAT = ("bread", "pasta", "noodle", "baked good", "cookie", "cracker", "cake", "pastry", "cereal", "flour", "beer")
# a diet, and what it leaves out: kinds, properties or words of names
DIETS: dict[str, tuple[str, ...]] = {
    "vegetarian": ("meat", "fish", "shellfish"),
    "vegan": ("meat", "fish", "shellfish", "dairy product", "egg", "honey"),
    "pescatarian": ("meat",),
    "lactose intolerant": ("dairy product",),
    "coeliac": WHEAT,
    "celiac": WHEAT,
    "diabetic": ("sugary", "candy", "sweet", "dessert"),
    "teetotal": ("alcoholic",),
    "teetotaller": ("alcoholic",),
    "pregnant": ("alcoholic",),
    "driving": ("alcoholic",),
}
# what is said to be in food, and how the knowledge says it
PARTS: dict[str, tuple[str, ...]] = {
    "dairy": ("dairy product",), "lactose": ("dairy product",), "milk": ("dairy product",),
    "gluten": WHEAT, "wheat": WHEAT, "sugar": ("sugary", "candy", "dessert"),
    "sweets": ("candy", "sweet", "dessert"), "alcohol": ("alcoholic",), "caffeine": ("caffeinated",),
    "seafood": ("fish", "shellfish"), "salt": ("salty",), "pork": ("pork", "bacon", "ham", "sausage"),
    "animals": DIETS["vegetarian"], "carbs": ("bread", "pasta", "rice", "potato"),
}  # fmt: skip
ORDERS = v.PUT_VERBS | v.PICK_VERBS | {"something", "anything"}
_DIET = re.compile(
    r"\b(?:am|is|are|'m|'s|'re|being|became|has gone|a|an)(?: (?:a|an|strictly|strict|also|still|now|very|mostly))* "
    rf"(?P<diet>{'|'.join(sorted((d.replace(' ', '[ -]') for d in DIETS), key=len, reverse=True))})s?\b"
    r"(?!-)",
    re.IGNORECASE,
)
_NO = r"(?!(?:but|so|and|or|please|can|could|bring|give|i|we|yet|now|put)\b)[a-z][\w'-]*"
_X = (
    r"(?:any |the |all |most |too much |anything with |things with |eating |drinking )*"
    rf"(?P<x>{_NO}(?: {_NO})?(?:(?:,| or| and) {_NO})*)"
)
_AVOIDED = tuple(
    re.compile(pattern + _X, re.IGNORECASE)
    for pattern in (
        r"\b(?:allergic to|intolerant (?:to|of)|(?:stay(?:s|ing)?|keep(?:s|ing)?) (?:away|off) from|avoid(?:s|ing)?) ",
        r"\b(?!please\b|just\b|and\b|then\b|but\b)[\w']+ (?:can't|cannot|can not"
        r"|mustn't|must not|may not|shouldn't|should not|(?:not|n't) allowed(?: to)?|don't"
        r"|do not|doesn't|does not|won't|never)(?: ever)? (?:eats?|drinks?|tolerates?|digests?|stomach|consume) ",
    )
)
_ALLERGY = re.compile(r"\b(?P<x>[a-z]+) (?:allergy|allergies|intolerance)\b", re.IGNORECASE)


def avoided(text: str) -> tuple[str, ...]:
    """What is not to be eaten or drunk by what the text says: kinds, properties or words; () where nothing is said."""
    found: list[str] = []
    for m in _DIET.finditer(text):
        found += DIETS[m["diet"].lower().replace("-", " ")]
    for m in (*(m for p in _AVOIDED for m in p.finditer(text)), *_ALLERGY.finditer(text)):
        for said in re.split(r",| or | and ", m["x"].lower()):
            words = [t.text for t in tokens_of(said)]
            if not words:
                continue
            whole = " ".join(words)
            found += PARTS.get(whole, PARTS.get(words[0], (singular(whole),)))
    return tuple(dict.fromkeys(found))


def told(text: str) -> str:
    """The text without sentences that only say so, where another one is left: what they name is not asked for."""
    sentences = re.split(r"(?<=[.!?;])\s+", text)
    kept = [s for s in sentences if not avoided(s) or {t.text for t in tokens_of(s)} & ORDERS]
    return " ".join(kept) if kept else text


def barred(parts: Iterable[str], names: Sequence[str], lookup: Lookup | None) -> frozenset[str]:
    """Those of the things that are, or are called after, one of the parts."""
    return frozenset(n for n in names for p in parts if _has(n, p, lookup))


def _has(name: str, part: str, lookup: Lookup | None) -> bool:
    words = [singular(t.text) for t in tokens_of(name)]
    said = part.split()
    if len(said) == 1 and any(w.endswith(part) for w in words if len(part) > 2) and f"{part}-free" not in name:
        return True
    if lookup is None:
        return False
    return bool(lookup.is_like(part, name)) or any(x > 0 for x in lookup.odds(part, [name]).values())
