"""The controllers on the gantry: what they command, and what they do when things are not as hoped."""

from __future__ import annotations

import pytest

from skills.drivers.fake import fake_embodiment
from skills.executor import execute
from skills.failure import FailureKind
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.types import Form, Region

LIBRARY = default_library()
TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))


def do(body, *texts):
    reports = [execute(LIBRARY.parse(t), body) for t in texts]
    return reports[-1]


def test_three_blocks_and_an_apple_into_a_bowl(make):
    blocks = [make.block(f"block {i}", 0.4, -0.2 + 0.15 * i, yaw=i) for i in range(3)]
    body = fake_embodiment([*blocks, make.bowl("bowl", 0.65, 0.1)], [TABLE])
    for i in range(3):
        report = do(body, f"pick(block {i})", f"place_in(block {i}, bowl)")
        assert report.ok, report.failure
    atoms = {str(a) for a in symbolic_state(body.observe()).atoms}
    assert {f"in(block {i}, bowl)" for i in range(3)} <= atoms
    assert not any(f"on(block {i}, block {j})" in atoms for i in range(3) for j in range(3))


def test_out_of_a_bowl_again(make):
    body = fake_embodiment([make.block("a", 0.4, 0), make.bowl("bowl", 0.65, 0.1)], [TABLE])
    assert do(body, "pick(a)", "place_in(a, bowl)", "pick(a)", "place_at(a, table)").ok


def test_a_bowl_is_carried_by_its_rim(make):
    body = fake_embodiment([make.bowl("bowl", 0.4, 0.1, movable=True)], [Region("left", (0.5, 0.2), (0.8, 0.4))])
    report = do(body, "pick(bowl)", "place_at(bowl, left)")
    assert report.ok, report.failure


def test_a_tower_of_three(make):
    body = fake_embodiment([make.block(n, 0.3 + 0.15 * i, 0.1, yaw=i) for i, n in enumerate("abc")], [TABLE])
    assert do(body, "pick(b)", "place_on(b, a)", "pick(c)", "place_on(c, b)").ok
    assert body.driver.driver.world.objects["c"].pose_world.position == pytest.approx((0.3, 0.1, 0.1), abs=0.002)


def test_one_thing_after_the_other_finds_its_own_spot(make):
    """Five blocks on one region: none is put on another."""
    things = [make.block(f"b{i}", 0.3, -0.4 + 0.1 * i) for i in range(5)]
    body = fake_embodiment(things, [Region("mat", (0.55, 0.0), (0.85, 0.4))])
    for i in range(5):
        report = do(body, f"pick(b{i})", f"place_at(b{i}, mat)")
        assert report.ok, report.failure
    assert {str(a) for a in symbolic_state(body.observe()).base if a.predicate == "on"} == set()


def test_no_way_to_grasp_moves_nothing(make):
    walls = [
        make.thing(f"wall {i}", Form.BOX, (0.05, 0.05, 0.2), 0.4 + dx, dy)
        for i, (dx, dy) in enumerate(((0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)))
    ]
    body = fake_embodiment([make.block("a", 0.4, 0), *walls], [TABLE])
    report = do(body, "pick(a)")
    assert report.failure.kind is FailureKind.COLLISION
    assert "wall" in report.failure.detail
    assert report.commands == ()


def test_out_of_reach(make):
    report = do(fake_embodiment([make.block("a", 1.5, 0)], [TABLE]), "pick(a)")
    assert report.failure.kind is FailureKind.UNREACHABLE
    assert report.commands == ()


def test_no_room_to_place_keeps_holding(make):
    mat = Region("mat", (0.6, 0.0), (0.7, 0.1))
    body = fake_embodiment([make.block("a", 0.4, 0), make.can("can", 0.65, 0.05)], [TABLE, mat])
    report = do(body, "pick(a)", "place_at(a, mat)")
    assert report.failure.kind is FailureKind.COLLISION
    assert "no free spot" in report.failure.detail
    assert "holding(a)" in {str(x) for x in symbolic_state(body.observe()).base}


def test_a_second_try_after_a_slip_succeeds(make):
    """The first grasp closes on nothing; the controller looks again and tries another one."""
    body = fake_embodiment([make.block("a", 0.4, 0)], [TABLE])
    world = body.driver.driver.world
    world.slippery = frozenset({"a"})
    closed = []
    real = world.close_fingers

    def once(tool, opening, wanted):
        width = real(tool, opening, wanted)
        if wanted == 0.0:
            closed.append(width)
            world.slippery = frozenset()
        return width

    world.close_fingers = once
    assert do(body, "pick(a)").ok
    assert closed == [0.0, pytest.approx(0.04)]


def test_home_with_and_without_something_in_the_hand(make):
    body = fake_embodiment([make.block("a", 0.4, 0.1)], [TABLE])
    assert do(body, "pick(a)", "go_home()").ok
    assert {"home()", "holding(a)"} <= {str(x) for x in symbolic_state(body.observe()).base}
    assert do(body, "place_at(a, table)", "go_home()").ok


def test_an_arm_between_things_finds_its_way_home(make):
    body = fake_embodiment([make.can("a", 0.4, 0.1), make.can("b", 0.4, -0.02)], [TABLE])
    assert do(body, "pick(a)", "place_at(a, table)", "go_home()").ok


def test_what_clings_to_the_fingers_is_let_go_again(make):
    """The fingers open and the block stays between them: it did not sink, so they close and open once more."""
    body = fake_embodiment([make.block("a", 0.4, 0), make.bowl("bowl", 0.65, 0.1)], [TABLE])
    assert do(body, "pick(a)").ok
    world = body.driver.driver.world
    real, opened = world.open_fingers, []

    def sticky():
        opened.append(True)
        if len(opened) > 1:
            real()

    world.open_fingers = sticky
    report = do(body, "place_in(a, bowl)")
    assert report.ok, report.failure
    assert len(opened) == 2
    assert "close on a again" in [c.why for c in report.commands]
