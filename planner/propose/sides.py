"""Sides of a thing said in other ways: "to its left", "on the plate's right", "so that it is next to ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NEAR = r"(?:next to|beside|near|close to|alongside|adjacent to|to the (?:left|right) of|in front of|behind)"
_SIDES = re.compile(rf"\b(?:{_NEAR}|on the (?:left|right))\b", re.IGNORECASE)
_SIDE = r"(?:on|at|to|onto) (?:the )?(?P<side>left|right)(?:[- ]hand)?"
_SIDE_OF = re.compile(rf"\b{_SIDE} side of (?P<x>(?:the|my|our|your) [\w' -]+)", re.IGNORECASE)
_ON_LEFT_OF = re.compile(r"\b(?:on|at|onto) the (?P<side>left|right) of\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:on|at|to) (?P<whose>its|their) (?P<side>left|right)(?: side)?\b", re.IGNORECASE)
_OWNED = re.compile(r"\b(?:on|at|to) (?P<x>(?:the|my|our) [\w -]+?)'s? (?P<side>left|right)(?: side)?\b", re.IGNORECASE)
_SO_THAT = re.compile(
    rf",? (?:so|such)(?: that)? (?:it|they)(?:'s|'re)?(?: (?:is|are|stands?|lies?|lie|sits?|rests?|ends? up|will be))? "
    rf"(?:right |directly |just )?(?P<near>{_NEAR})\b",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    rf"\b(?:leave|keep) (?P<x>(?:it|them|(?:the|a|an|my|our|some) [\w -]+?)) "
    rf"(?P<near>{_NEAR}|(?:right )?by(?= (?:the|my|our|a)\b))(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
_SET = re.compile(r"^(?P<lead>\W*(?:please )?)(?:set|lay) (?:the|a) (?:\w+ )?table\s*[:,-]\s*(?:with )?", re.IGNORECASE)
_NOT_THERE = re.compile(  # "don't put the knife near the baby, put it in the drawer"
    r"\b(?:keep|(?:don't|do not|never) (?:put|place|leave|set|keep)) (?P<x>(?:the|a|my|our|that) [\w -]+?) "
    rf"(?:away from|{_NEAR}) [^,.;]+[,.;]+ (?:but |and |instead,? |rather,? )*"
    r"(?P<v>put|place|move|set|bring|take|keep) it\b",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"\b(?P<v>put|place|arrange|set|lay|order) (?P<x>[^.,;]+?) (?:up )?in (?:a|one) (?:row|line)\b", re.IGNORECASE
)
_LINE_UP = re.compile(
    r"\bline (?:up )?(?P<x>(?:the|all|my|our|these|those|both) [\w -]+?)(?: up)?(?P<end>$|[.,;!?]| (?:on|in|at) )",
    re.IGNORECASE,
)
_UNTOUCHED = re.compile(r"\b(?:alone|where|there|untouched|as|in peace|be)\b", re.IGNORECASE)


def sided(text: str, objects: Sequence[str]) -> str:
    """The text with sides of things said as "to the left of" them; ``objects``: of what is here. The right side of a
    table is a place of its own and stays."""
    if _SIDES.search(text):  # "set the table: fork left of the plate, ..."
        text = _SET.sub(r"\g<lead>put ", text)
    text = _SIDE_OF.sub(lambda m: f"to the {m['side']} of {m['x']}" if _is_here(m["x"], objects) else m[0], text)
    text = _ON_LEFT_OF.sub(r"to the \g<side> of", text)
    text = _ITS.sub(lambda m: f"to the {m['side']} of {'it' if m['whose'].lower() == 'its' else 'them'}", text)
    text = _OWNED.sub(r"to the \g<side> of \g<x>", text)
    text = _SO_THAT.sub(r" \g<near>", text)
    text = _ROW.sub(r"\g<v> \g<x> next to each other", text)
    text = _LINE_UP.sub(r"put \g<x> next to each other\g<end>", text)
    text = _NOT_THERE.sub(r"\g<v> \g<x>", text)
    return _LEAVE.sub(lambda m: m[0] if _UNTOUCHED.search(m["rest"]) else f"put{m[0][m[0].index(' ') :]}", text)


def _is_here(said: str, objects: Sequence[str]) -> bool:
    """Whether a phrase begins with the name, or the last noun of the name, of something that is here."""
    words = said.lower().split()[1:]
    names = [n.lower().split() for n in objects]
    return any(words[: len(n)] == n or words[:1] == n[-1:] for n in names)
