"""Where something is to go, said by what it is to stand near: "next to the plate", "to the left of it"."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.decompose import effects_of
from planner.propose.grammar import GoalOption, Kind, single
from planner.propose.mention import Mention, Role
from planner.propose.sentence import Words
from planner.propose.sets import effects, groups, one_to_each, to_one_target
from planner.propose.spelling import Token
from skills.library import SkillLibrary
from skills.skill import GroundSkill, Skill
from skills.state import State
from skills.symbols import RELATIONS, GroundAtom, Literal

SAID: Mapping[str, str] = {
    **dict.fromkeys(("closer", "nearer"), "beside"),
    **dict.fromkeys(("next", "by", "beside", "near", "close", "alongside", "adjacent", "nearby"), "beside"),
    "left": "left_of",
    "right": "right_of",
    "front": "in_front_of",
    "behind": "behind",
}
BROUGHT = frozenset({"to", "on", "onto", "at", "in", "into"})
PUTTING = v.words(
    """
    put place move bring set drop lay slide push drag carry transfer relocate deposit stick position arrange rest line
    settle perch prop lean park plonk plop tuck plunk scoot scooch situate nestle nudge shove shift leave keep put's
    gather group collect pull haul lug convey plant stand balance tidy
    """
)  # "throw away the can next to the plate" says which can
HANDED = v.words("me us him her")
WISHES = v.words("want wants like need should must belongs belong goes go")


def put_near(
    toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], state: State, library: SkillLibrary
) -> list[Mention]:
    """Phrases that say near what something is to be put are where it goes, their ``before`` the relation's predicate.
    A surface that is named as well ("on the table next to the plate") says only where that is."""
    doable = {skill.operator.add[0].predicate for skill in _skills(library)}
    out = list(mentions)
    for i, m in enumerate(mentions):
        relation = SAID.get(m.before, "")
        if m.role is not Role.RELATION or relation not in doable or m.place or not (m.names or m.pronoun):
            continue
        clause = clause_of(found, m.span[0])
        here = [k for k, x in enumerate(mentions) if clause.start <= x.span[0] < clause.end and k != i]
        movers = [k for k in here if mentions[k].role is Role.MOVER]
        mine = max((k for k in movers if k < i), default=-1)
        until = min((k for k in movers if k > i), default=len(mentions))
        targets = [k for k in here if mentions[k].role is Role.TARGET and mine < k < until]
        if mine < 0 or not puts(toks, clause, found) or not all(_there(m, out[k], state) for k in targets):
            continue
        for k in targets:
            out[k] = replace(out[k], role=Role.ASIDE)
        last = mentions[_meant(mentions, i, mine)]  # "the scissors ... to the right of them": one thing, too
        named = last.names if m.pronoun and (m.text == "it" or len(last.names) == 1) else m.names
        things = tuple(n for n in named if n in state.of_type("thing"))
        out[i] = replace(m, role=Role.TARGET, before=relation, names=things, pronoun=m.pronoun and not things)
    return out


def puts(toks: Sequence[Token], clause: Clause, found: Sequence[Clause]) -> bool:
    """Whether a clause says where something is to be: "put", "bring", "I want", "should stand"; one without a verb
    goes on with the verb before ("..., and the knife to the right of it"). Else what is near tells which thing is
    meant."""
    last = max((c.verb for c in found if c.verb < clause.end), default=-1)
    verb = toks[last].text if last >= 0 else ""
    if last + 1 < len(toks) and toks[last + 1].text in HANDED:
        return False  # "bring me the cup next to the kettle": which cup
    return verb in PUTTING or bool(WISHES & {t.text for t in toks[: clause.end]})


def near_options(library: SkillLibrary, state: State, words: Words) -> list[GoalOption]:
    """Goals for what was said to go near something, of one thing or of a group."""
    out: list[GoalOption] = []
    movable = set(state.of_type("movable"))
    for skill in _skills(library):
        op = skill.operator
        asked = [m for m in words.wanted if m.role is Role.TARGET and m.before == op.add[0].predicate]
        targets = tuple(dict.fromkeys(n for m in asked for n in m.names if n in state.of_type(op.parameters[1].type)))
        movers = {n for m in words.wanted if m.role is Role.MOVER for n in m.names if n in movable}
        out += [single(GroundSkill(skill, (n, t)), state) for t in targets for n in sorted(movers) if n != t]
        for group in groups(words, state) if targets else ():
            if group.mention.role is Role.MOVER:
                out += to_one_target(op, group, targets, state)
        out += one_to_each(op, words, state, targets)
    return out


def together_options(library: SkillLibrary, state: State, words: Words) -> list[GoalOption]:
    """Goals for things that are to stand next to each other, each beside the one said before it, where they are or
    where the words bring them."""
    beside = next((s.operator for s in _skills(library) if s.operator.add[0].predicate == "beside"), None)
    mentions = [words.mentions[i] for i in words.cues.together]
    names = tuple(dict.fromkeys(n for m in mentions for n in (m.names[: m.count] if m.count else m.names)))
    names = names if set(names) <= set(state.of_type("movable")) else ()
    if beside is None or len(names) < 2 or any(m.one and len(m.names) > 1 for m in mentions):
        return []
    row = tuple(x for a, b in itertools.pairwise(names) for x in effects(beside, b, a))
    said = f"next to each other: {', '.join(names)}"
    out: list[GoalOption] = []
    where = [words.mentions[t].names for i in words.cues.together for t in words.links.get(i, ())]
    if not where:  # "first move them to the table, then place them ..."
        where = [m.names for m in words.mentions if m.place and m.role is Role.ASIDE and m.before in BROUGHT][-1:]
    for target in dict.fromkeys(n for found in where for n in found):
        into = "in" if target in state.of_type("container") else "at" if target in state.of_type("place") else ""
        brought = [e for n in names if (e := effects_of(library, n, (into, target)))]
        if len(brought) == len(names):
            both = (*(x for e in brought for x in e), *row)
            out.append(GoalOption(f"{said}, at the {target}", both, names, "", None, Kind.TOGETHER, (target,)))
    return out or [GoalOption(said, row, names, "", None, Kind.TOGETHER)]


def _skills(library: SkillLibrary) -> list[Skill]:
    """Those that put a thing near another."""
    return [s for s in library.values() if s.operator.add and s.operator.add[0].predicate in RELATIONS]


def _meant(mentions: Sequence[Mention], i: int, mover: int) -> int:
    """What "it" is, next to which something goes: the last thing said before that is not put there itself."""
    return max((k for k in range(i) if k != mover and mentions[k].names and not mentions[k].place), default=i)


def _there(m: Mention, target: Mention, state: State) -> bool:
    """Whether what it is to stand near is where the clause says besides."""
    return bool(m.names) and all(
        any(state.holds(Literal(GroundAtom(p, (n, t)))) for p in ("at", "on", "in") for t in target.names)
        for n in m.names
    )
