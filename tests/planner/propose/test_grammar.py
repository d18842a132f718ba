"""What is sayable comes from the library: types, effects, phrases."""

from __future__ import annotations

from planner.propose.grammar import focus_of, single_options, step_options
from propose_scene import request_for
from skills.library import default_library
from skills.operators import PLACE_ON
from skills.skill import Skill
from skills.symbols import Operator, Parameter, atom, lit, parse_literal

NAMES = ("red block", "green block", "blue block", "blue bowl", "green bowl")


def test_every_single_option_is_the_effect_of_a_well_typed_skill():
    request = request_for("x", NAMES)
    said = {o.text: o for o in single_options(request.library, request.state)}
    assert said["put the red block in the blue bowl"].literals == (parse_literal("in(red block, blue bowl)"),)
    assert "put the blue bowl in the blue bowl" not in said
    assert not any(t.endswith("in the red block") for t in said)


def test_a_new_skill_is_sayable_at_once():
    polish = Operator(
        "polish",
        (Parameter("obj", "movable"),),
        (lit("hand_empty"),),
        add=(atom("upright", "obj"),),
        say="polish the {obj}",
    )
    library = default_library()
    library.register(Skill(polish, None, None))
    request = request_for("x", NAMES)
    assert any(o.text == "polish the red block" for o in single_options(library, request.state))


def test_steps_are_only_those_that_apply_now_to_what_matters():
    request = request_for("x", NAMES)
    goal = [parse_literal("in(red block, blue bowl)")]
    said = {str(g) for g in step_options(request.library, request.state, focus_of(goal, request.state))}
    assert said == {"pick(red block)", "pick(blue bowl)", "go_home()"}


def test_what_lies_on_a_goal_thing_is_in_focus():
    request = request_for("x", NAMES)
    stacked = request.state.apply(PLACE_ON.bind(("green block", "red block")))
    assert "green block" in focus_of([parse_literal("holding(red block)")], stacked)
