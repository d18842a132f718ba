"""The few-shot prompt: a fixed head (cached once), then this scene and this request.

The examples use things and wordings chosen to differ from the scenes of the suites; they show the form
(objects, request, goal, plan), not the answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.plan import Request

NULL_REQUEST = "do it"  # says nothing: what the model would answer anyway, for calibration

_EXAMPLES: tuple[tuple[str, str, str, str], ...] = (
    (
        "grey bowl, pear, pink block, brown block",
        "would you drop the pear into the grey bowl",
        "put the pear in the grey bowl",
        "pick up the pear, put the pear in the grey bowl",
    ),
    (
        "cup, grey block, pink block",
        "set the pink block on the grey one",
        "put the pink block on the grey block",
        "pick up the pink block, put the pink block on the grey block",
    ),
    (
        "spoon, orange, grey bowl",
        "shift the spoon over to the far edge and the orange belongs in the bowl",
        "put the spoon at the far edge and put the orange in the grey bowl",
        "pick up the spoon, put the spoon at the far edge, pick up the orange, put the orange in the grey bowl",
    ),
    ("fork, pink bowl, pink block", "lift the fork for me", "pick up the fork", "pick up the fork"),
    (
        "brown block, pen, brown bowl, pink block",
        "get every block into the brown bowl",
        "put all the blocks in the brown bowl",
        "pick up the brown block, put the brown block in the brown bowl, "
        "pick up the pink block, put the pink block in the brown bowl",
    ),
)

INTRO = "A robot hand works at a table. Each request becomes a goal and a plan.\n\n"


def head() -> str:
    """The part that never changes."""
    return INTRO + "".join(f"Objects: {o}\nRequest: {r}\nGoal: {g}.\nPlan: {p}, done.\n\n" for o, r, g, p in _EXAMPLES)


def scene_lines(request: Request) -> str:
    """What is here, for the model: objects by name, and what the hand holds."""
    names = sorted(request.observation.objects)
    lines = f"Objects: {', '.join(names)}\n"
    held = sorted(a.args[0] for a in request.state.base if a.predicate == "holding")
    if held:
        lines += f"The hand holds: {held[0]}\n"
    return lines


def request_line(instruction: str, dialogue: Sequence[tuple[str, str]] = ()) -> str:
    """The person's words on one line, with what was asked and answered so far."""
    said = " ".join(instruction.split())
    for question, answer in dialogue:
        said += f" ({' '.join(question.split())} {' '.join(answer.split())})"
    return f"Request: {said}\n"


def goal_prefix(request: Request) -> tuple[str, str, str]:
    """(shared prefix, tail with the request, tail that says nothing) before the goal's words."""
    shared = head() + scene_lines(request)
    return (
        shared,
        request_line(request.instruction, request.dialogue) + "Goal:",
        request_line(NULL_REQUEST) + "Goal:",
    )


def plan_tail(request: Request, goal_text: str) -> str:
    """The tail before the plan's words: the request, the chosen goal, and what failed before."""
    failed = [p.failure.detail for p in request.past[-2:] if p.failure is not None]
    note = f"Earlier: {'; '.join(' '.join(f.split())[:120] for f in failed)}\n" if failed else ""
    return f"{request_line(request.instruction, request.dialogue)}Goal: {goal_text}.\n{note}Plan:"
