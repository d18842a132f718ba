"""One request in four tones: the same things, the same meaning, other words around it."""

from __future__ import annotations

import re
from itertools import islice

import pytest

from planner.learn.examples import in_tones, load_knowledge
from planner.learn.tones import INDIRECT, PLAIN, POLITE, TONES, TYPOS


@pytest.fixture(scope="module")
def found():
    return list(islice(in_tones(load_knowledge(), "dev", 4), 24))


def tokens(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_only_the_words_differ(found):
    for tones in found:
        assert tuple(tones) == TONES
        plain = tones[PLAIN]
        for e in tones.values():
            assert (e.room, e.meant, e.goes, e.decision, e.deeds) == (
                plain.room, plain.meant, plain.goes, plain.decision, plain.deeds,
            )  # fmt: skip
        assert len({e.setting.request for e in tones.values()}) == len(TONES)


def test_politeness_and_indirection_stand_around_the_plain_words(found):
    for tones in found:
        polite = tones[POLITE].setting.request.lower()
        assert set(tokens(tones[PLAIN].setting.request)) <= set(tokens(polite))
        assert any(w in polite for w in ("please", "thank", "kind", "mind", "obliged"))
    kept = [t for t in found if t[PLAIN].setting.request.lower().rstrip(".!?") in t[INDIRECT].setting.request.lower()]
    assert len(kept) > len(found) / 2  # the others are "would you mind putting ..."


def test_slips_change_letters_only(found):
    for tones in found:
        plain, slips = tones[PLAIN].setting.request, tones[TYPOS].setting.request
        assert abs(len(plain) - len(slips)) <= 1 + len(plain) // 40
        assert tones[TYPOS].tags.noise == (TYPOS,)


def test_the_same_seed_gives_the_same_requests_and_skips_them(found):
    again = list(islice(in_tones(load_knowledge(), "dev", 4, skip=3), 4))
    assert [t[TYPOS].setting.request for t in again] == [t[TYPOS].setting.request for t in found[3:7]]
