"""Judge and planner's predicates on the same worlds: two separate codes that must agree where things are orderly."""

from __future__ import annotations

import pytest

from envs.stage import build_stage
from envs.tasks import load_tasks, task_files
from planner.ground.search import search
from skills.executor import execute
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.symbols import GroundAtom, Literal

TASKS = [t for name in task_files() for t in load_tasks(name)]
SMOKE = [t for t in TASKS if "smoke" in t.tags and t.expect == "success"]


def disagreements(stage) -> list[str]:
    """Atoms that only one of the two believes."""
    state, facts = symbolic_state(stage.body.observe()), stage.judge.facts()
    names, places = list(stage.world.bodies), list(stage.scene.places)
    atoms = [GroundAtom(p, (a,)) for a in names for p in ("clear", "upright", "holding")]
    atoms += [GroundAtom("at", (a, p)) for a in names for p in places]
    atoms += [GroundAtom(p, (a, b)) for a in names for b in names if a != b for p in ("on", "in")]
    opens = {a.args[0] for a in state.atoms if a.predicate in ("open", "closed")}  # a lid lies on its own box
    atoms = [a for a in atoms if not opens >= set(a.args)]
    return [str(a) for a in atoms if state.holds(Literal(a)) != facts.holds(Literal(a))]


@pytest.mark.parametrize("task", TASKS[::8], ids=lambda t: t.id)
def test_they_agree_on_the_starts(task):
    with build_stage(task, 2) as stage:
        assert disagreements(stage) == []


@pytest.mark.slow
@pytest.mark.parametrize("task", SMOKE, ids=lambda t: t.id)
def test_they_agree_all_the_way_to_the_goal(task):
    with build_stage(task, 0) as stage:
        for _ in range(3):
            state = symbolic_state(stage.body.observe())
            if task.goal.holds(state):
                break
            found = search(default_library(), state, task.goal, never=task.forbidden)
            for step in found.steps:
                report = execute(step, stage.body)
                assert disagreements(stage) == []
                if not report.ok:
                    break
        verdict = stage.judge.verdict()
        assert verdict.success
        assert verdict.settled
        assert verdict.collateral == ()
