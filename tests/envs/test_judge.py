from __future__ import annotations

import ast
import inspect
import json

from tabletops import task_of, world_of

import envs.facts
import envs.judge
from envs.goals import Goal
from envs.judge import Judge
from skills.symbols import lit
from skills.types import Pose

THINGS = (("red block", (0.40, -0.2, 0.02)), ("blue block", (0.5, 0.0, 0.02)), ("blue bowl", (0.5, 0.2, 0.0275)))
NAMES = ("red block", "blue block", "blue bowl")


def watched(world, **more):
    world.settle()
    task = task_of(*NAMES, **more)
    return Judge(world, task, task.scene_object)


def test_the_judge_shares_no_code_with_the_planner_s_predicates():
    for module in (envs.facts, envs.judge):
        tree = ast.parse(inspect.getsource(module))
        imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not {m for m in imported if m in ("skills.predicates", "skills.geometry") or m.startswith("planner")}


def test_success_is_the_goal_after_settling():
    with world_of(*THINGS) as world:
        judge = watched(world, goal={"any": [["in(red block, blue bowl)"]]})
        assert not judge.holds(lit("in", "red block", "blue bowl"))
        assert judge.verdict().success is False
        world.disturb_move("red block", Pose((0.5, 0.2, 0.12)))  # released above the bowl
        assert judge.verdict(settle=False).success is False  # it has not landed
        verdict = judge.verdict()
        assert (verdict.success, verdict.settled, verdict.moved) == (True, True, ("red block",))
        assert verdict.holds == {"in(red block, blue bowl)": True}
        assert verdict.collateral == ()
        assert json.loads(json.dumps(verdict.to_json()))["success"] is True


def test_bystanders_that_move_or_fall_are_collateral():
    with world_of(*THINGS, ("bottle", (0.36, 0.2, 0.09))) as world:
        world.settle()
        task = task_of(*NAMES, "bottle", goal={"any": [["in(red block, blue bowl)"]]})
        judge = Judge(world, task, task.scene_object)
        world.disturb_push("bottle", (0.0, 0.35, 0.0))
        world.disturb_move("blue block", Pose((0.5, 0.03, 0.02)))
        world.step(60)
        world.disturb_move("blue block", Pose((0.5, 0.0, 0.02)))  # back again: it was moved all the same
        verdict = judge.verdict()
        found = {c.name: c for c in verdict.collateral}
        assert set(found) == {"bottle", "blue block"}
        assert (found["bottle"].toppled, found["blue block"].toppled) == (True, False)
        assert 0.02 < found["blue block"].moved < 0.04
        assert verdict.success is False


def test_contents_ride_along_with_what_was_meant_to_move():
    things = (*THINGS, ("lemon", (0.5, 0.2, 0.04)), ("apple", (0.36, 0.2, 0.035)))
    with world_of(*things) as world:
        world.settle()
        task = task_of(*NAMES, "lemon", "apple", goal={"any": [["at(blue bowl, left side)"]]})
        judge = Judge(world, task, task.scene_object)
        world.disturb_move("blue bowl", Pose((0.56, -0.25, 0.0285)))
        world.disturb_move("lemon", Pose((0.56, -0.25, 0.05)))
        verdict = judge.verdict()
        assert verdict.success is True
        assert set(verdict.moved) == {"blue bowl", "lemon"}
        assert verdict.collateral == ()


def test_what_is_forbidden_is_seen_although_it_passes():
    with world_of(*THINGS) as world:
        judge = watched(
            world,
            goal={"any": [["at(red block, table)"], ["clear(red block)"]]},
            expect="refuse",
            forbidden=["in(red block, blue bowl)"],
        )
        start = world.tick
        world.step(100)
        world.disturb_move("red block", Pose((0.5, 0.2, 0.04)))
        world.step(40)
        world.disturb_move("red block", Pose((0.40, -0.2, 0.02)))
        verdict = judge.verdict()
        assert [b.literal for b in verdict.forbidden] == ["in(red block, blue bowl)"]
        assert 100 < verdict.forbidden[0].step - start <= 140
        assert all(verdict.holds.values())
        assert verdict.success is False


def test_without_a_goal_nothing_is_won_and_an_intent_can_be_judged():
    with world_of(*THINGS) as world:
        intents = [{"reply": "the red one", "any": [["in(red block, blue bowl)"]]}]
        judge = watched(world, expect="ask", intents=intents)
        assert judge.verdict().success is None
        assert judge.verdict(goal=Goal.of([lit("clear", "red block")])).success is True
        world.disturb_move("red block", Pose((0.5, 0.2, 0.04)))
        assert judge.verdict(goal=judge.task.intents[0].goal).success is True


def test_a_closed_judge_watches_no_more():
    with world_of(*THINGS) as world:
        judge = watched(world, goal={"any": [["in(red block, blue bowl)"]]})
        judge.close()
        judge.close()
        world.disturb_move("blue block", Pose((0.5, 0.05, 0.02)))
        world.step(60)
        world.disturb_move("blue block", Pose((0.5, 0.0, 0.02)))
        world.step(60)
        assert judge.verdict().moved == ()
