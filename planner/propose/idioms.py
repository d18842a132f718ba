"""Idioms for single deeds: "do away with", "get a grip on", "let me have", "the axe must stay where it is".

Each is a closed pattern of English; what stands in it is left as it was said. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from planner.propose import vocabulary as v

_THE = r"(?:the|my|our|your|this|that|these|those)"
_NP = rf"{_THE} [\w' -]+?"
_COLOUR = "|".join(sorted(v.COLOURS))


def _emptied(m: re.Match[str]) -> str:
    """ "Take everything off the tray and put it all in the box": what is on the tray."""
    return f"{m['v']} everything that is {'on' if m['p'].lower() == 'off' else 'in'} {m['x']}"


def _is_not(m: re.Match[str]) -> str:
    """ "Everything that isn't": with the "not" as a word of its own."""
    return f"{m['x']} that {'is' if m['be'].lower().startswith('is') else 'are'} not"


def _told_late(m: re.Match[str]) -> str:
    """ "Everything from the tray that isn't food": what is told of things stands right behind them."""
    be = m["be"].lower().replace("n't", " not")
    return f"{m['x']} that {be} {m['z']} {m['p']} {m['y']}"


def _or_else(m: re.Match[str]) -> str:
    """ "Bring the mug, or if there's none, a glass"."""
    verb = f"{m['v']}{m['me'] or ''}"
    return f"if there is a {m['x']}, {verb} the {m['x']}, otherwise {verb} {m['y']}"


_IDIOMS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(p, re.IGNORECASE), r)
    for p, r in (
        (rf"\b(?:close|closing|put|wrap) (?:your|the) (?:gripper|fingers?|hands?|claw) (?:around|on) (?={_THE}\b)"
         rf"|\b(?:get|getting|take|taking) (?:a |a firm )?(?:grip on|grip of|hold of) (?=(?:{_THE}|it)\b)", "pick up "),
        (r"\b(?:any and all|(?:the )?(?:full|entire|complete|whole) (?:set|lot|collection|range|bunch) of"
         r"(?: the)?)(?= \w)", "all the"),
        (r"\blet (?P<who>me|us) have (?=\w)", r"bring \g<who> "),
        (r"\bdo away with\b", "throw away"),
        (r"\b(?P<x>everything|anything|whatever|things|stuff|items|objects) (?:that |which )"
         r"(?P<be>isn't|aren't)(?= \w)", _is_not),
        (r"\b(?P<x>everything|anything|whatever) (?:that |which )is not (?P<y>[^.;,!?]+?) (?:goes|belongs|should"
         r" (?:go|be)|must (?:go|be)|has to (?:go|be)) (?=(?:in|into|on|onto|to|at|inside)\b)",
         r"put \g<x> that is not \g<y> "),
        (r"\b(?:make|create|free up|clear) (?:some |more |a )?(?:space|room)(?: (?:on|in|at) [^,.;]+?)?"
         r" by (?=\w+ing\b)",
         "start "),
        (r"\ball (?:but|except)(?: for)? (?=(?:the|my|our|your|that|this|these|those)\b)", "everything except "),
        (r"\bwhat (?:would|could|can|will) you (?:bring|get|give|fetch|offer|hand) me to (?=\w)",
         "bring me something to "),
        (r"\b(?P<x>everything|anything|whatever|all|the one|the ones|something) (?:that |which )?(?:has|have) "
         r"(?:already |long )?(?P<d>[a-z]+(?:ed|en))(?= *(?:$|[.,;!?]|in\b|into\b|on\b|to\b|away\b))",
         r"\g<x> that is \g<d>"),
        (r"\bi feel like (?:just |having |getting )*(?=(?:a|an|one|some|any|something)\b)", "bring me "),
        (r"(?<!\bhand )(?<!\bbend )(?<!\bit )\bover(?: over)* (?=(?:to|in|into|inside|on|onto)"
         r" (?:the|my|our|your)\b)", ""),
        (r"(?P<x>\b(?:anything|something|any|some|a|an) [^.;,!?]+), anything but (?=(?:the|my|our|that)\b)",
         r"\g<x> except "),
        (r",? (?:according to|as per|per|following|based on|in line with|in accordance with) (?P<n>(?:my|our|the"
         r"|your|these|those|house) (?:notes?|rules?|instructions?|list|manual))\b", r" as \g<n> say"),
        (rf"\bunstack (?P<x>{_NP}) (?:from|off)(?: of)? ", r"take \g<x> off "),
        (r"\b(?:let|letting) go of (?P<x>it|them|that) inside\b", r"put \g<x> inside"),
        (r"\b(?:to|in|at) (?:the|its|their) (?:old|former|original|previous|earlier)"
         r" (?:place|position|spot|location|home)s?\b", "to where it was"),
        (r"(?<!what)(?<!whatever)(?<!where)(?<!if)(?<!that) (?:you|we) can (?:find|see|spot)"
         r"(?= (?:ought|should|must|needs?|has|have|goes?|belongs?|in|into|on|onto|to)\b)", ""),
        (rf"\btake everything (?P<p>off|out of|from) (?P<x>{_NP}),? (?:and|then) (?P<v>put|move|bring|place|carry|set)"
         r" (?:all of it|it all|them all|all of them|everything|it|them|all)\b", _emptied),
        (rf"(?P<x>\b(?:{_THE}|anything|everything|all|whatever) [^.;,!?]+?) would (?:look|be) (?:\w+ )?(?:nicer|better"
         rf"|good|great|nice|best|prettier|perfect) (?=(?:in|on|at|inside|beside) {_THE}\b)", r"put \g<x> "),
        (rf"(?:\b(?:please )?(?:make sure|ensure|take care|see to it)(?: that)? )?(?<!\bon )(?<!\bin )(?<!\bat )"
         rf"(?P<x>\b(?:{_THE}|all|both) (?:(?!\b(?:and|but|while|so|in|on|at)\b)[^.;,!?])+?)"
         r" (?:(?:should|must|has to|have to|needs? to|can|may|is to|are to|shall|will) )?(?:stays?|remains?)"
         r" (?:exactly |right |just )?(?:where (?:it is|they are|it's|they're)|put|untouched|in (?:its|their) places?"
         r"|as (?:it is|they are))\b", r"leave \g<x> alone"),
        (rf"\b(?P<v>bring|give|pass|hand|fetch|get)(?: me| us)? anything (?={_COLOUR})(?P<c>\w+)(?: over| here)*"
         r"(?: please)?(?= *(?:$|[.,;!?]))", r"\g<v> me something \g<c>"),
        (r"\bas (?:many|much)(?: of)?(?: (?:the|these|those|my|our))? (?P<x>[a-z][\w' -]*?) as"
         r" (?:you (?:possibly )?can(?: fit)?"
         r"|you are able to|possible|(?:(?:will|can) )?fit|(?:it|there) (?:(?:will|can) )?(?:holds?|takes?|fits?"
         r"|is (?:room|space) for))\b", r"all the \g<x>"),
        (r"\b(?:leave|keep|have) (?:only|just|nothing but)"
         r" (?P<x>(?!(?:one|two|three|four|some|an?|something|enough|it|them)\b)[\w' -]+?) (?P<p>on|in|at|inside)"
         r" (?P<y>(?:the|my|our) [\w' -]+?)(?= *(?:$|[.,;!?]))", r"take everything except \g<x> off \g<y>"),
        (r"\b(?:sort|organi[sz]e|arrange|group)"
         r"(?: (?:these|those|them|everything|it|this|the (?:things|items|objects)))?"
         r"(?: out| up)? (?:by|according to|based on) (?:their )?(?:type|kind|category|sort|use|purpose"
         r"|what they are)[:;,.-]+ ?(?=\w)", ""),
        (r"(?P<x>\b(?:everything|anything)) (?P<p>from|off|out of|on|in) (?P<y>the [\w' -]+?)"
         r" (?:that|which) (?P<be>isn't|aren't|is not|are not|is|are) (?P<z>[\w' -]+?)(?= *(?:$|[.,;!?]))",
         _told_late),
        (rf"\bget (?P<x>{_NP}) ready(?: for [\w' -]+?)? by (?P<v>\w+ing\b[^.;!?]*?)\bit\b", r"start \g<v>\g<x>"),
        (rf"\b(?:please )?be (?:very |extra |really )?(?:careful|gentle) with (?P<x>{_NP})(?:,| and| when you|;|\.)+ "
         r"(?:then |please )?(?P<r>[^.!?]*?)\b(?:it|them)\b", r"\g<r>\g<x>"),
        (r"\b(?:whichever|whatever) (?P<n>(?!is\b|are\b)[a-z]+) (?P<be>is|are)"
         r" (?P<y>(?:not )?(?:an? )?[\w-]+)(?= (?:in|into|on|onto|to|at|goes|belongs|should)\b)",
         r"the \g<n> that \g<be> \g<y>"),
        (r"\b(?P<v>put|place|set|move|stack) (?P<a>(?:the|my|a) (?:[\w-]+ )*?(?P<n>[\w-]+))"
         r" (?:underneath|under|below|beneath)"
         r" (?P<b>(?:the|my|a) (?:[\w-]+ )*(?P=n))(?= *(?:$|[.,;!?]))", r"\g<v> \g<b> on \g<a>"),
        (r"\b(?P<n>two|three|four|five|[2-5]) different (?=[a-z]+s\b)", r"\g<n> "),
        (r"\bwhere (?:do|does|should|would) (?P<x>(?:the|my|our|this|that|these|those) [\w' -]+?)"
         r" (?:go|belong|live|be)\?+ *(?:please |just |then )?(?:put|place|bring|take) (?:it"
         r"|them) there\b", r"put \g<x> where it belongs"),
        (rf"\b(?:i|we)(?:'ll| will|'m going to| am going to) (?:still )?need (?P<x>{_NP})(?: again)?"
         r"(?: later| soon| tonight| tomorrow)+[,;.:]+ (?:so |please )*(?:keep|leave) (?:it|them)"
         r"(?: (?:nearby|out|here|handy|close|close by|there|where it is|where they are"
         r"|around))*", r"leave \g<x> alone"),
        (r"\b(?P<v>bring|get|give|fetch|hand|pass)(?P<me> me| us)? (?:the|a|an) (?P<x>[\w' -]+?),? (?:or )?"
         r"if (?:there(?:'s| is| are)(?: not any| no| not a)(?: [\w' -]+?)?|(?:you|we) (?:don't have|can't find"
         r"|do not have|don't see)"
         r" (?:one|it|any|that)),? (?:then )?(?P<y>(?:a|an|the|some) [\w' -]+?)(?= *(?:$|[.;!?]))",
         _or_else),
        (rf"(?P<lead>(?:^|(?<=[.;!?,:]))\s*(?:(?:but|and|only|oh),? )*)(?P<x>{_NP}) (?:i|we)"
         r"(?:(?:'ll| will) (?:still )?(?:need|want|use)"
         r"|(?: do|'m|'re| am| are)? still (?:need|want|use|using|busy with|working with|working on)"
         r"|(?:'m| am|'re| are|'ve| have)(?: not|n't) (?:yet )?(?:done|finished)(?: with)?|(?:aren't|haven't) (?:done"
         r"|finished)(?: with)?|need (?=later|tonight|tomorrow|afterwards))(?: (?:again|later|myself|soon|tonight|today"
         r"|tomorrow|afterwards|here|yet|for (?!me\b|us\b)[\w' -]+))*"
         r"(?=\s*(?:$|[.;!?](?!\s*(?:so |please |then )*[a-z]+ (?:it|them|that)\b)|,(?![^.;!?]*\b(?:it|them|that)\b)))",
         r"\g<lead>leave \g<x> alone"),
        (rf"\b(?:start|begin) with (?P<x>{_NP}) (?=(?:in|into|on|onto|at|to) (?:the|my|our|a)\b)", r"put \g<x> "),
        (r"\bwhich (?:one )?(?:of (?:the|these|those) )?(?P<n>[a-z]+(?: [a-z]+)?) is (?P<s>the \w+est)\?+ *"
         r"(?P<r>[^?]*?)\b(?:it|that one|that|this one)\b", r"\g<r>\g<s> \g<n>"),
        (r"\buse (?:the|a|my|our|your) [\w' -]+? to (?=(?:move|transfer|carry|pick up|lift|grab|bring) )", ""),
        (rf"(?P<x>\b{_NP}) (?:is|looks) (?:(?:so|very|really|a bit|all|too) )?(?:messy|a mess|cluttered|untidy"
         r"|a total mess)"
         r"[,;.!]+ (?:so |and |please |can you |could you )*(?:clean|tidy|clear) it(?: up| off)?", r"clear \g<x>"),
        (rf"\b(?P<v>put|place|move|bring) (?P<x>{_NP})(?: (?:next to|in|on|into|onto|near|beside|to|under|at))?"
         r" ?(?:\.\.+|…|-+|,)+ ?(?:actually|no|wait|sorry|hmm|scratch that|on second thought)[, ]+(?:just )?"
         r"(?P<w>put|place|move|bring) (?:it|them)\b", r"\g<w> \g<x>"),
        (r"^\W*(?:i|we)(?:'d| would) (?:really )?(?:like|love) (?:a|an|some) [\w' -]+[.!] +(?:so |please )?"
         r"(?=(?:bring|get|give|fetch|hand|pass) (?:me|us) )", ""),
        (r"\bthe (?:table|desk|counter|tabletop)'s (?=(?:left|right|top|bottom|upper|lower|cent(?:er|re)|middle)\b)",
         "the "),
        (rf"\b(?:take|bring|get|carry|move|return) (?P<x>{_NP}|it|them)(?: right| straight)?(?: back)? (?:in|to|into) "
         r"(?P<w>the|its|their)(?: own)? (?P<a>usual|normal|regular|customary|accustomed|habitual|proper|rightful)"
         r" (?P<n>spot|place|home|position|location|storage place)s?\b(?! (?:of|for|where|in|on|at)\b)",
         r"put \g<x> in \g<w> \g<a> \g<n>"),
        (rf"\bmake (?P<x>{_NP}) empty\b", r"take everything out of \g<x>"),
        (r"^\W*(?:i think |i feel |well,? )?there(?:'s| is| are) (?:far |way )?too (?:much|many) [^,.;]+? (?:in|on)"
         r" (?P<y>(?:the|my|our) [\w' -]+?)[,.;]+ *(?:so |please )*(?P<r>(?:remove|take)\b[^.;!?]*?)"
         r"(?: out)?(?= *(?:$|[.;!?]))",
         r"\g<r> from \g<y>"),
        (rf"\b(?:skip|ignore|omit|exclude|spare|leave out|pass over) (?P<x>{_NP})(?= *(?:$|[.,;!?]|and\b|but\b))",
         r"leave \g<x> alone"),
        (r"\b(?P<way>left|right|top|bottom|front|back|upper|lower)(?:[ -]hand)? half\b", r"\g<way> side"),
        (r"\b(?:tidy|clean|straighten|clear)(?: (?:it|things|everything|this|the [\w']+))?(?: up)? by (?=\w+ing\b)",
         "start "),
        (r"\b(?:all )?(?:the )?ingredients (?:for|of|to make|to bake|needed for|i need for) (?:a |an |the |my |some )*"
         r"(?=[a-z])", "things to make a "),
        (rf"(?:^|(?<=[.!?;] ))(?:but )?{_THE} [\w' -]+? (?:is|are)(?: already| completely| quite| too)? full"
         r"(?: of [\w' -]+?)?(?: now| already)?[.!;,]+ (?:so |just |please )*"
         r"(?=\w)(?![^.!?]*\b(?:it|them|there)\b)", ""),
        (r"\bfind (?:a|an|some|any) (?P<c>[a-z]+) (?:for|to hold|to put)"
         r" (?P<x>(?:the|my|our|all the|these|those) [\w' -]+?)"
         r"(?: in)?,? and (?:put|place|drop|store) (?:them|it) (?P<p>in|into|on|inside)(?: it| that)?\b",
         r"put \g<x> \g<p> a \g<c>"),
        (rf"\bmake (?:sure |it so )?(?:that )?(?P<y>{_NP}) (?:should )?(?:contains?|holds?|have|has)"
         r" (?:only|nothing but|just) (?P<x>[\w' -]+?)(?= *(?:$|[.,;!?]))",
         r"take everything except the \g<x> off \g<y>"),
        (rf"(?P<y>\b{_NP}) (?:should|must|may|is to|shall) (?:contain|hold|have) (?:only|nothing but|just)"
         r" (?P<x>[\w' -]+?)(?= *(?:$|[.,;!?]))", r"take everything except the \g<x> off \g<y>"),
        (rf"\banything (?={_COLOUR})(?P<c>\w+)(?= (?:in|into|on|onto|to|goes|should|must|away|from)\b)",
         r"all the \g<c> things"),
    )
)  # fmt: skip


def idiomatic(text: str) -> str:
    """The text with such idioms replaced."""
    for pattern, plainly in _IDIOMS:
        text = pattern.sub(plainly, text)
    return text
