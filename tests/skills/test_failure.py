from __future__ import annotations

import pytest

from skills.failure import DEFAULT_BLAME, NEEDS_LITERALS, Failure, FailureKind
from skills.symbols import lit


@pytest.mark.parametrize("kind", sorted(NEEDS_LITERALS))
def test_kinds_about_literals_must_name_them(kind):
    with pytest.raises(ValueError, match="which literals"):
        Failure(kind, "x")
    assert Failure(kind, "x", unmet=(lit("clear", "a"),)).unmet


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_has_a_usual_blame_and_needs_words(kind):
    assert kind in DEFAULT_BLAME
    with pytest.raises(ValueError, match="detail"):
        Failure(kind, "", unmet=(lit("clear", "a"),))


def test_text_counts_steps_from_one():
    failure = Failure(FailureKind.EFFECT, "it fell", step=1, unmet=(lit("on", "a", "b"),))
    assert str(failure) == "EFFECT at step 2: it fell [unmet: on(a, b)]"
