"""A mind changed in the same breath: "..., or rather two", "on second thought, take the cup", "the blue one is better".

What was said first is said anew as it is meant in the end. Also who is meant by "both". Only closed patterns of
English. Used by `planner.propose.wording` before anything else is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v

_END = r"[^,;:.!?]"
_THE = r"(?:the|my|our|that|this|your)"
_NP = rf"{_THE} {_END}+?"
_IN = r"(?:in|into|inside|on|onto|at|to)"
_PUT = r"(?:put|place|move|bring|take|drop|set|lay|carry|leave|stick|throw|pop|get|pack|store|stow)"
_SO = r"\s*(?:$|[.;,!?])"
_MARK = (
    r"(?:(?:you know what|actually|h+m+|wait|no|oh|well|hold on|on (?:a )?second thoughts?|come to think of it"
    r"|scratch that|sorry|i(?:'ve)? changed my mind|thinking about it|then again|better|or|but|and|look)[,.]* )*"
)
_BETTER = re.compile(
    rf"\b(?P<v>{_PUT}) (?P<x>(?!it\b|them\b){_END}+?) (?P<p>{_IN}) (?P<a>{_NP})[,.;!]+ {_MARK}(?P<y>{_NP}) (?:is|'s|are"
    r"|would be|will be|seems|looks|might be|sounds)(?: (?:a|the|even|much|far|probably|actually|really))* (?:better"
    r"|nicer|best"
    rf"|safer|smarter|fitting)(?: (?:place|spot|idea|choice|for (?:it|that|them)))?(?={_SO})",
    re.IGNORECASE,
)
_LEAVE = r"(?:leave|skip|forget(?: about)?|never mind|scratch|spare|drop|keep)"
_TAKE = r"(?:(?:rather|instead|just|better) )?(?:take|bring|use|do|get|grab|pick|move|make it|have|go for|it's)"
_THAT_INSTEAD = re.compile(
    rf"^(?P<first>[^.;!?]*?\b(?P<x>{_THE} [\w' -]+?)\b[^.;!?]*?)[.;,!?]+ {_MARK}{_LEAVE} (?P=x)(?: alone| be"
    rf"| where it is| there| out)?(?:,| and| but)+ {_TAKE} (?P<y>{_NP})(?: instead| for that)?[.! ]*$",
    re.IGNORECASE,
)
_OR_RATHER = re.compile(
    r"\b(?P<d>an?|one|two|three|four|five|the|some) (?P<x>[\w'-]+(?: [\w'-]+)??)(?:[,.;]+ | )(?:(?:no|wait|actually"
    r"|sorry|oh|h+m+|well)[, ]+)*(?:or (?:rather|better|better yet|actually)|(?:better )?make (?:it|that)|rather"
    r"|i mean|let's say)"
    rf",? (?P<n>one|two|three|four|five|six|both|all)(?: (?:of them|of those|instead))?(?={_SO})",
    re.IGNORECASE,
)
_STRUCK = re.compile(
    rf"(?:^|(?P<stop>[.;,!]) |(?P<and> and| but)+ )(?:(?:and|but|oh|please|wait),? )*(?:scratch|strike|cancel"
    rf"|forget(?: about)?|never mind|(?P<hold>hold)|scrub|omit) (?P<x>{_NP})(?= ?(?:[.;,!]|$))",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    rf"\b{_IN} (?P<a>{_THE} [\w'-]+)(?: of)?[,.…]+ (?:(?:no|wait|h+m+|oh|well|sorry"
    rf"|actually),? )*(?:forget(?: about)?|scratch|never mind|strike|leave|skip) (?P=a)(?: alone)?[,.;]* (?:and "
    rf"|but )?(?={_IN} {_THE}\b)",
    re.IGNORECASE,
)
_SORRY_FOR = re.compile(
    r"(?:^|(?<=[.;!?] ))\W*(?:i|we) (?:really |just )?(?:hate|dislike|don't like|do not like|can't stand"
    r"|cannot stand|am sick of|resent)"
    rf"(?: it)? (?:how|when|that|the way) (?P<x>{_NP} and {_NP}"
    rf"|{_NP}) (?P<why>(?!and\b)[\w'-]+{_END}*?)[,.;:]+ (?:so )?(?P<main>[^.;!?]+)",
    re.IGNORECASE,
)
_THEM = re.compile(
    r"\b(?:both(?: of (?:them|these|those))?|them both|them|it|these|those)\b(?! (?:\w+s|the|my)\b)", re.I
)
_BOTH = re.compile(
    r"(?P<v>\b\w+ )?\bboth(?: of (?:them|these|those))?(?= (?:back|over|to|in|into|on|onto|at|away|inside|together)\b"
    rf"|{_SO})",
    re.IGNORECASE,
)
_WITH = re.compile(
    rf"(?P<x>{_NP}) (?:goes|belongs|should go|can go|is to go) with (?P<y>{_THE} [\w' -]+?)(?= too| as well| also"
    rf"|{_SO})",
    re.I,
)


_ROUND = re.compile(
    rf"\b(?P<v>{_PUT}|stack) (?P<x>{_END}+?) (?P<p>in|into|on|onto"
    rf"|on top of) (?P<y>{_END}+?)[,.;!]+ {_MARK}(?:(?:do|make)"
    rf" (?:it|that) )?(?:exactly )?the other way (?:a)?round(?: please)?(?={_SO})",
    re.IGNORECASE,
)
_ALSO_FINE = re.compile(
    r"^\W*(?:i|we)(?:'d| had| have|'ve)? (?:asked for|wanted|ordered|hoped for) (?P<x>[^,;:.!?]+),? but "
    r"(?P<y>[^,;:.!?]+?) (?:(?:will|would)(?: also| just)? do|(?:will be|would be|is|will also be|would also be)"
    r"(?: also| just)? (?:fine|ok(?:ay)?|good|great|all right))(?:,? (?:too|as well))?[.! ]*$",
    re.IGNORECASE,
)


_EXCHANGED = re.compile(  # "replace the apple in the bowl with the pear"
    r"\b(?:replace|exchange|swap|trade) (?P<x>(?:the|my|our|that) [\w -]+?) "
    r"(?:that is |that's |which is )?(?P<p>in|on|inside) "
    r"(?P<y>(?:the|my|our) [\w -]+?) (?:with|for|by|against) (?P<z>(?:the|a|an|my|our) [\w -]+)",
    re.IGNORECASE,
)
_AND_NEAR = re.compile(  # "... with a fork next to it"
    r",? with (?P<x>(?:a|an|the|some|my|two) [\w ]{2,30}?) "
    r"(?P<near>next to|beside|near|close to|to the (?:left|right) of|in front of|behind) (?P<it>it|them)\b",
    re.IGNORECASE,
)

_ADDED = rf"{_THE}(?: (?!(?:and|or|go|goes|is|are|should|belongs?|too|also|in|into|on|onto|at|to)\b)[\w'-]+){{1,4}}?"
_TOO = re.compile(  # "The belt too... no, leave the belt here"
    rf"(?:^|(?P<stop>[.;!?]) |,? and )(?:and |oh |also )*(?P<x>{_ADDED})(?: too| as well| also)?[,.;!…]+ "
    rf"(?:(?:well|oh|hm+|wait|sorry),? )*(?:actually|no|wait|scratch that|on second thoughts?|hold on|sorry),? {_MARK}"
    rf"(?:(?:please |just |better |rather )*{_LEAVE} (?:the (?P<n>[\w'-]+)|it|that|them|that one)"
    r"(?: alone| be| here| there| out| where it is| behind| in place)*"
    rf"|not (?:the (?P<k>[\w'-]+)|it|that|that one))(?={_SO})",
    re.IGNORECASE,
)


def amended(text: str, names: Sequence[str] = ()) -> str:
    """The text as it is meant after all; ``names``: of what is here, places included."""
    text = _TOO.sub(_not_too, text)
    text = _ROUND.sub(r"\g<v> \g<y> \g<p> \g<x>", _ELSEWHERE.sub("", text))
    text = _ALSO_FINE.sub(lambda m: f"bring me {m['x'] if _here(m['x'], names) else m['y']}", text)
    text = _BETTER.sub(r"\g<v> \g<x> \g<p> \g<y>", text)
    if m := _THAT_INSTEAD.match(text):
        text = m["first"].replace(m["x"], m["y"], 1)
    text = _OR_RATHER.sub(r"\g<n> \g<x>", text)
    text = _STRUCK.sub(_struck, text)
    text = _SORRY_FOR.sub(_only_asked, text)
    text = _both(text, names)
    text = _EXCHANGED.sub(_exchanged, text)
    text = _AND_NEAR.sub(r", and put \g<x> \g<near> \g<it>", text)
    return _WITH.sub(_beside, text)


def _not_too(m: re.Match[str]) -> str:
    """What was added and taken back at once is left alone."""
    noun = m["x"].split()[-1].lower()
    same = (m["n"] or m["k"] or noun).lower() == noun
    return f"{m['stop'] or '.'} leave {m['x']} alone" if same and m.start() else m[0]


def _exchanged(m: re.Match[str]) -> str:
    out = "off" if m["p"].lower() == "on" else "out of"
    return f"take {m['x']} {out} {m['y']}. put {m['z']} {m['p']} {m['y']}"


def _struck(m: re.Match[str]) -> str:
    """ "All the fruit, hold the apple": not that. "Come here and hold the ladder up" is a deed."""
    deed = m["hold"] and (m["stop"] != "," or re.search(r" (?:up|high|still|ready|tight)$", m["x"], re.IGNORECASE))
    return m[0] if deed or not m.start() else f". leave {m['x']} alone"


def _here(said: str, names: Sequence[str]) -> bool:
    return any(set(said.lower().split()) - {"the", "a", "an", "some", "my"} <= set(n.lower().split()) for n in names)


def _only_asked(m: re.Match[str]) -> str:
    """ "I hate how the hat lies about, so take it upstairs": what is asked for, of the thing that was named."""
    return _THEM.sub(m["x"], m["main"], count=1)


def _both(text: str, names: Sequence[str]) -> str:
    """ "... both back to the box": the two things that were named last."""
    m = _BOTH.search(text)
    if m is None:
        return text
    lead = text[: m.start()].lower()
    last = {n: _last(n, lead, names) for n in names}
    named = sorted((n for n in names if last[n] >= 0 and not _PLACED.search(lead[: last[n]])), key=lambda n: last[n])
    if len(named) < 2 or re.search(r"\btwo\b", lead):
        return text
    verb = m["v"] or ""
    moved = "" if verb.strip().lower() in v.PUT_VERBS | v.PICK_VERBS | {"me"} else "move "
    said = f"{verb}{moved}the {named[-2]} and the {named[-1]}"
    return f"{text[: m.start()]}{said}{text[m.end() :]}"


_PLACED = re.compile(r"\b(?:in|on|at|to|of|from|into|onto|under|near|up) (?:the |my |our |a )?$")


def _last(name: str, text: str, names: Sequence[str]) -> int:
    """Where the thing was named last: by its name, or by a noun that nothing else here has; -1: nowhere."""
    noun = name.lower().split()[-1]
    alone = sum(n.lower().split()[-1] == noun for n in names) == 1
    found = [x.start() for x in re.finditer(rf"\b{re.escape(noun if alone else name.lower())}\b", text)]
    return found[-1] if found else -1


def _beside(m: re.Match[str]) -> str:
    """ "The fork goes with the spoon", where it was said before that the spoon goes somewhere: there, too."""
    noun = m["y"].split()[-1]
    told = re.search(
        rf"\b{re.escape(noun)}\b{_END}*? (?P<p>{_IN}) (?P<w>{_THE} {_END}+?){_SO}", m.string[: m.start()], re.I
    )
    return f"{m['x']} goes {told['p']} {told['w']}" if told else m[0]
