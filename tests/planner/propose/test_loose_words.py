"""What is poured and wiped, from words to a goal and steps, by rules alone: the verbs come from the operators."""

from __future__ import annotations

import pytest

from envs.goals import Goal
from planner.ground.search import search
from planner.propose.evidence import goal_evidence
from planner.propose.grammar import single_options
from planner.propose.reading import read_words
from propose_scene import SIDES, request_for, thing
from skills.drivers.fake import fake_embodiment
from skills.loose import Grains, Patch
from skills.types import Form, ObjectState, Pose, Shape


def table():
    cup = ObjectState("white cup", "cup", Shape(Form.BOWL, (0.08, 0.08, 0.085), 0.004), Pose((0.4, 0.2, 0.043)))
    sponge = ObjectState("sponge", "sponge", Shape(Form.BOX, (0.1, 0.065, 0.03)), Pose((0.6, 0.2, 0.015)), wipes=True)
    points = tuple((0.39 + 0.006 * i, 0.2, 0.012) for i in range(5))
    rice = ObjectState("rice", "stuff", Shape(Form.SPHERE, (0.014,) * 3), Pose(points[2]), movable=False,
                       grains=Grains(0.007, points))  # fmt: skip
    cells = tuple((0.5 + 0.015 * i, -0.05, 0.0) for i in range(6))
    spill = ObjectState("spill", "spill", Shape(Form.BOX, (0.09, 0.015, 0.002)), Pose((0.54, -0.05, 0.001)),
                        movable=False, patch=Patch(cells, 0.015, (False,) * 6))  # fmt: skip
    things = [cup, sponge, rice, spill, thing("blue bowl", 0.4, -0.25), thing("red block", 0.6, -0.25)]
    return fake_embodiment(things, SIDES)


@pytest.mark.parametrize(
    ("text", "goal", "steps"),
    [
        ("wipe up the spill", "clean(spill)", ["pick(sponge)", "wipe(spill, sponge)"]),
        ("please mop up the spill", "clean(spill)", ["pick(sponge)", "wipe(spill, sponge)"]),
        ("clean up the spill with the sponge", "clean(spill)", ["pick(sponge)", "wipe(spill, sponge)"]),
        ("pour the rice into the blue bowl", "in(rice, blue bowl)",
         ["pick(white cup)", "pour(rice, white cup, blue bowl)"]),
        ("pour the cup into the blue bowl", "in(rice, blue bowl)",
         ["pick(white cup)", "pour(rice, white cup, blue bowl)"]),
        ("put the red block in the blue bowl", "in(red block, blue bowl)",
         ["pick(red block)", "place_in(red block, blue bowl)"]),
    ],
)  # fmt: skip
def test_from_words_to_steps(text, goal, steps):
    request = request_for(text, body=table())
    words = read_words(request)
    options = single_options(request.library, request.state)
    best = max(options, key=lambda o: goal_evidence(words, [o]))
    assert [str(x) for x in best.literals] == [goal]
    assert not words.cannot
    found = search(request.library, request.state, Goal.of(best.literals))
    assert found is not None
    assert [str(s) for s in found.steps] == steps


@pytest.mark.parametrize("text", ["wipe the red block", "pour the red block into the blue bowl"])
def test_where_nothing_is_spilt_or_loose_nothing_is_wiped_or_poured(text):
    """The verbs are no skills here, and said to be none."""
    words = read_words(request_for(text))
    assert words.cannot in ("wipe", "pour")
    assert not words.deeds
