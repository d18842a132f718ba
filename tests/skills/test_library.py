from __future__ import annotations

import pytest

from skills.failure import Blame, Failure, FailureKind
from skills.library import SkillLibrary, default_library
from skills.predicates import symbolic_state
from skills.skill import GroundSkill
from skills.symbols import RELATIONS


@pytest.fixture
def state(make):
    return symbolic_state(make.seen(make.block("red block", 0.4, 0), make.bowl("blue bowl", 0.6, 0)))


def test_default_skills_and_their_phrases(state):
    library = default_library()
    assert list(library) == ["pick", "place_in", "place_on", "place_at", "open", "close", "press", "press_again",
                             "go_home", "go_to", "hand_over", "turn_upright", "push_to", "find",
                             "place_beside", "place_left_of", "place_right_of", "place_in_front_of", "place_behind",
                             "pour", "wipe"]  # fmt: skip
    said = {str(g): g.operator.say for g in library.ground(state)}
    assert said == {
        "pick(red block)": "pick up the red block",
        "place_in(red block, blue bowl)": "put the red block in the blue bowl",
        "place_at(red block, table)": "put the red block at the table",
        "go_home()": "go home",
        "turn_upright(red block)": "stand the red block upright",
        "push_to(red block, table)": "push the red block to the table",
        "find(red block)": "find the red block",
        "place_beside(red block, blue bowl)": "put the red block next to the blue bowl",
        "place_left_of(red block, blue bowl)": "put the red block to the left of the blue bowl",
        "place_right_of(red block, blue bowl)": "put the red block to the right of the blue bowl",
        "place_in_front_of(red block, blue bowl)": "put the red block in front of the blue bowl",
        "place_behind(red block, blue bowl)": "put the red block behind the blue bowl",
    }


def test_applicable_follows_the_preconditions(state):
    library = default_library()
    assert {str(g) for g in library.applicable(state)} == {"pick(red block)", "go_home()", "push_to(red block, table)"}
    held = state.apply(library.parse("pick(red block)").operator)
    assert {str(g) for g in library.applicable(held)} == {
        "place_in(red block, blue bowl)",
        "place_at(red block, table)",
        "go_home()",
        *(f"place_{side}(red block, blue bowl)" for side in RELATIONS),
    }
    done = held.apply(library.parse("place_in(red block, blue bowl)").operator)
    atoms = {str(a) for a in done.atoms}
    assert {"in(red block, blue bowl)", "hand_empty()", "at(red block, table)"} <= atoms


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("pick the block", FailureKind.UNPARSABLE, "skill(object"),
        ("", FailureKind.UNPARSABLE, "not a step"),
        ("pick(red block, blue bowl)", FailureKind.UNPARSABLE, "obj: movable"),
        ("pikc(red block)", FailureKind.UNKNOWN_SKILL, "did you mean 'pick'"),
        ("pick(red blok)", FailureKind.UNKNOWN_OBJECT, "did you mean 'red block'"),
        ("pick(blue bowl)", FailureKind.WRONG_TYPE, "must be a movable"),
        ("place_in(red block, table)", FailureKind.WRONG_TYPE, "container: blue bowl"),
        ("place_on(red block, red block)", FailureKind.WRONG_TYPE, "twice"),
    ],
)
def test_parse_failures_name_the_remedy(state, text, kind, words):
    failure = default_library().parse(text, state)
    assert isinstance(failure, Failure)
    assert failure.kind is kind
    assert words in failure.detail
    assert failure.blame is Blame.LM


def test_parse_is_lenient_about_case_and_blanks(state):
    step = default_library().parse("  place_in( Red  Block ,blue bowl).", state)
    assert isinstance(step, GroundSkill)
    assert step.args == ("red block", "blue bowl")


def test_names_are_unique_and_misses_list_the_choices():
    library = default_library()
    with pytest.raises(ValueError, match="there already"):
        library.register(library["pick"])
    with pytest.raises(KeyError, match="place_in"):
        library["place"]
    assert list(library.subset(["go_home"])) == ["go_home"]
    assert len(SkillLibrary()) == 0
