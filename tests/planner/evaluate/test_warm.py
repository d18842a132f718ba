from __future__ import annotations

import pytest

from planner.evaluate.trials import Trial
from planner.evaluate.warm import WarmHeads
from planner.evaluate.worker import Worker
from planner.lm.api import ScriptedLM
from trials import bare, job, task


@pytest.mark.slow
@pytest.mark.weights
def test_earlier_trials_do_not_show_in_a_later_ones_bytes():
    other = task("other", instruction="put the green block in the blue bowl", goal=["in(green block, blue bowl)"])
    first = Trial("closed-loop", task(), 0)
    alone = Worker(job(True)).run(first)
    assert alone["cost"]["lm_calls"] > 0
    busy = Worker(job(True))
    for planner in ("lm-only", "lm-affordance-open-loop", "closed-loop"):
        busy.run(Trial(planner, other, 0))
    assert bare(busy.run(first)) == bare(alone)


def test_models_without_a_cache_are_left_alone():
    lm = ScriptedLM(lambda prefix, option: -1.0)
    WarmHeads(lm).reset("head")
    WarmHeads(None).reset("head")
    assert lm.prompts == []
