"""What the look-up tells the model about a request, whatever the sentence is like."""

from __future__ import annotations

import pytest

from planner.learn.knowledge import Entry, Knowledge
from planner.propose import form
from planner.propose.hints import MOST, hints
from planner.propose.lookup import Lookup

ENTRIES = [
    Entry("apple", ("fruit", "food"), ("eat",), ("sweet",), ("fruit bowl",)),
    Entry("pear", ("fruit", "food"), ("eat",), ("sweet",), ("fruit bowl",)),
    Entry("sponge", ("cleaning tool",), ("wipe up a spill",), (), ("sink",)),
    Entry("pretzel", ("snack", "food"), ("eat",), ("salty",)),
]
LOOKUP = Lookup(Knowledge(ENTRIES))
NAMES = ("apple", "pear", "pretzel", "sponge")


@pytest.mark.parametrize(
    ("request_", "members"),
    [
        ("plonk anything that is fruit wherever you like", ("apple", "pear")),
        ("somebody has to wipe up the spill over there", ("sponge",)),
        ("I fancy something salty", ("pretzel",)),
        ("a cleaning tool, quickly", ("sponge",)),
        ("what belongs in the fruit bowl goes there", ("apple", "pear")),
    ],
)
def test_kinds_uses_properties_and_homes(request_, members) -> None:
    assert members in [k.members for k in hints(LOOKUP, request_, NAMES)]


def test_what_is_not_written_down_is_open() -> None:
    (known,) = hints(LOOKUP, "all the fruit", (*NAMES, "durian"))
    assert known == form.Known("fruit", ("apple", "pear"), ("durian",))
    assert "Known: fruit: apple, pear, perhaps durian." in form.shared_part(
        form.Setting((("durian", ""),), (), "all the fruit", known=(known,))
    )


def test_names_in_full_are_no_kinds() -> None:
    assert hints(LOOKUP, "put the pear in the fruit bowl", NAMES, ("fruit bowl",)) == ()


def test_homes_without_a_name_are_those_that_are_here() -> None:
    found = hints(LOOKUP, "put everything where it belongs", NAMES, ("sink", "box"))
    assert [k.members for k in found] == [("sponge",)]


def test_never_too_many_and_nothing_without_knowledge() -> None:
    assert len(hints(LOOKUP, "fruit food snack sweet salty eat cleaning tool", NAMES)) <= MOST
    assert hints(None, "all the fruit", NAMES) == ()
