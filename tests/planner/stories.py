"""A small table on the fake robot, for tests of the loop, the episode and replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner import loop
from planner.budget import Budget
from planner.events import Event, Listener, tell
from planner.plan import Grounder, Proposer
from planner.propose.scripted import FirstFitGrounder
from planner.session import Mind
from skills.driver import Embodiment
from skills.drivers.fake import FakeDriver, fake_embodiment
from skills.guard import Guard
from skills.library import default_library
from skills.types import Form, ObjectState, Pose, Region, Shape

STEPS = ("pick(red block)", "place_in(red block, blue bowl)")
GOAL = ("in(red block, blue bowl)",)

TABLE = (
    Region("left side", (0.30, 0.0), (0.70, 0.35)),
    Region("right side", (0.30, -0.35), (0.70, 0.0)),
)


def block(name: str, x: float, y: float) -> ObjectState:
    """A 4 cm block standing on the table."""
    return ObjectState(name, "block", Shape(Form.BOX, (0.04, 0.04, 0.04)), Pose((x, y, 0.02)), colour=name.split()[0])


def bowl(name: str, x: float, y: float) -> ObjectState:
    """A bowl standing on the table."""
    return ObjectState(name, "bowl", Shape(Form.BOWL, (0.17, 0.17, 0.06), 0.005), Pose((x, y, 0.03)), movable=False)


def table() -> Embodiment:
    """Two blocks and a bowl."""
    things = (block("red block", 0.5, 0.15), block("green block", 0.42, -0.2), bowl("blue bowl", 0.5, -0.1))
    return fake_embodiment(things, TABLE)


def fake(body: Embodiment) -> FakeDriver:
    """The fake robot below its guard."""
    driver = body.driver.driver if isinstance(body.driver, Guard) else body.driver
    assert isinstance(driver, FakeDriver)
    return driver


class Listening:
    """Keeps every event."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type) -> list:
        """The events of one kind, in order."""
        return [e for e in self.events if isinstance(e, kind)]


def parts(
    body: Embodiment,
    proposer: Proposer,
    grounder: Grounder | None = None,
    listeners: Sequence[Listener] = (),
    **more: object,
) -> loop.Parts:
    """Parts of a loop with the default library."""
    made = loop.Parts(body, proposer, grounder or FirstFitGrounder(), default_library(), tell(*listeners))
    return replace(made, **more)  # type: ignore[arg-type]


def scripted_mind(proposer: Proposer, grounder: Grounder | None = None) -> Mind:
    """A mind without a language model."""
    return Mind("scripted", proposer, grounder or FirstFitGrounder(), default_library(), {"name": "scripted"})


QUICK = Budget(attempts=3, proposals=2, calls=6)
