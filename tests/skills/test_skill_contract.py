"""The promises of every skill of the library, on the gantry: register a skill, and these run for it as well."""

from __future__ import annotations

import itertools

import pytest

from skills.drivers.fake import fake_embodiment
from skills.executor import execute, expected_effects
from skills.failure import FailureKind
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.skill import GroundSkill
from skills.symbols import RELATIONS, GroundAtom
from skills.types import Region

LIBRARY = default_library()
JOINTS = {"open", "close", "press", "press_again"}  # need real joints: tests/skills/test_joint_contract.py
WRISTS = {"turn_upright"}  # need a hand that turns over: tests/skills/test_turn_upright.py
LOOSE = {"pour", "wipe"}  # need loose stuff and a wrist that tilts: tests/skills/test_loose_contract.py
STANDING = LIBRARY.subset(
    n for n in LIBRARY if n not in JOINTS | WRISTS | LOOSE | {"go_to", "find"}
)  # what a robot that stands still can do
ELSEWHERE = {"in_reach", "accessible"}  # preconditions that cannot be missing among loose things at one table
REGIONS = (
    Region("table", (0.2, -0.5), (0.9, 0.5), view=(-1.0, 0.0)),
    Region("left side", (0.2, 0.2), (0.9, 0.5)),
    Region("user", (0.2, -0.69), (0.7, -0.5), person=True),
)


def body_with(make, holding: str | None = None):
    """Blocks, a bowl, a can, an apple; optionally one of them picked up already."""
    body = fake_embodiment(
        [
            make.block("red block", 0.4, 0.1),
            make.block("blue block", 0.6, -0.1, yaw=0.5),
            make.bowl("bowl", 0.5, -0.3),
            make.can("can", 0.75, 0.1),
            make.apple("apple", 0.3, -0.2),
        ],
        REGIONS,
    )
    if holding is not None:
        report = execute(GroundSkill(LIBRARY["pick"], (holding,)), body)
        assert report.ok, report.failure
    return body


def ready(make, skill):
    """(body, step) in which the skill's preconditions hold, for every way of filling its parameters."""
    first = "red block" if any(p.predicate == "holding" for p in _atoms(skill)) else None
    state = symbolic_state(body_with(make, first).observe())
    steps = [g for g in LIBRARY.applicable(state) if g.skill.name == skill.name]
    assert steps, f"no scene in which {skill.name} applies: extend body_with"
    return first, steps


def _atoms(skill):
    return [x.atom for x in skill.operator.preconditions if x.positive]


@pytest.mark.parametrize("skill", STANDING.values(), ids=lambda s: s.name)
def test_from_its_preconditions_its_effects_come_true(make, skill):
    """Every ground instance that its own affordance calls feasible does what the operator says."""
    first, steps = ready(make, skill)
    done = 0
    for step in steps:
        body = body_with(make, first)
        obs = body.observe()
        if skill.affordance(obs, body.kinematics, step.args).value < 0.1:
            continue
        before = symbolic_state(obs)
        report = execute(step, body)
        assert report.ok, f"{step}: {report.failure}"
        assert all(report.measured[x] for x in expected_effects(step.operator))
        predicted = before.apply(step.operator).atoms
        after = symbolic_state(body.observe()).atoms
        ignored = {"home", "upright", *RELATIONS}  # what comes to stand near what unasked is not foretold
        assert {a for a in predicted ^ after if a.predicate not in ignored and "left side" not in a.args} == set()
        done += 1
    assert done


@pytest.mark.parametrize(
    ("skill", "missing"),
    [(s, m) for s in STANDING.values() for m in s.operator.preconditions if m.atom.predicate not in ELSEWHERE],
    ids=lambda x: getattr(x, "name", str(x)),
)
def test_refuses_when_a_precondition_is_missing(make, skill, missing):
    """With exactly one precondition broken: refused, the literal is named, nothing has moved."""
    step, body = _without(make, skill, missing)
    world, q = body.perception.objects(), body.driver.read_state().q
    report = execute(step, body, step_index=3)
    assert report.failure is not None
    assert report.failure.kind is FailureKind.PRECONDITION
    assert report.failure.step == 3
    bound = dict(zip((p.name for p in skill.operator.parameters), step.args, strict=True))
    named = GroundAtom(missing.atom.predicate, tuple(bound[a] for a in missing.atom.args))
    assert named in {x.atom for x in report.failure.unmet}
    assert str(named) in report.failure.detail
    assert body.driver.read_state().q == q
    assert body.perception.objects() == world
    assert report.commands == ()
    assert report.ticks == 0


def _without(make, skill, missing):
    for first in (None, "red block", "apple"):
        body = body_with(make, first)
        if missing.atom.predicate == "clear":
            stack = fake_embodiment(
                [make.block("red block", 0.4, 0.1), make.block("blue block", 0.4, 0.1, 0.04),
                 make.block("green block", 0.6, 0.2)], REGIONS,
            )  # fmt: skip
            body = stack
            if first is not None:
                assert execute(GroundSkill(LIBRARY["pick"], ("green block",)), body).ok
        state = symbolic_state(body.observe())
        for step in LIBRARY.ground(state):
            if step.skill.name == skill.name and _only(step, state, missing):
                return step, body
    raise AssertionError(f"no scene that lacks only {missing} for {skill.name}")


def _only(step, state, missing) -> bool:
    unmet = state.unmet(step.operator.preconditions)
    return len(unmet) == 1 and unmet[0].atom.predicate == missing.atom.predicate


@pytest.mark.parametrize("skill", STANDING.values(), ids=lambda s: s.name)
def test_affordances_explain_themselves(make, skill):
    """In [0, 1], with named factors; a low one has a reason; the same question gets the same answer."""
    body = body_with(make)
    obs = body.observe()
    for step in LIBRARY.ground(symbolic_state(obs)):
        if step.skill.name != skill.name:
            continue
        a, b = (skill.affordance(obs, body.kinematics, step.args) for _ in range(2))
        assert a == b
        assert a.factors
        assert a.value > 0.5 or a.reason


def test_three_moves_in_two_orders_end_as_predicted(make):
    """Long sequences: the symbolic state follows the world through every step."""
    moves = [("red block", "place_in", "bowl"), ("apple", "place_at", "left side"), ("blue block", "place_on", "can")]
    for order in itertools.islice(itertools.permutations(moves), 0, None, 3):
        body = body_with(make)
        state = symbolic_state(body.observe())
        for obj, how, where in order:
            for step in (GroundSkill(LIBRARY["pick"], (obj,)), GroundSkill(LIBRARY[how], (obj, where))):
                assert execute(step, body).ok, step
                state = state.apply(step.operator)
        seen = symbolic_state(body.observe()).atoms
        for text in ("in(red block, bowl)", "at(apple, left side)", "on(blue block, can)", "hand_empty()"):
            assert text in {str(a) for a in seen} & {str(a) for a in state.atoms}
