"""turn_upright refuses before anything moves; that it works needs a wrist: tests/envs/test_skill_trials.py."""

from __future__ import annotations

import pytest

from skills.drivers.fake import fake_embodiment
from skills.executor import execute
from skills.failure import FailureKind
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.turn_upright import upright_affordance
from skills.types import Pose, Region

LIBRARY = default_library()
TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))


def lying(make, name="can", x=0.5, y=0.1, z=0.0):
    return make.can(name, x, y, pose=Pose.of((x, y, z + 0.033), make.lying(1.5708)))


def body_of(*things, first=None):
    body = fake_embodiment(things, [TABLE])
    if first is not None:
        assert execute(LIBRARY.parse(f"pick({first})"), body).ok
    return body


def refused(body, name="can"):
    q = body.driver.read_state().q
    report = execute(LIBRARY.parse(f"turn_upright({name})", symbolic_state(body.observe())), body)
    assert report.failure.kind is FailureKind.PRECONDITION
    assert report.commands == ()
    assert body.driver.read_state().q == q
    return {str(x) for x in report.failure.unmet}


def test_what_stands_is_left_alone(make):
    assert refused(body_of(make.can("can", 0.5, 0.1))) == {"not upright(can)"}


def test_a_full_hand_and_a_loaded_thing(make):
    assert refused(body_of(lying(make), make.block("block", 0.4, -0.2), first="block")) == {"hand_empty()"}
    assert refused(body_of(lying(make), make.block("block", 0.5, 0.1, 0.066))) == {"clear(can)"}


@pytest.mark.parametrize(
    ("things", "why"),
    [
        (lambda m: [m.apple("can", 0.5, 0.1)], "round"),
        (lambda m: [lying(m), m.bin("tray", 0.5, 0.1)], "lies in or on tray"),
        (lambda m: [lying(m, x=1.6)], "lies in or on nothing known"),
        (lambda m: [lying(m)], "no room to turn can up"),  # a gantry only points down
    ],
)
def test_the_affordance_says_why_not(make, things, why):
    body = body_of(*things(make))
    found = upright_affordance(body.observe(), body.kinematics, ("can",))
    assert found.value < 0.1
    assert why in found.reason


def test_an_unknown_thing(make):
    assert upright_affordance(make.seen(), body_of().kinematics, ("moon",)).reason.startswith("no object 'moon'")
