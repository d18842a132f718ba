"""Nouns and verbs in the forms that sentences need: plurals, articles, gerunds; which nouns are not counted."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SURFACES = _words(
    """
    table counter countertop worktop bench island desk bar sill stove shelf cart pallet rack stool vanity bed sofa
    chair nightstand armchair piano mantelpiece carpet blanket mat pile heap barbecue stand station washstand machine
    workbench porch terrace doorstep lid board tray
    """
)
HOLLOWS = _words("can bin basket tub crib shower hood room box bucket corner middle area")
MASS = _words(
    """
    fruit food cutlery silverware crockery tableware candy clothing stationery equipment gear jewelry jewellery
    furniture packaging kitchenware electronics glassware cookware laundry bedding medicine makeup dairy produce meat
    seafood
    poultry footwear headgear hardware bakery rubbish trash garbage waste recycling citrus luggage linen software pasta
    bread cheese rice sugar salt flour milk water juice tea coffee soap paper tape chalk soda cereal yarn string wire
    rope pastry baking confectionery chocolate honey butter material drinkware bakeware dinnerware outerwear underwear
    sleepwear lighting decoration stemware
    """
) - _words("material decoration soda cereal pastry chocolate cheese juice tea")
_PLURAL_ALREADY = _words(
    """
    scissors pliers tweezers tongs glasses sunglasses goggles headphones earphones earbuds trousers jeans shorts pants
    pajamas pyjamas groceries leftovers chips crisps fries nuts oats peas beans noodles gloves socks shoes boots
    slippers sandals sneakers mittens tights leggings binoculars clippers shears electronics pretzels cornflakes
    crackers keys
    earrings cards dominoes blocks matches sweets goods supplies clothes cookies skis
    """
)
_IRREGULAR = {
    "knife": "knives", "leaf": "leaves", "loaf": "loaves", "shelf": "shelves", "scarf": "scarves", "half": "halves",
    "mouse": "mice", "child": "children", "tooth": "teeth", "foot": "feet", "person": "people",
    "tomato": "tomatoes", "potato": "potatoes", "mango": "mangoes", "dice": "dice", "die": "dice",
}  # fmt: skip
_VOWEL = re.compile(r"^(?:[aeio]|un(?!i)|u[^nst]|hour|honest)", re.IGNORECASE)
_NO_DOUBLING = _words("collect deposit deliver empty cover balance transfer fetch insert position transport")


def a_or_an(noun: str) -> str:
    """With the indefinite article."""
    return f"{'an' if _VOWEL.match(noun) else 'a'} {noun}"


def plural(noun: str) -> str:
    """Of the last word, or of the word before "of"."""
    if " of " in noun:
        head, rest = noun.split(" of ", 1)
        return f"{plural(head)} of {rest}"
    *front, last = noun.split(" ")
    return " ".join([*front, _plural_word(last)])


def is_plural(noun: str) -> bool:
    """Whether a name is of the plural sort already ("scissors", "potato chips")."""
    last = noun.split(" of ")[0].split(" ")[-1]
    return last in _PLURAL_ALREADY or (
        len(last) > 4 and last.endswith("s") and not last.endswith(("ss", "us", "is", "as"))
    )


def is_mass(noun: str) -> bool:
    """Whether one does not count it ("cutlery", "fruit")."""
    return noun.split(" ")[-1] in MASS


def _plural_word(w: str) -> str:
    if w in _IRREGULAR:
        return _IRREGULAR[w]
    if w in MASS or is_plural(w):
        return w
    if w.endswith(("s", "x", "z", "ch", "sh")):
        return w + "es"
    if w.endswith("y") and len(w) > 1 and w[-2] not in "aeiou":
        return w[:-1] + "ies"
    return w + "s"


def gerund(verb: str) -> str:
    """ "put" -> "putting"."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith("ee") and verb != "be":
        return verb[:-1] + "ing"
    short = re.fullmatch(r"[a-z]*[^aeiou][aeiou][bdgklmnprt]", verb) and verb not in _NO_DOUBLING
    return verb + (verb[-1] if short else "") + "ing"
