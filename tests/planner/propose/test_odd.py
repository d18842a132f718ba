"""The odd one out, by what is written down of all."""

from __future__ import annotations

import pytest

from planner.learn.knowledge import Entry, Knowledge
from planner.propose.lookup import Lookup
from planner.propose.odd import odd_one

LOOKUP = Lookup(
    Knowledge([
        Entry("plum", ("fruit", "food")), Entry("pear", ("fruit", "food")), Entry("fig", ("fruit", "food")),
        Entry("chisel", ("tool",)), Entry("rasp", ("tool",)), Entry("tray", ("container",)),
    ])
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "here", "name"),
    [
        ("put the thing that doesn't belong in the tray", ("plum", "pear", "fig", "chisel", "tray"), "chisel"),
        ("throw away the odd one out", ("chisel", "rasp", "fig"), "fig"),
        ("pick up whichever item is different from the rest", ("plum", "pear", "fig", "rasp"), "rasp"),
        ("throw away the odd one out", ("plum", "chisel"), ""),  # of two neither is odd
        ("throw away the odd one out", ("plum", "pear", "chisel", "rasp"), ""),
        ("throw away the odd one out", ("plum", "pear", "gizmo"), ""),  # nothing is known of one
        ("throw away the plum", ("plum", "pear", "chisel"), ""),
    ],
)  # fmt: skip
def test_the_one_with_least_in_common(said, here, name):
    read = odd_one(said, here, LOOKUP)
    assert (f"the {name}" in read and read != said) if name else read == said


def test_without_knowledge_nothing_is_odd():
    assert odd_one("throw away the odd one out", ("plum", "pear", "chisel"), None) == "throw away the odd one out"
