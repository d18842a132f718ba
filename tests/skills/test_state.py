from __future__ import annotations

from skills.operators import CLOSE, OPEN, PICK, PLACE_IN, PLACE_ON
from skills.state import State, Thing
from skills.symbols import atom, lit

MOVABLE = frozenset({"thing", "movable", "support"})
THINGS = {
    **{n: Thing(n, MOVABLE) for n in "abc"},
    "bowl": Thing("bowl", frozenset({"thing", "container"})),
    "corner": Thing("corner", frozenset({"place"})),
    "side": Thing("side", frozenset({"place"})),
    "drawer": Thing("drawer", frozenset({"thing", "articulated", "container"})),
}
WITHIN = {"corner": frozenset({"side"}), "side": frozenset()}


def state(*facts) -> State:
    return State(frozenset(facts), THINGS, WITHIN)


def test_derived_facts():
    s = state(atom("at", "a", "corner"), atom("on", "b", "a"), atom("at", "bowl", "side"), atom("in", "c", "bowl"))
    for text in (
        lit("at", "b", "corner"), lit("at", "b", "side"), lit("at", "c", "side"), lit("on", "c", "bowl"),
        lit("clear", "b"), ~lit("clear", "a"), ~lit("clear", "bowl"), lit("hand_empty"),
        ~lit("at", "c", "corner"),
    ):  # fmt: skip
        assert s.holds(text), text


def test_what_lies_in_a_closed_drawer_cannot_be_got_at_until_it_is_opened():
    s = state(atom("closed", "drawer"), atom("in", "bowl", "drawer"), atom("in", "a", "bowl"), atom("at", "b", "side"))
    assert [n for n in THINGS if s.holds(lit("accessible", n))] == ["b", "c"]
    s = s.apply(OPEN.bind(("drawer",)))
    assert s.holds(lit("open", "drawer"))
    assert s.holds(~lit("closed", "drawer"))
    assert s.holds(lit("accessible", "a"))
    s = s.apply(CLOSE.bind(("drawer",)))
    assert s.holds(lit("closed", "drawer"))
    assert s.holds(~lit("accessible", "a"))


def test_two_names_of_one_part_open_together():
    names = {n: Thing(n, frozenset({"thing", "articulated"})) for n in ("cabinet", "cabinet door")}
    twins = {"cabinet": "cabinet door", "cabinet door": "cabinet"}
    s = State(frozenset({atom("closed", "cabinet"), atom("closed", "cabinet door")}), names, {}, twins)
    s = s.apply(OPEN.bind(("cabinet door",)))
    assert {str(a) for a in s.base} == {"open(cabinet)", "open(cabinet door)"}
    assert {str(a) for a in s.apply(CLOSE.bind(("cabinet",))).base} == {"closed(cabinet)", "closed(cabinet door)"}


def test_a_pressed_button_lights_the_lamp_it_is_wired_to():
    names = {n: Thing(n, frozenset({"thing", n})) for n in ("button", "lamp")}
    wired = atom("switches", "button", "lamp")
    assert State(frozenset({wired, atom("pressed", "button")}), names, {}).holds(lit("lit", "lamp"))
    assert State(frozenset({wired}), names, {}).holds(~lit("lit", "lamp"))
    assert State(frozenset({atom("pressed", "button")}), names, {}).holds(~lit("lit", "lamp"))


def test_a_lid_is_not_in_the_bowl():
    s = state(atom("at", "bowl", "side"), atom("on", "a", "bowl"))
    assert s.holds(~lit("in", "a", "bowl"))
    assert s.holds(~lit("clear", "bowl"))
    assert s.holds(lit("at", "a", "side"))


def test_picking_and_placing_move_everything_with_them():
    """What stood on a thing goes with it; being at a place is lost and gained through the carrier."""
    s = state(atom("at", "a", "corner"), atom("at", "bowl", "side"), atom("at", "b", "corner"))
    s = s.apply(PICK.bind(("a",)))
    assert s.holds(lit("holding", "a"))
    assert s.holds(~lit("hand_empty"))
    assert s.holds(~lit("at", "a", "side"))
    s = s.apply(PLACE_IN.bind(("a", "bowl")))
    assert s.holds(lit("at", "a", "side"))
    assert s.holds(~lit("at", "a", "corner"))
    s = s.apply(PICK.bind(("b",))).apply(PLACE_ON.bind(("b", "a")))
    assert s.holds(lit("at", "b", "side"))
    assert s.unmet((lit("clear", "a"), lit("clear", "b"))) == (lit("clear", "a"),)


def test_a_circle_of_carriers_ends():
    s = state(atom("on", "a", "b"), atom("on", "b", "a"), atom("at", "a", "corner"))
    assert s.holds(lit("at", "b", "side"))


def test_equality_is_about_facts():
    assert state(atom("at", "a", "side")) == state(atom("at", "a", "side"))
    assert len({state(), state(atom("on", "a", "b")), state()}) == 2
    assert state().of_type("movable") == ("a", "b", "c")
