"""Superlatives that names do not settle: by what was measured."""

from __future__ import annotations

import pytest

from planner.propose.measures import extreme, measures_of
from planner.propose.reading import read_words
from propose_scene import SIDES, request_for, thing
from skills.drivers.fake import fake_embodiment
from skills.types import Form, ObjectState, Pose, Shape

SIZES = {
    "cup": {"volume": 0.0004, "height": 0.09, "length": 0.09, "width": 0.08, "thickness": 0.08, "mass": 0.3},
    "jar": {"volume": 0.0009, "height": 0.09, "length": 0.12, "width": 0.12, "thickness": 0.09, "mass": 0.5},
    "pen": {"volume": 0.00002, "height": 0.01, "length": 0.15, "width": 0.15, "thickness": 0.01, "mass": 0.02},
}


@pytest.mark.parametrize(
    ("word", "names", "found"),
    [
        ("biggest", ("cup", "jar", "pen"), "jar"), ("smallest", ("cup", "jar", "pen"), "pen"),
        ("longest", ("cup", "jar", "pen"), "pen"), ("heavier", ("cup", "jar"), "jar"),
        ("lightest", ("cup", "jar", "pen"), "pen"), ("thinner", ("jar", "pen"), "pen"),
        ("tallest", ("cup", "jar"), ""),  # no difference that anyone sees
        ("bigger", ("cup", "jar", "pen"), ""),  # than which?
        ("cleanest", ("cup", "jar"), ""), ("red", ("cup", "jar"), ""), ("biggest", ("cup",), ""),
        ("biggest", ("cup", "unheard"), ""),
    ],
)  # fmt: skip
def test_the_one_that_is_farthest_along(word, names, found):
    assert extreme(word, names, SIZES) == found


def test_measures_are_of_the_thing_as_it_lies():
    lying = ObjectState(
        "can",
        "can",
        Shape(Form.CYLINDER, (0.06, 0.06, 0.12)),
        Pose((0, 0, 0.03), (0, 0.5**0.5, 0, 0.5**0.5)),
        0.4,
        True,
    )
    assert measures_of(lying)["height"] == pytest.approx(0.06, abs=1e-6)
    assert measures_of(lying)["length"] == pytest.approx(0.12)
    assert measures_of(lying)["mass"] == 0.4


def meant(text):
    things = [
        thing("red block", 0.35, -0.3),
        thing("green block", 0.5, 0.0),
        thing("tea can", 0.6, 0.2),
        thing("white bowl", 0.4, 0.2),
    ]
    words = read_words(request_for(text, body=fake_embodiment(things, SIDES)))
    return [m.names for m in words.wanted if not m.place]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("put the object closest to the green block in the white bowl", None),
        ("put the leftmost object in the white bowl", "red block"),
        ("put the second object from the left in the white bowl", "green block"),
    ],
)
def test_any_thing_may_be_meant(text, name):
    first = meant(text)[0]
    assert len(first) == 1
    assert name is None or first == (name,)
