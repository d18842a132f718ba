"""Patterns of trouble on the twin, one task each; `python -m planner.twin_patterns` does more of them."""

from __future__ import annotations

import pytest

from envs.tasks import make_task
from planner.settings import Settings, SettingsError, overlay
from planner.twin_patterns import PATTERNS, trials
from planner.twin_trials import Rows
from planner.workplace import FAKE, TWIN, open_workplace

TASK = make_task("put the red block in the blue bowl", objects=["red block", "blue bowl"])


def test_faults_that_the_twin_has_no_world_for_are_named():
    for fault, words in (
        ({"kind": "stuck"}, "around the twin happen slip, bump"),
        ({"kind": "slip", "when": "skill"}, "slip when skill"),
        ({"kind": "slipp"}, "known: slip"),
    ):
        with pytest.raises(SettingsError, match=words):
            open_workplace(TASK, 0, overlay(Settings(), {"faults": [fault]}), TWIN)
    with pytest.raises(SettingsError, match="faults happen in simulations only"):
        open_workplace(TASK, 0, overlay(Settings(), {"faults": ["slip"]}), FAKE)


@pytest.mark.peer
@pytest.mark.slow
@pytest.mark.parametrize("name", PATTERNS)
def test_a_run_measures_plans_again_and_arrives(name):
    found = trials(name, 1, 43_000, 5.0, Rows(), print)
    assert found["false_success"]["k"] == 0
    assert found["execution_success"]["k"] == 1, found["failed"]
    if PATTERNS[name].noticed and found["met"]:
        assert found["planned_again_or_recovered"] == 1
