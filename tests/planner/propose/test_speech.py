"""What is only spoken along is passed over; the request inside stays as it was said."""

from __future__ import annotations

import pytest

from planner.propose.speech import spoken


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put the, um, the kite on the bench", "put the kite on the bench"),
        ("uh, bring... bring the drum", "bring the drum"),
        ("my guess is that you could move the drum", "you could move the drum"),
        ("I think you could hang the kite up", "you could hang the kite up"),
        ("maybe you could lift the drum", "you could lift the drum"),
        ("it would be best to hang the kite up", "you could hang the kite up"),
        ("what if you put the kite on the bench", "could you put the kite on the bench"),
        ("ask the robot to lift the drum", "lift the drum"),
        ("Dad said the drums go on the bench", "the drums go on the bench"),
        ("my uncle wants you to lift the drum", "lift the drum"),
        ("our teacher prefers the drums on the bench", "put the drums on the bench"),
        ("My nephew wants the kite to sit next to the drum.", "put the kite next to the drum."),
        ("my wife would like the lamp to stand behind the clock", "put the lamp behind the clock"),
        ("Grandma prefers her lamp standing to the left of the clock", "put the lamp to the left of the clock"),
        ("the little one wants her doll to be right beside the car", "put the doll beside the car"),
        ("I wonder whether the drum could be lifted", "the drum should be lifted"),
        ("would it be okay to lift the drum?", "could you lift the drum?"),
        ("be a dear and lift the drum", "lift the drum"),
        ("I'd love to see the drum safely on the bench", "put the drum on the bench"),
        ("I'll take the kite", "bring me the kite"),
        ("provided we have some, bring me a kite", "bring me a kite"),
        ("lift the drum, if it's not too much trouble", "lift the drum"),
        ("she keeps asking for the kite", "she is asking for the kite"),
        ("forget about the drums, bring the kite", "leave the drums alone, bring the kite"),
        ("no more than two kites on the bench", "two kites on the bench"),
        ("two kites at most, please", "two kites, please"),
        ("one or two kites on the bench", "one kites on the bench"),
        ("gimme the kite n the drum plz", "give me the kite and the drum please"),
        ("not all the kites, just two of them, on the bench", "two of the kites on the bench"),
        ("of the four kites, three go on the bench", "three of the four kites go on the bench"),
        ("put the um on the bench", "put the um on the bench"),
        ("the drum is mine, the kite is yours", "the drum is mine, the kite is yours"),
        ("I think the drum is broken", "I think the drum is broken"),
    ],
)
def test_the_request_inside(said, meant) -> None:
    called = frozenset({"um"}) if "the um on" in said else frozenset()
    assert " ".join(spoken(said, called).split()) == meant
