"""A request on a small table, for tests of proposals and grounding: no robot needed to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planner.plan import Request
from skills.drivers.fake import fake_embodiment
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.types import Form, ObjectState, Pose, Region, Shape

SIDES = (
    Region("left side", (0.30, -0.36), (0.70, -0.12)),
    Region("middle", (0.43, -0.12), (0.57, 0.12)),
    Region("right side", (0.30, 0.12), (0.70, 0.36)),
    Region("table", (0.30, -0.36), (0.70, 0.36)),
)
SPOTS = [(0.36 + 0.11 * (i % 4), -0.28 + 0.14 * (i // 4)) for i in range(20)]


def thing(name: str, x: float, y: float) -> ObjectState:
    """A bowl if the name says so, else a block."""
    if name.endswith("bowl"):
        shape = Shape(Form.BOWL, (0.14, 0.14, 0.05), 0.006)
        return ObjectState(name, "bowl", shape, Pose((x, y, 0.025)))
    return ObjectState(name, name.split()[-1], Shape(Form.BOX, (0.04, 0.04, 0.04)), Pose((x, y, 0.02)))


def body_with(names: Iterable[str]):
    """A fake robot at a table with these things on it, well apart."""
    return fake_embodiment([thing(n, *SPOTS[i]) for i, n in enumerate(names)], SIDES)


def request_for(instruction: str, names: Iterable[str] = ("red block", "green block", "blue bowl"), **more) -> Request:
    """What the loop would ask for this instruction."""
    obs = (more.pop("body", None) or body_with(names)).observe()
    return Request(instruction, obs, symbolic_state(obs), default_library(), **more)


def stacked(request: Request, steps: Iterable[str]) -> Request:
    """The request in the state after these steps, such as ``pick(red block)``: for towers and full bowls."""
    state = request.state
    for step in steps:
        state = state.apply(request.library.parse(step, state).operator)
    return replace(request, state=state)


def moved(*pairs: tuple[str, str, str]) -> list[str]:
    """Steps that bring things to where they are: ("red block", "in", "blue bowl") ..."""
    return [step for x, how, y in pairs for step in (f"pick({x})", f"place_{how}({x}, {y})")]
