from __future__ import annotations

from envs.rehearsal import rehearse
from envs.stage import build_stage
from envs.tasks import make_task
from skills.boxes import Box, Zones
from skills.executor import execute
from skills.guard import GuardLimits
from skills.library import default_library

TASK = make_task("put the red block in the blue bowl", objects=["red block", "blue bowl"])
STEPS = [default_library().parse(s) for s in ("pick(red block)", "place_in(red block, blue bowl)")]


def test_a_plan_is_tried_from_what_is_seen_and_the_robot_does_not_move():
    with build_stage(TASK, 3) as stage:
        seen = stage.body.observe()
        tried = rehearse(stage.scene, seen, STEPS)
        assert tried.ok, tried
        assert [str(r.step) for r in tried.steps] == ["pick(red block)", "place_in(red block, blue bowl)"]
        after = stage.body.observe()
        assert after.robot == seen.robot
        assert after.objects == seen.objects


def test_what_would_fail_fails_in_the_rehearsal():
    with build_stage(TASK, 3) as stage:
        seen = stage.body.observe()
        x, y, _ = seen.objects["red block"].pose_world.position
        wall = Box((x - 0.08, y - 0.08, -0.01), (x + 0.08, y + 0.08, 0.3))
        tried = rehearse(stage.scene, seen, STEPS, limits=GuardLimits(zones=Zones(keep_out={"glass": wall})))
        assert not tried.ok
        assert len(tried.steps) == 1
        assert "glass" in str(tried.steps[0].failure)


def test_what_cannot_be_rehearsed_is_said():
    held = make_task("put it down", objects=["red block"])
    with build_stage(held, 0) as stage:
        body = stage.body
        assert execute(default_library().parse("pick(red block)"), body).ok
        tried = rehearse(stage.scene, body.observe(), STEPS)
        assert not tried.ok
        assert "the hand holds red block" in tried.skipped
