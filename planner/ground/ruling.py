"""What the rules of the words say of a request: a question, a refusal, or nothing against acting on the best goal.

The rules look at the words as they were read, before any plan is judged (`before`) and at the best proposal
(`after`). Which of them is right is no matter of this module: it is weighed with what else is known
(`planner.ground.judgement`, `planner.ground.second`).
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.ground import questions, replies
from planner.plan import Decision, Proposal, Refuse, Request
from planner.propose.sentence import Words


def rule(request: Request, words: Words, proposals: Sequence[Proposal], may_ask: bool = True) -> Decision | None:
    """A question, a refusal, or None for "act on the best" (the first proposal)."""
    early = before(request, words, proposals, may_ask)
    return early if early is not None or not proposals else after(request, words, proposals[0], may_ask)


def before(request: Request, words: Words, proposals: Sequence[Proposal], may_ask: bool = True) -> Decision | None:
    """What the words say without looking at any plan."""
    if request.goal is None:
        answer = replies.reply(request, words)
        if isinstance(answer, Refuse) or (answer is not None and may_ask):
            return answer
        settled = questions.missing_thing(request, words) or questions.cannot(request, words)
        if settled is not None:
            return settled
        if may_ask:
            question = questions.open_question(request, words)
            if question is not None:
                return question
    if not proposals:
        return questions.refuse_unsayable(request)
    return None


def after(request: Request, words: Words, best: Proposal, may_ask: bool = True) -> Decision | None:
    """What the words say of the best proposal."""
    if request.goal is not None:
        return None
    refusal = questions.unsafe(request, words, best) or questions.unheeded(request, words, best)
    if refusal is not None or not may_ask:
        return refusal
    question = questions.unclear_thing(request, words, best)
    question = question or questions.unspoken(request, words, best)
    return question or questions.unclear_destination(request, words, best)
