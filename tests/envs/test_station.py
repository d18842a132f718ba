"""The kitchen's start, facts and judge: where the robot stands, what it holds, what is at a place."""

from __future__ import annotations

import math

import pytest

from envs.scenes import load_scene
from envs.stage import StageError, StageSettings, build_stage
from envs.tasks import task_from_data
from skills.base import station_at
from skills.executor import execute
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.symbols import parse_literal

LIBRARY = default_library()
ORACLE = StageSettings("oracle")
OBJECTS = [
    {"name": "coke can", "at": "table"}, {"name": "apple", "at": "trash can"}, {"name": "sponge", "at": "top drawer"},
    {"name": "top drawer", "at": "far counter", "kind": "receptacle"},
]  # fmt: skip


def task(robot=None, objects=OBJECTS, goal="at(coke can, user)"):
    start = {"robot": robot or {}, "objects": objects}
    data = {"id": "k", "instruction": "bring it", "scene": "kitchen", "start": start, "goal": {"any": [[goal]]}}
    return task_from_data(data, "test")


def test_the_rooms_places_lie_on_its_furniture_and_apart():
    scene = load_scene("kitchen")
    assert scene.mobile
    assert set(scene.stations) == set(scene.places) == {"table", "close counter", "far counter", "trash can", "user"}
    assert all(scene.disjoint(a, b) for a in scene.places for b in scene.places if a != b)
    for region in scene.regions.values():
        under = [f.fixture() for f in scene.fixtures]
        tops = [f.pose_world.position[2] + f.size[2] / 2 if not f.wall else region.surface for f in under]
        inside = [
            all(
                abs(p - c) <= s / 2
                for p, c, s in zip(region.centre, f.pose_world.position[:2], f.size[:2], strict=True)
            )
            for f in under
        ]
        assert any(i and abs(t - region.surface) < 1e-6 for i, t in zip(inside, tops, strict=True)), region.name


@pytest.mark.parametrize("at", ["table", "close counter", "far counter", "trash can", "user"])
def test_the_robot_starts_at_its_place_and_observation_and_judge_agree(at):
    with build_stage(task({"at": at}), 0, ORACLE) as stage:
        state = symbolic_state(stage.body.observe())
        facts = stage.judge.facts()
        assert stage.body.observe().robot_at == facts.robot_at == at
        for text in ("at(coke can, table)", "at(apple, trash can)", "in(sponge, top drawer)", "at(sponge, far counter)",
                     f"robot_at({at})", "not visited(table)", "not at(coke can, user)"):  # fmt: skip
            literal = parse_literal(text)
            assert state.holds(literal), text
            assert facts.holds(literal), text
        near = {a.args[0] for a in state.atoms if a.predicate == "in_reach"}
        assert at in near
        assert ("apple" in near) == (at == "trash can")
        assert ("sponge" in near) == (at == "far counter")


def test_held_at_the_start_means_gripped_by_friction():
    things = [*OBJECTS, {"name": "water bottle"}]
    with build_stage(task({"at": "user", "holding": "water bottle"}, things), 1, ORACLE) as stage:
        assert stage.judge.facts().held == "water bottle"
        obs = stage.body.observe()
        assert obs.tick == 0
        assert symbolic_state(obs).holds(parse_literal("holding(water bottle)"))
        assert stage.world.client.getNumConstraints() == 1  # the gearing of the fingers, and nothing else


def test_the_seed_decides_where_it_stands_and_lies():
    def start(seed):
        with build_stage(task({"at": "table"}), seed, ORACLE) as stage:
            obs = stage.body.observe()
            return obs.robot.base, {n: o.pose_world for n, o in obs.objects.items()}

    assert start(3) == start(3) != start(4)


def test_a_fetch_end_to_end_is_seen_alike_by_robot_and_judge():
    with build_stage(task({"at": "user"}), 2, ORACLE) as stage:
        for text in ("go_to(table)", "pick(coke can)", "go_to(user)", "place_at(coke can, user)"):
            report = execute(LIBRARY.parse(text), stage.body)
            assert report.ok, report.failure
        verdict = stage.judge.verdict()
        assert verdict.success
        assert not verdict.collateral
        state, facts = symbolic_state(stage.body.observe()), stage.judge.facts()
        for text in (
            "at(coke can, user)",
            "robot_at(user)",
            "visited(table)",
            "visited(user)",
            "not visited(trash can)",
        ):
            assert state.holds(parse_literal(text)), text
            assert facts.holds(parse_literal(text)), text


def test_no_room_to_stand_is_said(monkeypatch):
    monkeypatch.setattr("envs.station.choose_stands", lambda *_: [])
    with pytest.raises(StageError, match="no room to stand at user"):
        build_stage(task({"at": "user"}), 0)


def test_the_start_stand_belongs_to_its_place():
    with build_stage(task({"at": "user"}), 0, ORACLE) as stage:
        base = stage.body.observe().robot.base
        scene = stage.scene
        assert station_at(base, scene.regions, scene.stations) == "user"
        assert math.isfinite(base[2])
