"""What each skill of the default library needs and changes, as typed STRIPS operators."""

from __future__ import annotations

from skills.symbols import Operator, Parameter, atom, lit

_LIFTED = (atom("on", "obj", "*"), atom("in", "obj", "*"), atom("at", "obj", "*"), atom("home"))
_PUT = (atom("holding", "obj"), atom("home"))

PICK = Operator(
    "pick",
    (Parameter("obj", "movable"),),
    preconditions=(lit("hand_empty"), lit("clear", "obj"), lit("accessible", "obj"), lit("in_reach", "obj")),
    add=(atom("holding", "obj"),),
    delete=_LIFTED,
    say="pick up the {obj}",
)

PLACE_IN = Operator(
    "place_in",
    (Parameter("obj", "movable"), Parameter("container", "container")),
    preconditions=(lit("holding", "obj"), lit("accessible", "container"), lit("in_reach", "container")),
    invariants=(lit("holding", "obj"),),
    add=(atom("in", "obj", "container"),),
    delete=_PUT,
    say="put the {obj} in the {container}",
)

PLACE_ON = Operator(
    "place_on",
    (Parameter("obj", "movable"), Parameter("support", "support")),
    preconditions=(
        lit("holding", "obj"),
        lit("clear", "support"),
        lit("accessible", "support"),
        lit("in_reach", "support"),
    ),
    invariants=(lit("holding", "obj"),),
    add=(atom("on", "obj", "support"),),
    delete=_PUT,
    say="put the {obj} on the {support}",
)

PLACE_AT = Operator(
    "place_at",
    (Parameter("obj", "movable"), Parameter("region", "place")),
    preconditions=(lit("holding", "obj"), lit("in_reach", "region")),
    invariants=(lit("holding", "obj"),),
    add=(atom("at", "obj", "region"),),
    delete=_PUT,
    say="put the {obj} at the {region}",
)

_NEAR = (
    ("beside", "next to"),
    ("left_of", "to the left of"),
    ("right_of", "to the right of"),
    ("in_front_of", "in front of"),
    ("behind", "behind"),
)
PLACE_NEAR = tuple(
    Operator(
        f"place_{relation}",
        (Parameter("obj", "movable"), Parameter("other", "thing")),
        preconditions=(lit("holding", "obj"), lit("accessible", "other"), lit("in_reach", "other")),
        invariants=(lit("holding", "obj"),),
        add=(atom(relation, "obj", "other"),),
        delete=_PUT,
        say=f"put the {{obj}} {words} the {{other}}",
        cost=1.5,
    )
    for relation, words in _NEAR
)

GO_HOME = Operator("go_home", (), add=(atom("home"),), say="go home")

GO_TO = Operator(
    "go_to",
    (Parameter("place", "station"),),
    add=(atom("robot_at", "place"), atom("visited", "place")),
    delete=(atom("robot_at", "*"), atom("home")),
    say="go to the {place}",
)

OPEN = Operator(
    "open",
    (Parameter("thing", "articulated"),),
    preconditions=(lit("hand_empty"), ~lit("open", "thing"), lit("in_reach", "thing")),
    invariants=(lit("hand_empty"),),
    add=(atom("open", "thing"),),
    delete=(atom("closed", "thing"), atom("home")),
    say="open the {thing}",
    verbs=frozenset({"open"}),
)

PRESS = Operator(
    "press",
    (Parameter("button", "button"),),
    preconditions=(lit("hand_empty"), ~lit("pressed", "button"), lit("in_reach", "button")),
    invariants=(lit("hand_empty"),),
    add=(atom("pressed", "button"),),
    delete=(atom("home"),),
    say="press the {button}",
    verbs=frozenset({"press", "push"}),
)

PRESS_AGAIN = Operator(
    "press_again",
    (Parameter("button", "button"),),
    preconditions=(lit("hand_empty"), lit("pressed", "button"), lit("in_reach", "button")),
    invariants=(lit("hand_empty"),),
    delete=(atom("pressed", "button"), atom("home")),
    say="press the {button} again",
    verbs=frozenset({"press", "push"}),
)

CLOSE = Operator(
    "close",
    (Parameter("thing", "articulated"),),
    preconditions=(lit("hand_empty"), ~lit("closed", "thing"), lit("in_reach", "thing")),
    invariants=(lit("hand_empty"),),
    add=(atom("closed", "thing"),),
    delete=(atom("open", "thing"), atom("home")),
    say="close the {thing}",
    verbs=frozenset({"close", "shut"}),
)

HAND_OVER = Operator(
    "hand_over",
    (Parameter("obj", "movable"), Parameter("person", "person")),
    preconditions=(lit("holding", "obj"), lit("in_reach", "person")),
    invariants=(lit("holding", "obj"),),
    add=(atom("at", "obj", "person"),),
    delete=_PUT,
    say="hand the {obj} to the {person}",
    cost=1.5,
    verbs=frozenset({"hand", "give", "pass"}),
)

TURN_UPRIGHT = Operator(
    "turn_upright",
    (Parameter("obj", "movable"),),
    preconditions=(
        lit("hand_empty"),
        ~lit("upright", "obj"),
        lit("clear", "obj"),
        lit("accessible", "obj"),
        lit("in_reach", "obj"),
    ),
    add=(atom("upright", "obj"),),
    delete=(atom("home"),),
    say="stand the {obj} upright",
    cost=1.5,
    verbs=frozenset({"stand", "upright"}),
)

POUR = Operator(
    "pour",
    (Parameter("stuff", "stuff"), Parameter("vessel", "vessel"), Parameter("container", "container")),
    preconditions=(
        lit("holding", "vessel"),
        lit("in", "stuff", "vessel"),
        lit("accessible", "container"),
        lit("in_reach", "container"),
    ),
    invariants=(lit("holding", "vessel"),),
    add=(atom("in", "stuff", "container"),),
    delete=(atom("in", "stuff", "*"), atom("home")),
    say="pour the {stuff} from the {vessel} into the {container}",
    verbs=frozenset({"pour", "tip"}),
)

WIPE = Operator(
    "wipe",
    (Parameter("spill", "spill"), Parameter("tool", "wiper")),
    preconditions=(lit("holding", "tool"), ~lit("clean", "spill"), lit("in_reach", "spill")),
    invariants=(lit("holding", "tool"),),
    add=(atom("clean", "spill"),),
    delete=(atom("home"),),
    say="wipe the {spill} with the {tool}",
    verbs=frozenset({"wipe", "mop", "clean"}),
)

PUSH_TO = Operator(
    "push_to",
    (Parameter("obj", "movable"), Parameter("region", "place")),
    preconditions=(
        lit("hand_empty"),
        lit("clear", "obj"),
        lit("accessible", "obj"),
        lit("in_reach", "obj"),
        lit("in_reach", "region"),
    ),
    invariants=(lit("hand_empty"),),
    add=(atom("at", "obj", "region"),),
    delete=_LIFTED,
    say="push the {obj} to the {region}",
    cost=4.0,
    verbs=frozenset({"push", "shove", "slide"}),
)

FIND = Operator(
    "find",
    (Parameter("obj", "movable"),),
    preconditions=(~lit("known", "obj"),),
    add=(atom("known", "obj"),),
    delete=(atom("robot_at", "*"), atom("home")),
    say="find the {obj}",
    cost=3.0,
    verbs=frozenset({"find", "locate", "search", "look"}),
)
