"""How well a sayable goal fits the words of the instruction: a log-score that stands beside the model's.

Each argument of a goal is looked up among the mentions: was it named, and in a place that fits its role ("in the
blue bowl" is where to, not what)? Do mover and target belong together? Weights are log-probabilities of a
deliberately soft reading, so that the language model can overrule any single one of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from planner.propose import vocabulary as v
from planner.propose.grammar import GoalOption, Kind
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.sentence import Words
from skills.symbols import RELATIONS

UNNAMED = math.log(0.03)  # argument that no word speaks of, while others were spoken of
MAYBE_MEANT = math.log(0.4)  # ... but some phrase is left that may mean it ("something to drink")
WRONG_ROLE = math.log(0.08)
NOT_LINKED = math.log(0.08)  # mover and target were both named, but not together
SEVERAL_FOR_ONE = math.log(0.2)  # a group goal for a phrase that means one thing, or the reverse
LEFT_OUT = math.log(0.03)  # a thing was named and the goal does not speak of it
BANNED = math.log(0.01)
WRONG_VERB = math.log(0.15)  # taking in hand where putting was asked for
WRONG_PREPOSITION = math.log(0.3)
ODD_PREPOSITION = math.log(0.6)  # "on the plate" is fine, but a support is better
NO_CUE = math.log(0.03)  # an arrangement that no word asks for
MISSED_CUE = math.log(0.03)  # a word asks for an arrangement and the goal is none

SPECIAL = {
    Kind.PILE: "tower", Kind.MATCHING: "matching", Kind.MISMATCHING: "mismatching", Kind.APART: "apart",
    Kind.REVERSED: "reverse", Kind.SWAPPED: "swap", Kind.TOGETHER: "together",
}  # fmt: skip
ONTO = frozenset({"on", "onto", "upon", "atop"})
INTO = frozenset({"in", "into", "inside", "within"})


def _argument(words: Words, name: str, role: Role, group: bool) -> float:
    """Log-evidence that ``name`` is spoken of in this role."""
    if name in (words.barred if role is Role.TARGET else words.excluded):
        return 2 * UNNAMED
    best = None
    for i, m in enumerate(words.mentions):
        if name not in m.names or m.excluded or m.role not in (Role.MOVER, Role.TARGET):
            continue
        score = 0.0
        if len(m.names) > 1 and not group:
            score += 0.0 if m.one else SEVERAL_FOR_ONE  # which of several is a question, not a doubt about the goal
        chained = m.role is Role.TARGET and i in words.links
        visit = m.visit and role is Role.MOVER  # "go to the sink" is said of the sink
        if (
            m.role is not role
            and not (m.place and role is Role.TARGET)
            and not visit
            and not (chained and role is Role.MOVER)
        ):
            score += WRONG_ROLE
        best = score if best is None else max(best, score)
    if best is not None:
        return best
    if not words.wanted:
        return 0.0
    return MAYBE_MEANT if words.open_phrases else UNNAMED


def _linked(words: Words, mover: str, target: str) -> float:
    """Whether the two were said together; 0 where one of them was not said at all."""
    named = {n for m in words.wanted if m.role is Role.TARGET for n in m.names}
    told = [i for i in words.links if mover in words.mentions[i].names]
    if target not in named or not told:
        return 0.0
    fits = any(target in words.mentions[t].names for i in told for t in words.links[i])
    return 0.0 if fits else NOT_LINKED


def _preposition(words: Words, option: GoalOption) -> float:
    """ "in" wants a container, "on" takes either; "next to" is nothing but itself."""
    aims = {option.target, *option.targets}
    near = [i for i, m in enumerate(words.mentions) if m.role is Role.TARGET and not m.excluded and aims & set(m.names)]
    movers = {i for i, m in enumerate(words.mentions) if m.role is Role.MOVER and set(m.names) & set(option.movers)}
    own = {t for i in movers for t in words.links.get(i, ())}
    said = {words.mentions[i].before for i in near if i in own} or {words.mentions[i].before for i in near}
    related = option.predicate in RELATIONS or (said and said <= set(RELATIONS))
    if related and option.predicate not in said:
        return BANNED
    if option.predicate == "on" and said and said <= INTO:
        return WRONG_PREPOSITION
    return ODD_PREPOSITION if option.predicate == "in" and said and said <= ONTO else 0.0


def _arrangement(words: Words, option: GoalOption) -> float:
    """Whether the words ask for this kind of arrangement."""
    cues = words.cues
    if option.kind is Kind.RESTORED:
        return 0.0 if words.restored else NO_CUE
    own = SPECIAL.get(option.kind)
    if own is not None:
        return 0.0 if getattr(cues, own) else NO_CUE
    if option.kind is Kind.EACH:
        return 0.0 if cues.distribute or any(m.each for m in words.mentions) else NO_CUE
    asked = bool(words.restored) or cues.reverse or cues.apart or cues.swap or cues.mismatching
    settled = option.target and all(len(m.names) <= 1 for m in words.wanted if m.role is Role.TARGET)
    asked = asked or (cues.matching and not settled) or (cues.tower and bool(cues.order))
    asked = asked or (cues.tower and option.kind is Kind.TO_ONE)
    asked = asked or bool(cues.together)
    asked = asked or (cues.distribute and bool(option.movers))
    return MISSED_CUE if asked else 0.0


def _own_verb(words: Words, option: GoalOption) -> float:
    """What has a verb of its own ("open", "stand ... upright") is meant where that verb was said, and nowhere else."""
    op = option.operator
    shut = op is not None and op.name == "open" and "close" in words.deeds and bool(option.names)
    if shut and sum(option.names[0] in m.names for m in words.mentions) > 1:
        return NO_CUE  # "open it, put the cup in and close it": shut in the end
    return NO_CUE if op is not None and op.verbs and not words.ask_for(op) else 0.0


def _makes_room(words: Words, name: str) -> bool:
    """Whether a thing is only taken out of something before more is done: it does not stay in the hand."""
    for i, m in enumerate(words.mentions):
        if m.role is Role.MOVER and name in m.names and not words.links.get(i):
            behind = itertools.takewhile(lambda x: x.role is not Role.MOVER, words.mentions[i + 1 :])
            if any(x.role is Role.SOURCE for x in behind) and any(words.links.get(k) for k in words.links if k > i):
                return True
    return False


def option_evidence(words: Words, option: GoalOption) -> float:
    """Log-evidence of one part of a goal; 0 is a perfect fit."""
    total = _arrangement(words, option) + _own_verb(words, option)
    if not option.movers and words.mentions and option.text.split()[-1] not in words.said:  # "go home"
        total += UNNAMED
    if option.kind is Kind.SINGLE:
        total += sum(_argument(words, n, Role.MOVER, False) for n in option.movers)
        if option.target:
            total += _preposition(words, option)
            total += sum(_linked(words, n, option.target) for n in option.movers)
        elif option.movers and not (option.operator is not None and words.ask_for(option.operator)):
            visit = any(m.visit and option.movers[0] in m.names for m in words.mentions)
            goes = any(words.links.get(i) and option.movers[0] in m.names for i, m in enumerate(words.mentions))
            put = words.verbs & v.PUT_VERBS - v.PICK_VERBS and not words.verbs & v.PICK_VERBS
            other = words.deeds and not words.verbs & v.PICK_VERBS
            total += WRONG_VERB if (goes or put or other or _makes_room(words, option.movers[0])) and not visit else 0.0
    elif option.group is not None:
        total += _preposition(words, option) if option.kind is Kind.EACH else 0.0
        total += 0.0 if option.group.group else SEVERAL_FOR_ONE if not words.cues.order else 0.0
        if option.target:
            total += _group_link(words, option) + _preposition(words, option)
    if option.target:
        total += _argument(words, option.target, Role.TARGET, False)
    if any((n, option.target) in words.banned for n in option.movers):
        total += BANNED
    return total


def _group_link(words: Words, option: GoalOption) -> float:
    index = next((i for i, m in enumerate(words.mentions) if m is option.group), -1)
    if index not in words.links or not words.links[index]:
        return 0.0
    return 0.0 if any(option.target in words.mentions[t].names for t in words.links[index]) else NOT_LINKED


def left_out(words: Words, options: Iterable[GoalOption]) -> list[Mention]:
    """Mentions that none of the parts accounts for."""
    chosen = list(options)
    movers = {n for o in chosen for n in o.movers}
    named = {n for o in chosen for n in o.names}
    expanded = {o.group.span for o in chosen if o.group is not None}
    apart = any(o.kind is Kind.APART for o in chosen)
    whole = {n for o in chosen if o.kind is not Kind.SINGLE for n in o.names}
    into = {o.target for o in chosen if o.kind is Kind.TO_ONE and o.target not in o.movers}
    out = []
    for m in words.wanted:
        covered = whole - into if m.role is Role.MOVER and not m.place else whole  # "..., and close the drawer"
        if m.span in expanded or (set(m.names) & covered and set(m.names) - words.excluded <= covered):
            continue
        if apart and m.place and m.text.split()[-1] in v.SURFACES:
            continue  # "apart, each on the table": where else
        spoken = named if m.role is Role.TARGET or m.place else movers
        if m.quantity is Quantity.ALL and not m.pile and len(m.names) > 1 and m.role is Role.MOVER:
            if not set(m.names) - words.excluded <= spoken:
                out.append(m)
        elif not spoken & set(m.names):
            out.append(m)
    return out


def goal_evidence(words: Words, options: Sequence[GoalOption]) -> float:
    """Log-evidence of a whole goal: its parts, and what was named but left out."""
    return sum(option_evidence(words, o) for o in options) + LEFT_OUT * len(left_out(words, options))
