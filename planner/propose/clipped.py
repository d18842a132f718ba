"""Requests cut short: "my slippers, please", "into the cup with the pen", "do the same with the cap".

What was left out is put back as it was meant, by closed patterns of English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.places import VESSEL

_END = r"[^,;:.!?]"
_DET = r"(?:the|my|our|your|this|that|these|those|all|both|every|a|an|one|two|three|some)"
_INTO = r"(?:in|into|on|onto|to|inside)"
_PLEASE = re.compile(rf"^\W*(?P<what>{_DET} {_END}+?),? please[.! ]*$", re.IGNORECASE)
_WITH = re.compile(
    rf"^(\W*)(?:off |up |down |back |right |straight )*(?P<goal>{_INTO} (?:the|my|our) {_END}+?) "
    rf"with (?P<what>{_DET} {_END}+)",
    re.IGNORECASE,
)
_AWAY = re.compile(rf"^(\W*)(?:away|out|off) with (?P<what>{_DET} {_END}+)", re.IGNORECASE)
_SAME = re.compile(
    rf"\b(?P<verb>\w+) (?P<a>{_DET} {_END}+?) (?P<goal>{_INTO} (?:the|my|our|a) {_END}+?)(?:[,;.]| and)+ "
    rf"(?:then |please )*do (?:exactly )?the same (?:thing )?(?:with|for|to) (?P<b>{_END}+)",
    re.IGNORECASE,
)
_CAN_GO = re.compile(r"\b(?P<what>it|that|they|those|these) can (?:now )?go(?: now)?(?=\W*$)", re.IGNORECASE)
_FOR = re.compile(
    r"(?:^|(?<=[.;:,]))\s*(?:(?:please )?use (?:the |my |our )?(?P<a>[\w '-]+?) for "
    r"(?P<x>(?:the |all |any |my |our )?[\w '-]+)"
    r"|(?:the|my|our) (?P<b>[\w '-]+?) (?:is|are) (?:only |just )?(?:meant |reserved |intended )?for "
    r"(?P<y>(?:the |all |any |my |our )?[\w '-]+))(?=\s*(?:$|[.;,!]))",
    re.IGNORECASE,
)
_FOR_TOO = re.compile(
    r"(?P<a>\b(?:is|are) (?:only |just )?(?:meant |reserved |intended )?for [^.;,!?]+?)(?:,|;| and| while)+ (?:the|my"
    r"|our) "
    r"(?P<y>[\w'-]+(?: [\w'-]+)?) for (?P<z>(?:the |all |any |my )?[\w '-]+)(?=\s*(?:$|[.;,!]))",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?P<goal>(?:the|my|our) [\w '-]+?) is (?:the place )?where (?:(?:i|we)(?:'d like| want| need| keep| would like)"
    rf" (?P<what>(?:the|my|our|all|these|those) {_END}+?)(?: to (?:be|go|stay|lie|end up))?"
    rf"|(?P<own>(?:the|my|our|all|these|those) {_END}+?) (?:goes|go|belongs|belong|should (?:be|go)))"
    r"(?=\s*(?:$|[.;,!]))",
    re.IGNORECASE,
)
_ONLY = re.compile(
    rf"^(\W*)(?:nothing|no(?: other)? thing) (?:but|except(?: for)?|other than|besides) (?P<what>{_END}+?) "
    rf"(?:goes|belongs|should go|is to go|may go) (?P<goal>{_INTO} {_END}+)",
    re.IGNORECASE,
)
_BUT = re.compile(
    rf"\b(?:don't|dont|do not|never) (?P<verb>\w+) (?P<what>(?:the|my|our|it|them|that|all)\b{_END}*?) ?"
    rf"{_INTO} {_END}+?,? but (?:rather |instead |better )?(?P<goal>{_INTO} {_END}+)",
    re.IGNORECASE,
)


_STOWED = re.compile(
    r"(?P<lead>(?:^|(?<=[.;!?,]))\s*(?:(?:please|kindly|and|then|(?:could|can|would"
    r"|will) you)[ ,]+)*)(?P<verb>[a-z]+)(?: up)? "
    r"(?P<what>(?:the|my|our|these|those|all|both|every) [\w' -]+?)(?: up)?(?=\s*(?:$|[.;,!?]))",
    re.IGNORECASE,
)


_AND_STOWED = re.compile(
    r"(?P<lead> and (?:then )?)(?P<verb>[a-z]+)(?: up)? (?P<what>it|them)(?: up)?(?=\s*(?:$|[.;,!?]))", re.IGNORECASE
)


def unclipped(text: str, names: Sequence[str] = (), person: bool = False) -> str:
    """The text with what was left out; ``names``: of things and places here; ``person``: whether somebody is here to
    bring things to."""
    if person and (m := _PLEASE.match(text)) and not _does(m["what"]):
        return f"bring me {m['what']}"
    text = _WITH.sub(r"\1put \g<what> \g<goal>", text)
    text = _AWAY.sub(r"\1throw \g<what> away", text)
    text = _SAME.sub(r"\g<verb> \g<a> \g<goal> and \g<verb> \g<b> \g<goal>", text)
    text = _CAN_GO.sub(r"throw \g<what> away", text)
    text = _ONLY.sub(r"\1put only \g<what> \g<goal>", text)
    text = _BUT.sub(r"\g<verb> \g<what> \g<goal>", text)
    for pattern in (_STOWED, _AND_STOWED):
        text = pattern.sub(lambda m: _stowed(m, names), text)
    text = _WHERE.sub(lambda m: f"put {m['what'] or m['own']} in {m['goal']}", text)
    text = _FOR_TOO.sub(r"\g<a>. the \g<y> is for \g<z>", text)
    return _FOR.sub(lambda m: _holder(m, names), text)


def _does(words: str) -> bool:
    said = words.lower().split()
    return bool(set(said[1:]) & (v.STATE_VERBS | v.BEING | v.PLACE_PREPOSITIONS | {"should", "must", "can"}))


def _stowed(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Shelve the books", "crate the pears": into the one thing here that is called so."""
    noun = "shelf" if m["verb"].lower() == "shelve" else m["verb"].lower()
    here = [n for n in names if n.lower().split()[-1] == noun]
    return f"{m['lead']}put {m['what']} in the {here[0]}" if len(here) == 1 and VESSEL.search(noun) else m[0]


def _holder(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The cup is for the pens", where the cup is something that things are kept in."""
    where = (m["a"] or m["b"]).lower().strip()
    what = (m["x"] or m["y"]).strip()
    here = [n for n in names if n.lower() == where or n.lower().split()[-1] == where]
    if len(here) != 1 or not VESSEL.search(where) or what.lower().split()[0] in ("me", "us", "you", "him", "her"):
        return m[0]
    said = what if re.match(r"(?:the|all|any|my|our)\b", what, re.IGNORECASE) else f"all the {what}"
    return f" put {said} in the {here[0]}"
