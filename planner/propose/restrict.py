"""Which of several: "the bowl that is not red", "the block in the blue bowl", "what lies on the tray".

A phrase is narrowed by a colour, by a fact of the present state, or by its place in a tower. The phrase that tells
so gets the role DETAIL: no goal needs to account for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, governing
from planner.propose.implied import leads_away
from planner.propose.lying import carried, is_clear, related
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token, colour_of, colours_of
from planner.propose.spotting import EVERYTHING
from planner.propose.within import MOTION, goes_on
from planner.propose.words import Spotter
from skills.state import State

ANYTHING = frozenset({"anything", "something", "nothing", "anyone", "another", "others"})
CALLED = frozenset({"empty", "free", "clear", "full", "open", "closed", "clean", "dirty"})  # states, or parts of names
HOLDING = frozenset({"containing", "holding"})
HOLDS = HOLDING | {"contains", "contain", "holds", "hold"}
UNDER = frozenset({"under", "underneath", "below", "beneath"})
WHAT = frozenset({"what", "whatever", "what's", "whichever"})


@dataclass
class Restricter:
    """Works through the mentions of one instruction. ``explained``: words that only tell which thing is meant."""

    toks: Sequence[Token]
    state: State
    spotter: Spotter
    explained: set[int]

    def run(self, mentions: list[Mention], found: Sequence[Clause]) -> list[Mention]:
        """The mentions, narrowed."""
        mentions = self._whats(mentions)
        for i in range(len(mentions)):
            if mentions[i].place or mentions[i].pronoun:
                continue
            self._adjective(mentions, i)
            if not self._relative(mentions, i):
                self._tower_position(mentions, i)
                self._phrase(mentions, i, found)
        return mentions

    # --- the ways to say which ---

    def _relative(self, mentions: list[Mention], i: int) -> bool:
        """ "that is (not) red", "which lies in the bowl", "that has nothing on it"."""
        m = mentions[i]
        j = m.span[1]
        if m.text in EVERYTHING and j < len(self.toks) and colour_of(self.toks[j].text) and not self._ends(j - 1):
            colour = colour_of(self.toks[j].text)  # "everything yellow"
            self._narrow(mentions, i, lambda n: self._looks(n, colour), strict=True)
            k = next((n for n, x in enumerate(mentions) if x.span[0] == j), -1)
            if k >= 0:
                mentions[k] = replace(mentions[k], role=Role.DETAIL)
            return True
        opening = v.RELATIVES | (v.BEING - {"is", "are", "was", "there"}) | HOLDING
        if j >= len(self.toks) or self.toks[j].text not in opening:
            return False
        if self.toks[j].text in v.BEING and (self._ends(j) or self._verbal(j)):
            return False
        if self.toks[j].text in HOLDING and self._ends(j - 1):
            return False
        after = self.toks[j + 1].text if j + 1 < len(self.toks) else ""
        if self.toks[j].text == "that" and self._ends(j - 1) and after not in v.BEING | {"has", "have", "does", "do"}:
            return False  # "the cup, that plate"
        start = j
        j += self.toks[j].text in v.RELATIVES if j < len(self.toks) else 0
        if j < len(self.toks) and self.toks[j].text in ("does", "do"):
            j += 1
        negated = False
        while j < len(self.toks) and self.toks[j].text in v.BEING | {"not", "never"}:
            negated ^= self.toks[j].text in ("not", "never") or self.toks[j].text.startswith(("isn", "aren"))
            j += 1
        if j < len(self.toks) and self.toks[j].text in ("either", "neither"):
            negated ^= self.toks[j].text == "neither"
            j += 1
        keep, end, detail = self._told(mentions, j, m.names)
        if keep is None:
            return False
        tests, details = [keep], [detail]
        while end < len(self.toks) and self.toks[end].text in ("or", "nor") and not self._ends(end - 1):
            keep, further, detail = self._told(mentions, end + 1, m.names)  # "that is not red or blue"
            if keep is None:
                break
            tests, details, end = [*tests, keep], [*details, detail], further
        self._narrow(mentions, i, lambda n: any(t(n) for t in tests) != negated, strict=True)
        self.explained.update(range(start, end))
        for k in details:
            if k >= 0:
                mentions[k] = replace(mentions[k], role=Role.DETAIL, excluded=False)
        return True

    def _told(
        self, mentions: list[Mention], j: int, of: Sequence[str] = ()
    ) -> tuple[Callable[[str], bool] | None, int, int]:
        """(test of a name, end of the words, index of the mention used) for what stands at ``j``. ``of``: the names
        that are to be narrowed; what one of them is called ("empty can") is no state to be looked at."""
        text = [t.text for t in self.toks[j : j + 6]]
        said = text[0] if text else ""
        if said in CALLED and any(said in n.split()[:-1] for n in of):
            return (lambda n: said in n.split()), j + 1, -1
        k = next((n for n, x in enumerate(mentions) if j in (x.start, x.span[0]) and x.span[1] > j), -1)
        if k < 0:  # "that is not on the shelf": the phrase begins with the "not"
            k = next((n for n, x in enumerate(mentions) if x.excluded and x.start < j <= x.span[0]), -1)
        if k >= 0 and mentions[k].before and mentions[k].role in (Role.TARGET, Role.SOURCE):
            others = mentions[k].names
            return (lambda n: any(related(n, o, self.state) for o in others)), mentions[k].span[1], k
        being = self.toks[j - 1].text in v.BEING | {"not", "never", "or", "nor", "either", "neither"}
        if k >= 0 and being and mentions[k].exact and mentions[k].role is Role.MOVER and not mentions[k].place:
            named = set(mentions[k].names)  # "which is not the grey cube"
            return (lambda n: n in named), mentions[k].span[1], k
        if text and colour_of(text[0]):
            colour = colour_of(text[0])
            return (lambda n: self._looks(n, colour)), (mentions[k].span[1] if k >= 0 else j + 1), k
        if text[:1] and text[0] in ("in", "on", "inside") and len(text) > 1:
            rest = 3 if text[1] == "top" else 1
            if text[1] in ("your", "the") and text[2:3] in (["hand"], ["gripper"], ["fingers"], ["air"]):
                return self._held, j + 3, -1
            if text[rest : rest + 1] and text[rest] in ANYTHING:
                end = j + rest + 1 + (text[rest + 1 : rest + 2] == ["else"])
                if text[rest] == "nothing":
                    return (lambda n: not carried(n, self.state)), end, -1
                return (lambda n: carried(n, self.state)), end, -1
        if text[:2] in (["you", "are"], ["you", "hold"], ["the", "robot"], ["you're", "holding"]):
            if {"holding", "hold", "holds", "carrying"} & set(text[:4]):
                return self._held, j + next(n for n, w in enumerate(text) if w.startswith(("hold", "carry"))) + 1, -1
            return None, j, -1
        if said in HOLDS and (inner := next((n for n, x in enumerate(mentions) if 0 < x.span[0] - j < 4), -1)) >= 0:
            held = mentions[inner].names
            return (lambda n: any(related(h, n, self.state) for h in held)), mentions[inner].span[1], inner
        if text[:1] in (["held"], ["holding"]):
            return self._held, j + 1, -1
        if text[:1] in (["empty"], ["free"], ["clear"], ["unoccupied"]):
            return (lambda n: is_clear(n, self.state)), j + 1, -1
        if text[:2] in (["has", "nothing"], ["have", "nothing"]):
            return (lambda n: is_clear(n, self.state)), min(len(self.toks), j + 6), -1
        return None, j, -1

    def _adjective(self, mentions: list[Mention], i: int) -> None:
        """ "the empty bowl", "the top block" of a tower, "the loose blocks"."""
        m = mentions[i]
        before = [t.text for t in self.toks[max(0, m.span[0] - 3) : m.span[0]]]
        if len(m.names) < 2:
            return
        if "empty" in before[-1:] and "empty" not in " ".join(m.names):
            self._narrow(mentions, i, lambda n: is_clear(n, self.state))
        elif set(before[-2:]) & v.LOOSE and self.spotter.piles:
            piled = {n for pile in self.spotter.piles for n in pile}
            self._narrow(mentions, i, lambda n: n not in piled)
        elif set(before[-2:]) & (v.HIGHEST | v.LOWEST) and self.spotter.piles:
            count = m.count or 1
            lowest = bool(set(before[-2:]) & v.LOWEST)
            ends = {n for p in self.spotter.piles for n in (p[:count] if lowest else p[-count:])}
            self._narrow(mentions, i, lambda n: n in ends)
            if len(mentions[i].names) == count > 1:
                mentions[i] = replace(mentions[i], quantity=Quantity.ALL, count=None)

    def _tower_position(self, mentions: list[Mention], i: int) -> None:
        """ "the block at the bottom of the pile"."""
        m = mentions[i]
        text = [t.text for t in self.toks[m.span[1] : m.span[1] + 4]]
        k = next((n for n, x in enumerate(mentions) if x.pile and 0 < x.span[0] - m.span[1] < 4), -1)
        if k >= 0 and text[:1] == ["of"] and not m.pile:  # "the blocks of the tower"
            self._narrow(mentions, i, lambda n: n in mentions[k].names)
            mentions[k] = replace(mentions[k], role=Role.DETAIL)
            return
        if not self.spotter.piles or len(text) < 3 or text[0] not in ("at", "on", "in") or self._ends(m.span[1] - 1):
            return
        where = text[2] if text[1] == "the" else text[1]
        if where not in v.LOWEST | v.HIGHEST | v.BETWEEN or "of" not in text[1:]:
            return
        pick = {
            n
            for p in self.spotter.piles
            for n in (p[:1] if where in v.LOWEST else p[-1:] if where in v.HIGHEST else p[1:-1])
        }
        self._narrow(mentions, i, lambda n: n in pick)
        for k, other in enumerate(mentions):
            if other.pile and 0 < other.span[0] - m.span[1] < 6:
                mentions[k] = replace(other, role=Role.DETAIL)
        self.explained.update(range(m.span[1], min(len(self.toks), m.span[1] + 5)))

    def _phrase(self, mentions: list[Mention], i: int, found: Sequence[Clause]) -> None:
        """ "the block in the bowl" where it lies there now and is to go elsewhere, or is only to be taken."""
        m = mentions[i]
        k = next((n for n, x in enumerate(mentions) if x.start == m.span[1] and x.before), -1)
        if k < 0 or self._ends(m.span[1] - 1) or not m.names:
            return
        detail = mentions[k]
        others = detail.names
        if detail.before == "with" and self._within_it(detail.span[1]):  # "the bowl with the plum in it"
            fits = [n for n in m.names if any(related(o, n, self.state) for o in others)]
            self._narrow(mentions, i, lambda n: n in fits)
            mentions[k] = replace(detail, role=Role.DETAIL) if fits else detail
            it = next((n for n, x in enumerate(mentions) if x.pronoun and 0 < x.span[0] - detail.span[1] < 3), -1)
            if fits and it >= 0:
                mentions[it] = replace(mentions[it], role=Role.DETAIL, pronoun=False)
            return
        if detail.before in UNDER and goes_on(self.toks, mentions, k):
            below = [n for n in m.names if any(related(o, n, self.state) for o in others)]
            self._narrow(mentions, i, lambda n: n in below)
            mentions[k] = replace(detail, role=Role.DETAIL) if below else detail
            return
        fits = [n for n in m.names if any(related(n, o, self.state) for o in others)]
        if not fits or detail.role not in (Role.TARGET, Role.SOURCE):
            return
        if m.role is Role.TARGET and m.quantity is Quantity.THE and detail.place and len(fits) < len(m.names):
            self._narrow(mentions, i, lambda n: n in fits)  # "in the bowl at the top right"
            mentions[k] = replace(detail, role=Role.DETAIL)
            return
        clause = governing(found, m.span[0])
        verb = self.toks[clause.verb].text if clause.verb >= 0 else ""
        again = goes_on(self.toks, mentions, k)
        elsewhere = leads_away([t.text for t in self.toks[clause.start : clause.end]], verb, self.state)
        picked = verb in v.PICK_VERBS - {"get"} or clause.verb > detail.span[0]
        picked = picked or "find" in {t.text for t in self.toks[clause.start : m.span[0]]}
        elsewhere = elsewhere and detail.before not in MOTION
        if detail.role is Role.SOURCE or again or picked or elsewhere:
            self._narrow(mentions, i, lambda n: n in fits)
            if detail.role is Role.TARGET:
                mentions[k] = replace(detail, role=Role.DETAIL)

    def _within_it(self, j: int) -> bool:
        """Whether "in it", "on top of it", "inside" stand there: the thing lies in or on what was said before."""
        text = [t.text for t in self.toks[j : j + 4]]
        return text[:1] == ["inside"] or text[:2] in (["in", "it"], ["on", "it"], ["in", "there"])

    def _whats(self, mentions: list[Mention]) -> list[Mention]:
        """ "what lies in the bowl" as a phrase of its own, if the clause behind it is understood."""
        taken = {i for m in mentions for i in range(min(m.start, m.span[0]), m.span[1])}
        movable = self.state.of_type("movable")
        out = list(mentions)
        for i, t in enumerate(self.toks):
            contents = t.text == "contents"
            if i in taken or not (t.text in WHAT or contents) or (t.text == "whichever" and t.ends_clause):
                continue
            asked = i and self.toks[i - 1].text in ("know", "mind", "matter", "see")
            keep, end, detail = self._contents(out, i) if contents else self._told(out, self._after_being(i))
            if keep is None or asked:
                continue
            if t.text == "whichever" and self._either(out, i, keep):
                self.explained.update(range(i, end))
                continue
            names = tuple(n for n in movable if keep(n))
            if detail >= 0:
                out[detail] = replace(out[detail], role=Role.DETAIL)
            text = " ".join(x.text for x in self.toks[i:end])
            quantity = Quantity.THE if len(names) == 1 else Quantity.ALL
            why = "" if names else f"nothing is there: {text!r}"
            out.append(Mention(text, (i, i + 1), names, quantity, False, start=i, told=True, missing=why))
            self.explained.update(range(i, end))
        return sorted(out, key=lambda m: m.span)

    def _either(self, mentions: list[Mention], i: int, keep: Callable[[str], bool]) -> bool:
        """ "In the bowl or the box, *whichever is empty*": the two before become the ones of which it is true."""
        before = [k for k, m in enumerate(mentions) if m.span[1] <= i][-2:]
        if len(before) < 2 or "or" not in {
            t.text for t in self.toks[mentions[before[0]].span[1] : mentions[before[1]].span[0]]
        }:
            return False
        a, b = (mentions[k] for k in before)
        names = tuple(n for n in (*a.names, *b.names) if keep(n))
        if not names:
            return False
        one = Quantity.THE if len(names) == 1 else Quantity.ANY
        mentions[before[0]] = replace(a, names=names, told=True, exact=False, quantity=one)
        mentions[before[1]] = replace(b, role=Role.DETAIL)
        return True

    def _contents(self, mentions: list[Mention], i: int) -> tuple[Callable[[str], bool] | None, int, int]:
        k = next((n for n, x in enumerate(mentions) if 1 < x.span[0] - i < 5), -1)
        if k < 0:
            return None, i, -1
        others = set(mentions[k].names)
        last = k
        if k + 1 < len(mentions):  # "the contents of the bowl and the cup"
            gap = {t.text for t in self.toks[mentions[k].span[1] : mentions[k + 1].span[0]]}
            if gap and gap <= {"and", *v.DETERMINERS}:
                last = k + 1
                others |= set(mentions[last].names)
                mentions[k] = replace(mentions[k], role=Role.DETAIL)
        return (lambda n: any(related(n, o, self.state) for o in others)), mentions[last].span[1], last

    # --- helpers ---

    def _narrow(self, mentions: list[Mention], i: int, keep: Callable[[str], bool], strict: bool = False) -> None:
        m = mentions[i]
        names = tuple(n for n in m.names if keep(n))
        if names:
            mentions[i] = replace(m, names=names, told=len(names) == 1 or m.told)
        elif strict and m.names:
            mentions[i] = replace(m, names=(), missing=f"no {m.text!r} of which that is true is here")

    def _looks(self, name: str, colour: str) -> bool:
        named = colours_of(name)
        return colour in named or (not named and self.spotter.colours.get(name) == colour)

    def _held(self, name: str) -> bool:
        return any(a.predicate == "holding" and a.args == (name,) for a in self.state.base)

    def _after_being(self, i: int) -> int:
        j = i + 1
        while j < len(self.toks) and self.toks[j].text in v.BEING:
            j += 1
        return j

    def _ends(self, j: int) -> bool:
        return j < len(self.toks) and self.toks[j].ends_clause

    def _verbal(self, j: int) -> bool:
        """A state verb that says where the thing should be ("the cup stands on ...") is no relative clause."""
        return not self.toks[j].text.endswith(("ing", "ed"))
