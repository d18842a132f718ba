from __future__ import annotations

import pytest

from skills.drivers.fake_kinematics import FakeKinematics
from skills.library import default_library
from skills.types import Form, Pose, Region

LIBRARY = default_library()
TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))


def judge(obs, skill, *args):
    return LIBRARY[skill].affordance(obs, FakeKinematics({"table": TABLE}), args)


@pytest.fixture
def seen(make):
    def build(*things, **more):
        from dataclasses import replace

        obs = make.seen(*things, regions=[TABLE], **more)
        robot = replace(obs.robot, q=(0.4, 0.0, 0.5, 0.0), dq=(0.0,) * 4)
        return replace(obs, robot=robot)

    return build


def test_an_easy_pick_is_nearly_certain(make, seen):
    a = judge(seen(make.block("a", 0.4, 0)), "pick", "a")
    assert a.value > 0.9
    assert set(a.factors) == {"fits", "reachable", "free"}


@pytest.mark.parametrize(
    ("change", "factor", "words"),
    [
        ({"mass": 9.0}, "fits", "payload"),
        ({"movable": False}, "fits", "fixed"),
        ({"edge": 0.2}, "fits", "20.0 cm thick"),
        ({"x": 1.4}, "reachable", "out of reach"),
    ],
)
def test_hard_noes_are_zero_and_say_why(make, seen, change, factor, words):
    x = change.pop("x", 0.4)
    a = judge(seen(make.block("a", x, 0, **change)), "pick", "a")
    assert a.value == 0.0
    assert a.factors[factor] == 0.0
    assert words in a.reason


def test_blocked_is_poor_but_not_zero_and_names_the_obstacle(make, seen):
    """Walled in by tall boxes: no finger fits between, yet moving one away would help."""
    walls = [
        make.thing(f"wall {i}", Form.BOX, (0.05, 0.05, 0.2), 0.4 + dx, dy)
        for i, (dx, dy) in enumerate(((0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)))
    ]
    a = judge(seen(make.block("a", 0.4, 0), *walls), "pick", "a")
    assert 0 < a.value < 0.1
    assert "wall" in a.reason


def test_something_unknown_is_a_no_that_lists_the_present(make, seen):
    a = judge(seen(make.block("a", 0.4, 0)), "pick", "b")
    assert a.value == 0.0
    assert "present: a" in a.reason


def test_place_in(make, seen):
    things = make.block("a", 0.4, 0), make.bowl("bowl", 0.6, 0.2), make.bowl("far", 2.0, 0)
    assert judge(seen(*things), "place_in", "a", "bowl").value > 0.9
    assert "out of reach" in judge(seen(*things), "place_in", "a", "far").reason
    big = make.thing("loaf", Form.BOX, (0.16, 0.06, 0.06), 0.4, -0.3)
    a = judge(seen(*things, big), "place_in", "loaf", "bowl")
    assert a.value == 0.0
    assert "too big" in a.reason
    tipped = make.bowl("bowl", 0, 0, pose=Pose.of((0.6, 0.2, 0.085), make.lying(1.6)))
    assert "not upright" in judge(seen(things[0], tipped), "place_in", "a", "bowl").reason


def test_place_on_prefers_what_does_not_roll_off(make, seen):
    obs = seen(make.block("a", 0.4, 0), make.block("b", 0.6, 0), make.apple("apple", 0.5, 0.3))
    assert judge(obs, "place_on", "a", "b").value > 0.9
    rolls = judge(obs, "place_on", "apple", "b")
    assert 0 < rolls.value < 0.1
    assert "rest safely" in rolls.reason


def test_place_at_knows_crowds_and_unknown_places(make, seen):
    obs = seen(make.block("a", 0.4, 0))
    assert judge(obs, "place_at", "a", "table").value > 0.9
    assert judge(obs, "place_at", "a", "shelf").value == 0.0
    crowd = [make.can(f"can {i}{j}", 0.25 + 0.09 * i, -0.45 + 0.09 * j) for i in range(8) for j in range(11)]
    full = judge(seen(make.block("a", 1.5, 0), *crowd), "place_at", "a", "table")
    assert full.value < 0.1
    assert "no free spot" in full.reason


def test_go_home(make, seen):
    assert judge(seen(), "go_home").value == 1.0
    pillar = make.thing("pillar", Form.CYLINDER, (0.08, 0.08, 0.6), 0.4, 0.0)
    blocked = judge(seen(pillar), "go_home")
    assert blocked.value < 0.1
    assert "pillar" in blocked.reason
