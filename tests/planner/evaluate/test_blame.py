from __future__ import annotations

import pytest

from envs.stage import build_stage
from planner.evaluate.blame import first_cause
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Worker
from planner.workplace import SIMULATOR, Workplace
from sim.faults import Fault, FaultKind, When
from skills.failure import Blame, FailureKind
from trials import ASKED, GOAL, REFUSED, act, attempt, job, line, step, task

UNTRUE = {"success": False, "holds": {GOAL[0]: False}}
FAILED = {"judge": UNTRUE, "verdict": {"status": "not reached", "reason": "spent"}}


def cause(**changes):
    found = first_cause(line(**changes))
    assert found is not None
    assert found["detail"]
    return found["kind"], found["blame"]


def test_success_has_no_cause():
    assert first_cause(line()) is None


def refused(kind="UNKNOWN_OBJECT"):
    failure = {"kind": kind, "detail": "no such thing", "unmet": [], "step": None, "blame": "TASK"}
    return {"attempts": [attempt({"refuse": failure})], "plan": None, "judge": UNTRUE} | {
        "verdict": {"status": "refused", "reason": "no such thing", "failure": failure}
    }


def steps(kind, blame=None):
    return {"attempts": [attempt(act("pick(red block)"), step(0), step(1, kind, blame))]} | FAILED


PLANTED = [
    ("the worker died", {"worker_died": True, "judge": None}, ("DIED", "DRIVER")),
    ("the start does not stand", {"error": {"type": "StageError", "room": "envs", "detail": "x"}}, ("ERROR", "TASK")),
    ("a fault in a skill", {"error": {"type": "ValueError", "room": "skills", "detail": "x"}}, ("ERROR", "SKILL")),
    ("a fault in the planner", {"error": {"type": "ValueError", "room": "planner", "detail": "x"}}, ("ERROR", "LM")),
    ("the link broke", {"error": {"type": "DriverError", "room": "skills", "detail": "x"}}, ("ERROR", "DRIVER")),
    ("nothing could do it", {"solvable": False, "plan": {"reached": False}, **FAILED}, ("GOAL", "TASK")),
    ("wrong goal", {"plan": {"reached": False, "unmet": GOAL}, **FAILED}, ("GOAL", "LM")),
    ("wrong order", {"plan": {"reached": False, "broken": 1, "unmet": ["x()"]}, **FAILED}, ("PRECONDITION", "LM")),
    ("forbidden", {"plan": {"reached": False, "forbidden": ["on(a, b)"]}, **FAILED}, ("GOAL", "LM")),
    ("asked needlessly", {"attempts": [attempt(ASKED)], "plan": None, "judge": UNTRUE,
                          "verdict": {"status": "asked", "question": "Which?"}}, ("GOAL", "LM")),
    ("said not to be there", refused(), ("UNKNOWN_OBJECT", "LM")),
    ("said out of reach", refused("UNREACHABLE"), ("UNREACHABLE", "AFFORDANCE")),
    ("did not ask", {"expect": "ask", "intent": {"reply": "x"}}, ("GOAL", "LM")),
    ("did not refuse", {"expect": "refuse", "true_goal": None}, ("GOAL", "LM")),
    ("out of reach while acting", steps("UNREACHABLE"), ("UNREACHABLE", "AFFORDANCE")),
    ("collided", steps("COLLISION", "AFFORDANCE"), ("COLLISION", "AFFORDANCE")),
    ("dropped", steps("INVARIANT"), ("INVARIANT", "SKILL")),
    ("missed", steps("EFFECT", "SKILL"), ("EFFECT", "SKILL")),
    ("too slow", steps("TIMEOUT"), ("TIMEOUT", "SKILL")),
    ("disturbed by the step before", steps("PRECONDITION", "LM"), ("PRECONDITION", "SKILL")),
    ("the driver stopped", steps("DRIVER"), ("DRIVER", "DRIVER")),
    ("no link any more", {"judge": UNTRUE, "verdict": {"status": "driver trouble", "reason": "lost"}},
     ("DRIVER", "DRIVER")),
    ("the world changed", {"attempts": [attempt(act("x(a)"), step(0), failure={"kind": "GOAL", "detail": "x"})],
                           **FAILED}, ("GOAL", "SKILL")),
    ("content, but it rolled away", {"judge": UNTRUE}, ("GOAL", "SKILL")),
    ("content, but measured wrongly", {"judge": UNTRUE, "misperceived": [
        {"when": "goal", "names": ["red block"], "what": "was not so"}]}, ("GOAL", "PERCEPTION")),
    ("content, but forbidden", {"judge": {"success": False, "forbidden": [{"literal": "on(a, b)", "step": 3}]}},
     ("INVARIANT", "SKILL")),
    ("a step measured wrongly", {**steps("EFFECT", "SKILL"), "misperceived": [
        {"when": "step 2", "names": ["red block"], "what": "was not so"}]}, ("EFFECT", "PERCEPTION")),
    ("a thing not seen", {"plan": {"reached": False, "unmet": GOAL}, **FAILED, "misperceived": [
        {"when": "decision", "names": ["red block"], "what": "was not seen"}]}, ("GOAL", "PERCEPTION")),
    ("no time left", FAILED, ("TIMEOUT", "SKILL")),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [p[1:] for p in PLANTED], ids=[p[0] for p in PLANTED])
def test_every_planted_failure_has_its_first_cause(changes, expected):
    assert cause(**changes) == expected


def test_what_does_not_matter_is_no_cause():
    other = [{"when": "decision", "names": ["tin"], "what": "was not seen"}]
    assert cause(plan={"reached": False, "unmet": GOAL}, misperceived=other, **FAILED) == ("GOAL", "LM")


def test_the_first_cause_counts_not_the_last():
    both = [attempt(act("x(a)"), step(0, "EFFECT")), attempt(act("x(a)"), step(0, "DRIVER"))]
    assert cause(attempts=both, **FAILED) == ("EFFECT", "SKILL")


def test_kinds_and_blames_are_those_of_the_robot():
    kinds = {k.value for k in FailureKind} | {"ERROR", "DIED"}
    for _, changes, (kind, blame) in PLANTED:
        assert kind in kinds
        assert Blame(blame)
        assert changes
    assert {blame for _, _, (_, blame) in PLANTED} == {b.value for b in Blame}


def run_with(monkeypatch, *faults, planner="symbolic-oracle", the_task=None, pairs=("budget.attempts=1",)):
    """A real episode in the simulator with faults planted below the planner."""

    def open_workplace(a_task, seed, settings):
        stage = build_stage(a_task, seed, settings.stage, faults)
        return Workplace(stage.body, SIMULATOR, stage)

    monkeypatch.setattr("planner.evaluate.worker.open_workplace", open_workplace)
    return Worker(job(False, *pairs)).run(Trial(planner, the_task or task(), 0))


@pytest.mark.parametrize(
    ("fault", "blame"),
    [
        (Fault(FaultKind.LOST, When.TICK, 100), "DRIVER"),
        (Fault(FaultKind.SLIP, When.CARRYING, 5, ticks=400), "SKILL"),
        (Fault(FaultKind.NOISE, size=0.08), "PERCEPTION"),
        (Fault(FaultKind.MISS, thing="red block"), "PERCEPTION"),
    ],
    ids=["lost link", "grip slips", "noisy poses", "unseen thing"],
)
def test_faults_planted_in_the_simulator_are_found(monkeypatch, fault, blame):
    found = run_with(monkeypatch, fault)
    assert found["measures"]["execution_success"] is False
    assert found["failure"]["blame"] == blame, found["failure"]


def test_a_goal_that_no_skill_can_reach_is_the_tasks_fault(monkeypatch):
    objects = [{"name": "green block"}, {"name": "apple"}]
    odd = task("odd", goal=["on(green block, apple)"], objects=objects)
    assert run_with(monkeypatch, the_task=odd)["failure"]["blame"] == "TASK"


def test_a_wrong_choice_is_the_choosers_fault(monkeypatch):
    found = run_with(monkeypatch, planner="trials:Wrong")
    assert found["failure"]["blame"] == "LM"
    assert found["measures"]["false_success"]
    assert REFUSED not in [a["decision"] for a in found["attempts"]]
