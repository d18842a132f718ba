"""Longer turns of phrase for the same request, put plainly: "see to it that", "what I'm after is", "arrange for".

Each is a closed pattern of English; what stands in it is left as it was said. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from planner.propose import vocabulary as v
from planner.propose.wishes import ALONGSIDE, START, wished

_DET = r"(?:the|my|our|your|this|that|these|those|all|both|each|every)"

# small words before a request that say nothing of it
_IDLE = re.compile(
    r"(?:^|(?<=[.;!?,]))\s*(?:um+|uh+|er+|hm+|oh|one more thing|one last thing|another thing|quick one"
    r"|task(?: for you)?|here is the next one|(?:here's|here is) (?:a|the) task|to begin with|as far as i can tell"
    r"|excuse me|there is something i need(?: from you)?|i need (?:a hand|your help)(?: here)?"
    r"|i have a (?:task|job) for you|(?:whenever|when) you(?:'re| are| have| get)[^,.;:]{0,24}|reminder|remember)"
    r"(?:\s*[,.:;!]+|(?=$))\s*",
    re.IGNORECASE,
)
_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p, re.IGNORECASE), r)
    for p, r in (
        (r"\b(?:why (?:don't|not|dont|won't|can't)|won't|wouldn't|couldn't|can't|don't) you"
         r"(?: just| please| kindly| want to| like to| mind)*(?= \w)", "could you"),
        (r"(?<!\bif)(?<!\bthat)(?<!\bwonder)(?<!\band)(?<!\bbut)(?<!\bso)(?<!\bplease)(?<!\bwhat)(?<!\bhow)(?<!\bdo)"
         r"(?<=[a-z]) (?=(?:is there any chance|could you|can you|would you|i(?:'d| would) like you to|i need you to"
         r"|i want you to|be so kind as|i still need|we still need)\b)", ". "),
        (r"\b(?:i|we) (?:still |do |really )*(?:need|want) (?P<x>(?:the|my|our|this|that|these|those) [^.;,!?]+?) "
         r"(?:there|here|where (?:it is|they are))(?= *(?:$|[.;,!?]))", r". leave \g<x> there"),
        (r",? as well as\b|,? (?:plus|together with|along with)(?= (?:the|my|our|your|this|that|these|those|a|an|any"
         r"|all|every|everything|both|some|each|whatever)\b)", " and"),
        (r"\bthe colou?r of (?:the|each|every|a) (?P<x>\w+) (?:tells?|says?|shows?|decides?|determines?)(?: you| us)? "
         r"(?:which|what|the) (?P<y>\w+) (?:it|each)? ?(?:goes|belongs|should go|has to go)(?P<p> in| into| on"
         r"| onto)?(?= *(?:$|[.;,!?]))", r"put each \g<x>\g<p> the \g<y> of the same colour"),
        (r"\b(?:come|make your way|go|walk|head)(?: back| over| here)*(?: to (?:me|us))? with (?=(?:a|an|any|some|the"
         r"|my|our|every|each|everything|anything|whatever|this|that|these"
         r"|those|all|both|one|two|three|something)\b)", "bring me "),
        (r"\b(?:a|one) single\b", "any"),
        (r"\bsome (?P<x>\w+(?: \w+)?) or other\b", r"any \g<x>"),
        (r"\bwhatever(?:'s| is| are) (?=\w)", "everything that is "),
        (r"\b(?:i|we)(?:'d| would)? (?:like|want|need|love|fancy) anything (?=\w)", "bring me something "),
        (r"\b(?:let|letting) go of (?P<x>it|them|that|(?:the|my|our|your) [^.;,]+?)(?= (?:in|on|at|into|onto)\b)",
         r"put \g<x>"),
        (r"\b(?:have|keep|hold|get|want|need)(?: on to)? (?P<x>(?:the|my|our|your|this|that|a|an|any|one) [^.;,]+?) in "
         r"(?:your|the) (?:hand|gripper|fingers|grip|claw)\b", r"pick up \g<x>"),
        (r"\b(?:let|letting) go of (?P<x>it|them|that|(?:the|my|our|your) [^.;,]+?) (?:above|over|on top of)(?= )",
         r"put \g<x> in"),
        (r",? (?:and |while |but )*leaving (?:behind |out )?(?P<x>(?:the|my|our|that|those|these|all the) [^.;,!?]+?)"
         r"(?: (?:alone|behind|be|there|out|untouched|in place|where (?:it is|they are)))?(?=\s*(?:$|[.;!?]))",
         r". leave \g<x> alone"),
        (r"\b(?:hold back|keep back|set aside|hang on to) (?P<x>(?:the|my|our|that|those) [^.;,!?]+?)(?: for (?:me|us"
         r"|later|now))?(?=\s*(?:$|[.;,!?]))", r"leave \g<x> alone"),
        (r"(?:^|(?<=[.;!?] ))(?:i|we)(?:'d| would)? (?:want|need|like|prefer)(?: to (?:have|see|get))? "
         r"(?P<x>(?:the|my|our|all|every|each"
         r"|both|any|these|those|this|that) [^.;!?]+?) (?:put|placed|moved|stored|kept|thrown|taken|brought|stowed"
         r"|packed|set|dropped)"
         r" (?P<p>away|back)?(?: ?(?=(?:in|into|on|onto|to|at|inside|over)\b))", r"put \g<x> "),
        (r"\b(?:grab|get|take|catch|seize) hold of\b", "grab"),
        (r"\b(?P<v>put|place|set|lay|leave|drop)(?P<x> [^.;,!?]+?)(?: down)? (?:in front of|next to|beside|near"
         r"|close to|by|within reach of|right before) (?:me|us)\b", r"bring me\g<x>"),
        (r"\bhold on to\b", "hold"),
        (r"\b(?P<v>put|place|pack|sort|set|stow) (?P<p>in|into|inside|on|onto) (?P<y>(?:the|my|our|your) [\w' -]+?) "
         r"(?:what(?:ever)?|everything that|all that) (?:should be kept|(?:is|are) (?:normally "
         r"|usually )?kept|belongs?|goes"
         r"|should go|should be)(?: in| on)? (?:there|it)\b", r"\g<v> everything that belongs in \g<y> \g<p> \g<y>"),
        (r"(?P<x>\b(?:the|my|our|your|this|that|these|those|all|both|every|each|a|an|some|any|two"
         r"|three) [^.;,!?]+?) (?:is|are) "
         r"(?:needed|wanted|required)(?: over)? here\b", r"bring me \g<x>"),
        (r"\b(?:tidy up|clear|empty|clean(?: up| out)?|unload) (?P<x>(?:the|my|our|your) [\w' -]+?),? (?:and "
         r"|then )?(?:all of it"
         r"|everything(?: in it)?|it all|the contents)(?: in there)? (?:should|must|has to|needs to|can) (?:go|be)\b",
         r"put everything that is in \g<x>"),
        (r"(?:^|(?<=[.;!?] ))without (?:touching|moving|disturbing) (?P<x>[^.;,]+), (?P<r>[^.;!?]+)",
         r"\g<r>. leave \g<x> alone"),
        (r"\b(?:and |but )?please not (?=(?:the|my|our|your|that|this|these|those|any)\b)", "except "),
        (r"\bany old\b", "any"),
        (r"\b(?P<v>(?:bring|give|fetch|get|hand|pass|find) (?:me |us )?)(?:something|anything"
         r"|(?:any|one|some)(?: other)? (?:thing|object|item)) (?:but|except(?: for)?|other than|besides|apart from) "
         r"(?=(?:the|my|our|this|that|a|an)\b)",
         r"\g<v>any thing that is not "),
        (r"\banything (?:but|except(?: for)?|other than|besides|apart from) (?=(?:the|my|our|this|that)\b)",
         "everything except "),
        (r"[,.] *(?:e?hm+|um+|uh+|er+)?,? *(?P<x>(?:the|my|our|that|this) [^.;,!?]+?) (?:rather|i mean)\b(?! than)",
         r", no wait, \g<x>"),
        (r"\b(?:i|we) (?:don't|do not|no longer|don't really) (?:need|want) (?P<x>(?:the|my|our|this|that"
         r"|these|those) [^.;,!?]+?)"
         r"(?:,(?= \w)(?! (?:so|but|and)\b)|(?= so\b| but\b|[,.;!?]|$))", r"leave \g<x> alone;"),
        (r"\bwhichever (?P<x>[^.;,!?]+?) (?:you (?:like|want|prefer|wish)|is fine|will do|suits)\b", r"any \g<x>"),
        (r"\b(?:what|how) about (?P<x>(?:a|an|any|some|something|one|the"
         r"|my) [^.;,?!]+)[?.,!]* (?:and )?(?:bring|get|give|fetch|hand|pass)"
         r" (?:it|them|that)(?: over)? to me\b", r"bring me \g<x>"),
        (r"\beverything(?: that)? (?:i|we|you) (?:need|could use|can use|may need) (?=(?:to|for) \w)", "things "),
        (r"\b(?:what|whatever|anything)(?: that)? (?:i|we) (?:need|could use|can use"
         r"|may need) (?=(?:to|for) \w)",
         "something "),
        (r"\b(?:though|only|just|and|but) not (?=(?:the|my|our|your|that|those|this|these|any)\b(?! (?:in|on"
         r"|at)\b))", "except "),
        (r"\beverything (?:that )?(?:you|we) (?:can )?(?:find|see|spot)(?= (?:in|on|at"
         r"|inside)\b)", "everything that is"),
        (r"\b(?P<v>put|move|bring|take|place) (?:what(?:ever)?|everything|all|(?:all )?(?:the )?things)(?: that)? "
         r"belongs? (?P<p>in|inside|on|at) (?P<y>(?:the|my|our|your) [\w' -]+?),? there\b",
         r"put everything that belongs in \g<y> \g<p> \g<y>"),
        (r"\b(?:fill|load|pack) (?P<y>(?:the|my|our|your) [\w' -]+?) with (?:what(?:ever)?|everything that"
         r"|all that|the things that) "
         r"belongs? (?:there|in there|in it|inside)\b", r"put everything that belongs in \g<y> in \g<y>"),
        (r"\b(?P<m>wait|sorry|no|oops|actually|hold on),? not (?:the|my|our|that"
         r"|this) [^,.;!?]+,? (?:but )?(?=(?:the|my|our|that|this)\b)",
         r"\g<m>, "),
        (r"\b(?:all|anything) that(?:'s| is| are)(?= \w)", "everything that is"),
        (r"\b(?:any|all|whatever) (?:of )?(?:the |my |our )?(?P<x>(?:\w+ ){0,3}?\w+) (?:(?:that "
         r"|which )?(?:you|we) (?:can )?(?:find"
         r"|see|spot|have)"
         r"|(?:that|which) (?:is|are) (?:around|here|there)|around here|lying (?:around|about))\b", r"all the \g<x>"),
        (r"\ball (?:of )?(?:this|that|it)\b(?= *(?:$|[.;,!?]|and\b|in\b|into\b|on\b|onto\b|to\b|at\b|inside\b"
         r"|away\b|over\b))",
         "everything"),
        (r"\b(?:binning|trashing|junking|ditching|scrapping)\b", "throwing away"),
        (r"\b(?:i(?:'d| would) (?:like|love|prefer) to|i want to|(?:my|the) (?:idea|plan|goal|aim|wish|suggestion"
         r"|thought|request)"
         r" (?:is|was|would be) to) have (?P<x>[^.;,!?]+?)(?= (?:in|on|at|inside|into|onto) )", r"put \g<x>"),
        (r"\b(?:my|the) (?:idea|plan|goal|aim|wish|suggestion|thought|request) (?:is|was|would be) to\b", ""),
        (r"\b(?P<x>(?:everything|all|whatever|what) (?:that )?(?:belongs|is (?:normally|usually) kept"
         r"|goes) (?P<p>in|inside|on|at) "
         r"(?P<y>(?:the|my|our|your) [\w' -]+?)) (?:goes|should go|must go|has to go|belongs|should be"
         r"|must be) (?:in )?there\b",
         r"put everything that belongs in \g<y> \g<p> \g<y>"),
        (r"\b(?P<x>(?:the|my|our|your|this|that) [\w' -]+?) (?:should|must|has to|have to|needs? to) (?:be|go) where "
         r"(?P<y>[\w' -]+?) (?:is|are),? and (?:vice versa|the other way (?:a)?round)", r"swap \g<x> and \g<y>"),
        (r"\b(?:(?:don't|do not|never|you mustn't) forget|remember|be sure|make sure|try"
         r"|go ahead and try)(?: to|,? and) (?=\w)",
         ""),
        (r"(?<!\bon )(?<!\bin )(?<!\bof )\banything (?=(?:in|on|at|inside|from)\b)", "everything "),
        (r"\b(?:have|has) no (?:business|place)\b", "must not go"),
        (r"\b(?:is|are) (?:not allowed|forbidden|banned|not welcome|off limits)\b", "must not go"),
        (r"\b(?:whatever|whichever|what) (?P<x>\w+(?: \w+)?) (?:there (?:is|are)|you (?:can )?(?:see|find"
         r"|spot)|we have|are here)\b",
         r"all the \g<x>"),
        (r"\b(?:all|anything) (?:that|which)(?= (?:belongs?|goes|counts|was|has)\b)", "everything that"),
        (r"\b(?P<x>everything|things|items|objects|stuff) (?:that|which) (?:should|must|ought to|has to"
         r"|have to|needs to) "
         r"(?:be|go|live|stay) (?=in\b|inside\b|on\b|at\b)", r"\g<x> that belongs "),
        (r"\b(?:move|moving|head|heading|walk|drive|travel|proceed|step|stroll|wander|hurry|run|roll"
         r"|(?:take|bring|get|move|position) yourself"
         r"|make your way)"
         r"(?: over| on| up| back)? to(?= )", "go to"),
        (rf"{START}(?:about|as for|regarding|concerning|speaking of) (?=[^.;:,]{{2,40}}[:,])", " "),
        (r"\bthe (?:whole |entire )?lot\b(?! of)", "everything"),
        (r",? (?:in|within) (?:sight|view)\b", ""),
        (r"\b(?:but )?(?:before|after|following) that,? (?=(?:the|my|our|this|that)\b)", "and "),
        (r"\b(?:see|see to it|take care|make certain|ensure|arrange|arrange it|check) that(?= (?:the|my|our|all|every"
         r"|this|that|these|those|both|each|no|\w+s)\b)", "make sure that"),
        (r"\b(?:arrange|arranging) for (?P<x>[^.;,]+?) to (?:be|go|end up|land|get|sit|stand|lie)\b", r"put \g<x>"),
        (r"\b(?:end up|ends up|winds? up|lands?)(?= (?:in|on|at|inside|into|onto|by|under)\b)", "goes"),
        (r"\block (?P<x>[^.;,]+?)(?: away| up)? (?P<p>in|inside|into)\b", r"put \g<x> \g<p>"),
        (rf"\b(?:trash|bin|junk|scrap|ditch)(?= {_DET}\b)", "throw away"),
        (rf"\b(?:top|crown) (?P<y>{_DET} [^.;,]+?) with (?P<x>[^.;,]+)", r"put \g<x> on top of \g<y>"),
        (r"\b(?:all|anything|everything|the (?:things|stuff|lot)) (?:that|which)(?:'s| is| are)"
         r"(?= (?:in|on|at|inside|lying|sitting)\b)", "everything that is"),
        (r"\b(?:have|having|get|getting) (?P<x>(?:the|my|our|your|this|that) [\w' -]+?) (?:closed|shut)\b",
         r"close \g<x>"),
        (r"\b(?:have|having|get|getting) (?P<x>(?:the|my|our|your|this|that) [\w' -]+?) open(?:ed)?\b(?! \w)",
         r"open \g<x>"),
        (r"\bclose up(?= (?:the|my|our|your|this|that)\b)", "close"),
        (r"\bgather up\b", "gather"),
        (r"\b(?:hit|push|tap|punch|poke|click|depress|smack)(?= (?:the|that|this|my) (?:[\w-]+ )?(?:button|switch)\b)"
         r"(?! to\b)", "press"),
        (r"\b(?:the )?(?:right|proper|correct|usual) (?:spot|place|home) for (?P<x>[^.;,]+?) is"
         r"(?= (?:in|on|at|inside)\b)", r"put \g<x>"),
        (r"\b(?P<x>(?:the|my|our|your|this|that|all) [\w' -]+?) would (?:look|be) "
         r"(?:nicer|better|best|great|good|lovely)(?= (?:in|on|at|inside)\b)", r"put \g<x>"),
        (r"\bcan stay\b", "stays there"),
        (r"\b(?:set|lay|decorate|dress|adorn) (?P<y>(?:the|my|our) [\w' -]+?) with (?P<x>(?:the|my|our|an?|all|both"
         r"|some|two|three|four) [^.;!?]+)", r"put \g<x> on \g<y>"),
        (r"(?P<r>\b[^.;!?]+?),? without (?:touching|moving|disturbing|taking|shifting|bothering"
         r"|including) (?P<x>[^.;,!?]+)(?=[.;!?]|$)", r"\g<r>. leave \g<x> alone"),
        (r"(?P<x>\b(?:the|my|our|that|this|these|those) [^.;,!?]+?) (?:can't|cannot|can not|mustn't|must not"
         r"|shouldn't|should not) (?:stay|be|remain|stand|lie|sit)(?: there| here| where (?:it is|they are)"
         r"| like that| around)+[,.;] (?:it|they) (?=(?:belongs?|goes|go|should|needs?|has|have|must)\b)", r"\g<x> "),
        (r"\b(?P<v>belongs?|goes|go|be) with (?:all )?the (?:other|rest of the) [\w' -]+? (?=(?:in|on|at"
         r"|inside) (?:the|my|our)\b)", r"\g<v> "),
        (r"(?P<g>\b(?:in|on|at|into|onto|to|inside) (?:the|my|our|your) [\w' -]+?),? (?:rather than|and not|but not"
         r"|not) (?:in|on|at|into|onto|to|inside) (?:the|my|our|your) [\w' -]+(?=\s*(?:$|[.;,!?]))", r"\g<g>"),
        (r"\b(?:the|my|our|that|this|these|those) (?P<a>correct|right|proper|appropriate"
         r"|suitable) (?P<n>[\w'-]+), (?:that is,? |namely |i mean |so )?(?=the [\w'-]+ (?P=n)\b)", ""),
        (r"\bwhichever of (?:the|these|those|my|our)(?: two| three| four)? (?P<n>[\w' -]+?)s? (?:is"
         r"|are) (?:the )?(?P<a>[\w-]+)(?: [\w-]+)??(?= (?:goes|go|should|must|belongs?|to|in|into|on|onto|needs?"
         r"|can)\b|\s*(?:$|[.;,!?]))",
         r"the \g<a> \g<n>"),
        (r"\b(?P<v>put|bring|move|place|take|give|hand|throw|get)(?P<me> me)? (?:whatever|what|the thing|something"
         r"|the one) [^.;,!?]+, (?:that is,? |i mean,? |namely,? )?(?P<y>the [\w' -]+?)(?: that is| i mean)?, ",
         r"\g<v>\g<me> \g<y> "),
        (r"\b(?:on|onto) (?:the|a|that|this) (?:pile|stack|heap) of (?:the |my |old )*(?P<x>\w+)", r"on the \g<x>"),
        (r"\b(?P<x>centre|center|middle|corner|side|edge|right|left|bottom|top) of (?:the|my|our|this) (?:board|desk"
         r"|workspace|work surface|tabletop|bench|playing field|mat|surface|work area)\b", r"\g<x>"),
        (r"(?P<x>\b(?:half of |some of |all |both |two of )?(?:the|my|our|these|those) [^.;,!?]+?) (?:is"
         r"|are)(?: meant| destined| intended)? for (?P<y>the [\w' ]*(?:table|counter|side|corner|sink|fridge|bin"
         r"|trash can|freezer|cupboard|drawer))(?=\s*(?:$|[.;,!?]| and\b))",
         r"put \g<x> on \g<y>"),
        (r"(?P<x>\b(?:carry|take|bring|move|walk|lug|haul) [^.;,]+? (?:over )?to (?:the|my"
         r"|our) [^.;,]+?),? (?:and |then )+(?:set"
         r"|put|lay|place|leave|drop) (?:it|them) (?:down|there|down there|on it)(?=\s*(?:$|[.;,!?]))", r"\g<x>"),
        (r"\b(?:take|clear|get|remove|clean|pick) (?:away |up )?(?:all )?(?:the|that|this) (?P<x>trash|garbage"
         r"|rubbish|litter)"
         r"(?: away| up)? (?:off|from|on|that is on|lying on) (?P<y>(?:the|my|our) [\w' -]+)",
         r"throw away all the rubbish on \g<y>"),
        (r"\b(?:clear|empty|tidy|clean)(?: up| off| out)? (?P<x>(?:the|my"
         r"|our) [\w' -]+?)[,;:.]+ (?:and )?(?:it all|all of it"
         r"|everything|the lot) (?:goes|belongs|can go|should go)(?= (?:in|on|at|into|onto|to)\b)",
         r"put everything that is on \g<x>"),
        (r"\b(?P<g>go (?:over )?to (?P<y>(?:the|my|our) [^.;,!?]+?)) and (?:leave|drop|set|put|lay) (?P<x>it"
         r"|them) (?:down )?there\b",
         r"put \g<x> in \g<y>"),
        (r"\bminus (?=(?:the|my|our|your|any|all)\b)", "except "),
    )
)  # fmt: skip
_LISTED = re.compile(
    r"\b(?P<verb>\w+) (?:these|those|them|the following)(?: things| ones)? (?P<where>(?:in|into|inside|on|onto|at|to) "
    r"[^.;:,]+?) in (?:this|the following|that) order: *(?P<list>[^.;:!?]+)",
    re.IGNORECASE,
)
_INDIRECT = (
    r"\b(?P<verb>bring|give|hand|fetch|get|pass|take|deliver|serve|offer) (?:the )?(?P<who>{who})"
    r"(?= (?:a|an|any|some|the|my|our|your|this|that|these|those|all|both|every|whatever|something|one|two|three)\b)"
)
_EMPTIED = re.compile(
    r"\b(?:make room (?:in|on)|free(?: up)?|clear(?: out| off)?|empty(?: out)?)(?: everything(?: from| off"
    r"| out of| in| on)?)? (?P<x>(?:the|my|our|your) [\w' -]+?)"
    r"(?:,| and|;| then)+ (?:then )?(?P<verb>put|move|bring|place|transfer|take|carry) "
    r"(?:it all|all of it|everything|all|them all|all of them|the lot|all the things)\b",
    re.IGNORECASE,
)


_COMING = re.compile(
    r"\b(?:come (?:closer|nearer|here|over(?: here)?|(?:back )?to me|back)|i need you (?:over |right )?here"
    r"|(?:get|move) closer)(?= *(?:$|[.;,!?]|and\b|then\b|please\b|now\b))",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"\b(?:(?:go|return|get|move)(?: back)? to (?:your|its) (?:place|spot|post|station|position)(?: (?:by|at|near"
    r"|next to|in front of|beside))|(?:stand|wait|park(?: yourself)?|position yourself|station yourself|stop|stay|be"
    r"|take your place)(?: right| over)? (?:by|next to|near|in front of|beside|over at|over by))(?: to)?"
    r" (?P<x>(?:the|my|our) [^.;,!?]+)",
    re.IGNORECASE,
)


def turned(text: str, people: Iterable[str] = (), person: str = "") -> str:
    """The text with such turns replaced. ``people``: words for persons of the scene, of whom "bring the user a cup" may
    speak as of "me"; ``person``: the place where somebody is, for "come here"."""
    text = text.strip(' "“”')
    text = _IDLE.sub(" ", text) if not _IDLE.fullmatch(text) else text
    text = _LISTED.sub(r"\g<verb> \g<list> \g<where>", text)
    text = _EMPTIED.sub(r"\g<verb> everything that is in \g<x>", text)
    text = ALONGSIDE.sub("", text)
    for pattern, plainly in _PLAIN:
        text = pattern.sub(plainly, text)
    text = wished(text)
    if person:
        text = _POSTED.sub(r"go to \g<x>", text)
        text = _COMING.sub(f"go to the {person}", text)
    if who := "|".join(sorted(re.escape(p) for p in people)):
        text = re.sub(_INDIRECT.format(who=who), r"\g<verb> me", text, flags=re.IGNORECASE)
    return text.strip()


def unglued(word: str, *real: Collection[str]) -> str:
    """Two words that were written as one, apart ("insidethe": inside the); "" where that is not clear: one of them
    must be a word of a closed class, the other one that exists (in one of ``real``)."""
    known = (v.KNOWN, *real)
    found = []
    for i in range(2, len(word) - 1):
        a, b = word[:i], word[i:]
        closed = (a in _CLOSED and any(b in k for k in known)) or (b in _CLOSED and any(a in k for k in known))
        if closed and (len(a) > 2 or a in _SHORT) and (len(b) > 2 or b in _SHORT):
            found.append(f"{a} {b}")
    return found[0] if len(found) == 1 else ""


_SHORT = frozenset({"in", "on", "to", "at", "it", "my", "me", "of", "an", "is"})
_CLOSED = frozenset(
    w
    for w in v.DETERMINERS | v.ALL_WORDS | v.PLACE_PREPOSITIONS | v.CONJUNCTIONS | v.PRONOUNS | {"one", "thing", "to"}
    if len(w) > 2 or w in _SHORT
)
