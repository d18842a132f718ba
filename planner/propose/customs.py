"""What people tell of where things are kept, as requests: "we keep cups on the shelf and plates in the cupboard".

A custom counts as a request where things are to be tidied by it ("sort these"): the order that says no more than that
is dropped, and what belongs to a place is put there. Also how a rule branches: "if they are dirty, ..., if clean ...",
"unless it is stale, in which case ...", "and so do the caps". Only closed patterns of English. Used by
`planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.places import VESSEL
from planner.propose.spelling import singular, tokens_of

_END = r"[^,;:.!?]"
_BEGIN = (
    r"(?:^|(?<=[.;!?,:])|(?<=\bwhile)|(?<=\bbut)|(?<=\band))\s*"
    r"(?:(?:for me|with us|here|at home|in (?:my|our|this) \w+), )?"
)
_THE = r"(?:the|my|our|his|her|their|its)"
_IN = r"(?:in|inside|into|on|onto|at|to)"
_OFTEN = r"(?:(?:always|usually|normally|generally|typically|only|all|both|to be|meant to be|best|ever) )*"
_KEPT = r"(?:kept|stored|stashed|placed|put|filed|housed|put away|stowed|collected|found)"
_WHAT = (
    r"(?P<x>(?:(?:all|both|any|every|my|our|the) )*"
    r"(?!who\b|that\b|which\b|it\b|they\b|what\b|it's\b|there\b)[\w'-]+[^.;:!?]*?)"
)
_ARE_KEPT = re.compile(
    rf"{_BEGIN}{_WHAT} (?:is|are|gets?|should be|must be) {_OFTEN}{_KEPT} (?P<p>{_IN}) (?=(?:{_THE}|a) )", re.IGNORECASE
)
_KEEP = re.compile(
    rf"{_BEGIN}(?:i|we) (?:(?:always|usually|normally|generally|like to|prefer to|want to|tend to) )*(?:keep|store"
    rf"|put|stash|place|stow|file) (?P<x>(?!it\b|them\b|this\b|that\b"
    rf"|these\b){_END}+?) (?P<p>{_IN}) (?P<y>{_THE} {_END}+?)(?: and (?P<z>(?!the\b){_END}+?) (?P<q>{_IN}) "
    rf"(?P<w>{_THE} {_END}+?))?(?=\s*(?:$|[.;!]|, (?:and|but|while)\b))",
    re.IGNORECASE,
)
_TIDY = re.compile(
    r"(?:^|(?<=[.;!:]))\s*(?:(?:please|so|now|then|could you|can you|would you|just|and|kindly)[ ,]+)*(?:(?:sort"
    r"|tidy|organi[sz]e|arrange|clean|clear|straighten)(?: up| out| away)? (?:these|them|this|it|it all|all of (?:it"
    r"|this|these)|everything|things?|the mess|(?:these|those|all the|the|my) [\w'-]+)(?: up| out| away)?|(?:put"
    r"|pack|stow) (?:these|them|this|those|everything|it all|(?:these|those|all the) [\w'-]+) away|(?:put away"
    r"|deal with|see to|take care of|handle) (?:these|them|this|those|everything|it all|(?:these|those|the"
    r"|all the) [\w'-]+)|put (?:everything|them|these|it all|what(?:'s| is| are) (?:in|on"
    r"|at) the [\w' -]+?) (?:where|in|into) (?:it|they|its|their)(?: proper| right)? (?:lives?|belongs?|goes?|go"
    r"|places?|homes?)|(?:tidy|clean|sort)(?: up)?)(?:,? (?:please|accordingly|for me|now|like that|that way"
    r"|the way i like|by these rules))*(?=\s*(?:$|[.;!?]))[.;!?]*",
    re.IGNORECASE,
)
_RULE = re.compile(
    rf"{_BEGIN}(?:all |any |every )?(?!the\b|my\b|our\b|please\b)[\w'-]+{_END}*? (?:go(?:es)?|lives?"
    rf"|belongs?) {_OFTEN}{_IN} ",
    re.IGNORECASE,
)
_SO_DO = re.compile(
    rf"{_BEGIN}(?P<x>{_END}+?) (?P<v>(?:should |must |has to |have to |ought to )?(?:go|goes|be|belongs?"
    rf"|lives?)) (?P<p>{_IN}) (?P<y>{_THE} {_END}+?),? (?:and )?so (?:do|does|should|must|will|ought|has"
    rf"|have) (?P<z>{_END}+?)(?=\s*(?:$|[.;,!?]))",
    re.IGNORECASE,
)
_AND_SO_IS = re.compile(
    rf"{_BEGIN}(?P<x>{_THE} {_END}+?) (?:is|are) (?P<a>[\w'-]+),? (?:and )?so (?:is"
    rf"|are) (?P<z>{_THE} {_END}+?)(?=\s*(?:$|[.;,!?]))",
    re.IGNORECASE,
)
_BUT = re.compile(
    rf",? (?:but|while|whereas|though) (?P<x>(?!not\b|the other\b|it\b|they\b|that\b)[\w'-]+{_END}*?) "
    r"(?P<v>(?:(?:always|usually) )?(?:go|goes|belongs?|lives?|get put|gets put|(?:is|are|should be|must be) "
    rf"{_OFTEN}{_KEPT}|should go|must go))(?: straight| right| directly)?(?= {_IN}\b)",
    re.IGNORECASE,
)
_STRAIGHT = re.compile(
    rf"\b(?P<v>goes?|belongs?|put|puts) (?:straight|right|directly|always) (?={_IN} )", re.IGNORECASE
)
_IF = r"(?:if|when|where|as long as) (?:(?:they|it|these|those|that)(?:'re|'s| are| is| look| looks) )?"
_EITHER = re.compile(
    rf"{_BEGIN}(?:put |place )?(?P<x>(?!it\b|them\b){_END}+?) (?:(?:should |must )?(?:goes?|belongs?"
    rf"|be) )?(?P<p>{_IN}) (?P<y>{_THE} {_END}+?),? {_IF}(?P<a>[\w-]+)(?:[,;.]+| and| but)+ (?:and |but "
    rf"|or )?(?:(?:they|it) (?:goes?|belongs?|should go) )?(?P<q>{_IN}) (?P<w>{_THE} {_END}+?),? "
    rf"{_IF}(?P<b>[\w-]+)(?=\W|$)",
    re.IGNORECASE,
)
_IN_WHICH_CASE = re.compile(
    rf"{_BEGIN}(?P<verb>(?:(?:please )?(?:put|place|move|bring|drop) )?)(?P<det>(?:(?:all|any|every|the"
    rf"|my) )*)(?P<main>{_END}+?)"
    r",? (?:unless|except (?:if|when)) (?:it|they|one|any|some)(?:'s| is| are|'re) (?P<a>[\w-]+),? (?:in which case"
    r"|in that case|then) "
    rf"(?P<then>{_END}+)",
    re.IGNORECASE,
)
_SUCH_AS = re.compile(
    r"\b(?P<x>(?!things\b|something\b|anything\b|look\b|feel\b|taste\b)[\w'-]+),? (?:such as|like|for example"
    r"|for instance|e\.g\.,?|i\.e\.,?|namely) "
    r"(?P<list>(?:(?:the|my|our) )?[\w' -]+(?:, (?:(?:the|my|our) )?[\w' -]+)*,? (?:and|or) (?:(?:the|my"
    r"|our) )?[\w'-]+(?: [\w'-]+)??),?"
    r"(?= (?:go|goes|live|lives|belong|belongs|are|is|should|must|in|into|on|onto|to|at|away)\b|\s*(?:$|[.;!?]))",
    re.IGNORECASE,
)

_WRONG_PLACE = re.compile(  # "Shoes don't belong on a table! Shoe rack, now."
    rf"(?:^|(?<=[.;!?] ))(?P<no>no )?(?P<x>(?!that\b|this\b|it\b|they\b|there\b|you\b|i\b){_END}+?) "
    r"(?:(?:(?:do|does)(?: not|n't) (?:belong|go|live)|ha(?:ve|s) no (?:place|business)(?: being)?"
    r"|(?:are|is)(?: not|n't) (?:allowed|meant|supposed)(?: to be)?"
    r"|(?:must|should|may|can)(?:(?:n't| not)(?: be| lie| stand| go)|not be))(?: up| there| here)*"
    r" |(?P<off>off |(?=on |in )))(?:(?:in|on|at|near|onto|from|inside) )?"
    rf"(?:{_THE}|a|an|this|that|my|our) {_END}+?[.!,;]+ "
    rf"(?:(?:so|please|put them|now|rather|instead|but|they go|they belong),? )*(?:{_IN} )?(?:the |my |our )?"
    r"(?P<z>[\w' -]+?)(?:,? (?:now|please|instead|at once|immediately|right now|then|thanks|already))*"
    r"(?=\s*(?:$|[.;!]))",
    re.IGNORECASE,
)


def accustomed(text: str, names: Sequence[str] = ()) -> str:
    """The text with such customs said as requests; ``names``: of what is here, places included."""
    text = _WRONG_PLACE.sub(lambda m: _rehoused(m, names), text)
    text = _SUCH_AS.sub(lambda m: _listed(m, names), text)
    text = _IN_WHICH_CASE.sub(lambda m: _else(m, names), text)
    text = _EITHER.sub(r" put the \g<a> \g<x> \g<p> \g<y>. put the \g<b> \g<x> \g<q> \g<w>", text)
    text = _AND_SO_IS.sub(r"\g<x> and \g<z> are \g<a>", _SO_DO.sub(r" \g<x> and \g<z> \g<v> \g<p> \g<y>", text))
    text = _STRAIGHT.sub(r"\g<v> ", _BUT.sub(_contrast, text))
    told = _ARE_KEPT.sub(_put, text)
    tidy = bool(_TIDY.search(told))
    told = _KEEP.sub(_kept, told) if tidy or re.search(r"\balways\b", told, re.IGNORECASE) else told
    if tidy and (told != text or _RULE.search(told)):
        left = _TIDY.sub("", told)
        told = left if tokens_of(left) else told
    return told.strip()


def _rehoused(m: re.Match[str], names: Sequence[str]) -> str:
    """What does not belong where it is, then nothing but where it goes."""
    where = next((n for n in names if n.lower() == m["z"].lower() and VESSEL.search(n.lower())), "")
    bare = m["x"].lower().split()[0] not in v.DETERMINERS | v.ALL_WORDS
    told = m["no"] or m["off"] != ""  # not "the caps on the bed"
    acts = {t.text for t in tokens_of(m["x"])} & (v.PUT_VERBS | v.PICK_VERBS | v.BEING | v.CONJUNCTIONS - {"and", "or"})
    if not where or not told or acts:
        return m[0]
    return f"put {_group(m['x']) if bare else m['x']} in the {where}"


def _group(what: str) -> str:
    """ "Keys and wallets": all of them; what is said with a determiner stays."""
    parts = re.split(r"(,? and |, )", re.sub(r"^(?:and|but|while) ", "", what.strip(), flags=re.IGNORECASE))
    for i in range(0, len(parts), 2):
        words = parts[i].split()
        if words and words[0].lower() not in v.DETERMINERS | v.ALL_WORDS:
            parts[i] = f"all the {parts[i]}"
    return "".join(parts)


def _put(m: re.Match[str]) -> str:
    """ "Caps are kept in the trunk": put all the caps there. What has a verb of its own is none."""
    words = [t.text for t in tokens_of(m["x"])]
    if set(words) & (v.BEING | v.PICK_VERBS | {"i", "we", "you", "that", "which", "if", "when"}):
        return m[0]
    return f" put {_group(m['x'])} {m['p']} "


def _kept(m: re.Match[str]) -> str:
    """ "We keep keys in the bowl and caps in the trunk"."""
    more = f". put {_group(m['z'])} {m['q']} {m['w']}" if m["z"] else ""
    return f" put {_group(m['x'])} {m['p']} {m['y']}{more}"


def _contrast(m: re.Match[str]) -> str:
    """ "Caps go in the trunk, but belts go on the rack": two requests; "all but one of them go there" is one."""
    before = re.split(r"[.;!?]", m.string[: m.start()])[-1]
    whole = re.search(rf"\b{_IN} {_THE}\b", before, re.IGNORECASE)
    return f". {m['x']} {m['v']}" if whole else m[0]


def _else(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Unless it is stale, in which case throw it out": that is done first, and the rest with the other ones."""
    called = [n for n in names if m["a"].lower() in n.lower().split()[:-1]]
    if not called:
        return f" {m['verb']}{m['det']}{m['main']}"
    said = " and the ".join(called)
    then = re.sub(r"\b(?:it|they|them|that|those)\b", f"the {said}", m["then"], count=1, flags=re.IGNORECASE)
    return f" {then}. {m['verb']}all the other {m['main']}"


def _listed(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Fasteners such as nuts and bolts": the nuts and the bolts, where nothing here is called a fastener."""
    words = {singular(w) for n in names for w in n.lower().split()}
    listed = [t.text for t in tokens_of(m["list"]) if singular(t.text) in words]
    kind = m["x"].lower()
    if len(listed) < 2 or kind in v.VERBS or singular(kind) in words:
        return m[0]
    return f"{m['x']}, {m['list']}" if kind in v.CATEGORY_NOUNS - _LOOSE else m["list"]


_LOOSE = frozenset({"leftovers", "supplies", "groceries", "equipment", "gear", "stuff", "ingredients", "perishables"})
