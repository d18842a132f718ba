"""A question after a thing, and the request for it."""

from __future__ import annotations

import pytest

from planner.propose.sought import sought


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Where is my cane? Bring it here.", "Bring my cane here."),
        ("Where did grandpa's hat go?", "Where did grandpa's hat go?"),
        ("Are there any nails? If so, put them in the tin.", "put all the nails in the tin."),
        ("Have you seen a stamp around? Hand it to me once you've found it.", "Hand the stamp to me."),
        ("Is there a lid on the shelf? Take it off.", "Take the lid that is on the shelf off."),
        ("Where is the cane?", "Where is the cane?"),
        ("Is the lid closed? Open the jar.", "Is the lid closed? Open the jar."),
    ],
)
def test_what_was_asked_after_is_asked_for(said, meant):
    assert sought(said) == meant
