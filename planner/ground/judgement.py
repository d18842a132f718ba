"""Act, ask or refuse: what the model answers weighed against what the rules of the words say.

The rules give the decision its words. Where the model decides against them, the question or the reason is made from
its answers. What cannot be done stays undone: no weight turns an impossible plan into an act.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.ground.questions import present
from planner.plan import Act, Ask, Decision, Refuse, Request
from planner.propose import form
from planner.propose.answers import Answers
from planner.propose.asking import HAND
from planner.propose.thought import Candidate, Thought
from skills.failure import Blame, Failure, FailureKind

KINDS = tuple(d.strip() for d in form.DECISIONS)
UNSURE = 0.5  # a target less likely than this is asked about
SHOWN = 4  # goals offered in a question


def kind_of(decision: Decision | None) -> str:
    """ "act", "ask" or "refuse"; no decision of the rules means act."""
    return "ask" if isinstance(decision, Ask) else "refuse" if isinstance(decision, Refuse) else "act"


def weighed(request: Request, thought: Thought, rule: Decision | None, act: Decision, may_ask: bool) -> Decision:
    """The decision. ``rule``: what the words alone say, None for act; ``act``: the best plan, or why there is none."""
    answers = thought.answers
    if answers is None:
        return rule or act
    w = thought.weights.decision
    said = [w.model * math.log(max(p, 1e-4)) for p in answers.decision]
    clear = thought.words.clear
    said[1] += w.ask + (w.ask_rule + w.ask_clear * clear if isinstance(rule, Ask) else 0.0)
    said[2] += w.refuse + (w.refuse_rule + w.refuse_clear * clear if isinstance(rule, Refuse) else 0.0)
    kind = KINDS[max(range(3), key=lambda i: (said[i], -i))]
    if kind == "ask" and may_ask:
        return rule if isinstance(rule, Ask) else question(request, answers, thought.candidates)
    if kind == "refuse":
        return rule if isinstance(rule, Refuse) else act if isinstance(act, Refuse) else refusal(request, answers)
    return act if isinstance(act, Act) else rule or act


def question(request: Request, answers: Answers, candidates: Sequence[Candidate]) -> Ask:
    """What is least sure among the answers, as a question: which thing, where to, else which goal."""
    either = answers.either
    if len(either) > 1:
        return Ask(f"Which do you mean: {_or(either)}?", either)
    for thing in answers.certain:
        goes = answers.goes.get(thing, {})
        if goes and max(goes.values()) < UNSURE:
            best = sorted(goes, key=lambda t: -goes[t])[:6]
            return Ask(f"Where should the {thing} go?", tuple(t[1] for t in best if t != HAND))
    texts = tuple(c.text for c in candidates[:SHOWN] if c.text)
    if len(texts) > 1:
        return Ask(f"What exactly do you mean: {_or(texts)}?", texts)
    return Ask(f"What exactly should I do? I see {present(request)}.")


def confirm(candidates: Sequence[Candidate]) -> Ask | None:
    """Whether the likeliest goal is meant, where it is not sure enough; None when it cannot be said."""
    texts = tuple(c.text for c in candidates[:SHOWN] if c.text)
    return Ask(f"Do you mean: {texts[0]}?", texts) if texts else None


def refusal(request: Request, answers: Answers) -> Refuse:
    """Why nothing is done where the rules have no reason of their own."""
    skills = "; ".join(sorted({s.operator.say.replace("{", "").replace("}", "") for s in request.library.values()}))
    named = [n for n in answers.meant if answers.likely(n) > UNSURE]
    what = f"what you ask of the {', '.join(named)} is nothing" if named else "that is nothing"
    detail = f"{what} that I can do here; present: {present(request)}; I can: {skills}"
    return Refuse(Failure(FailureKind.UNPARSABLE, detail, blame=Blame.TASK))


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 2 else " or ".join(names)
