from __future__ import annotations

import base64

import pytest

from planner.evaluate.report import write_report
from planner.evaluate.report_pictures import MOST_FRAMES, _spread, choose, film
from planner.evaluate.report_rows import row_of
from stored import like


def test_failures_come_first_and_differ(real_lines):
    right, wrong = real_lines.right, real_lines.wrong
    failed = like(wrong, measures=wrong["measures"] | {"false_success": False})
    slipped = like(failed, failure={"kind": "EFFECT", "blame": "SKILL", "detail": "slipped"})
    rows = [(i, row_of(x)) for i, x in enumerate([right, failed, failed, slipped, wrong, wrong])]
    assert choose(rows, 4) == [4, 5, 1, 3]
    assert choose(rows, 9) == [4, 5, 1, 3, 2, 0]
    assert choose(rows, 0) == []


def test_long_stories_keep_their_first_and_last_picture():
    moments = [(i, str(i)) for i in range(40)]
    kept = _spread(moments)
    assert len(kept) == MOST_FRAMES
    assert (kept[0], kept[-1]) == (moments[0], moments[-1])
    assert _spread(moments[:3]) == moments[:3]


@pytest.mark.slow
def test_a_film_of_a_real_episode(real_lines):
    media = film(real_lines.right)
    assert [caption for caption, _ in media.strip] == ["start", "pick(red block)", "place_in(red block, blue bowl)"]
    pictures = [base64.b64decode(data) for _, data in media.strip]
    assert all(p.startswith(b"\xff\xd8\xff") and len(p) < 20_000 for p in pictures)
    assert len(set(pictures)) == 3
    assert base64.b64decode(media.video)[4:8] == b"ftyp"
    assert media.note == ""


def test_what_cannot_be_filmed_becomes_a_note(store, real_lines):
    line = like(real_lines.right, driver="real arm")
    written = write_report(store([line]), videos=1)
    assert written.filmed == 0
    assert written.notes == [
        "no pictures of line 1: the episode was recorded on the driver 'real arm'; only simulated ones can be replayed"
    ]
