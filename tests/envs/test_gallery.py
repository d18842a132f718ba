"""The film strips of the documentation: every skill is in one of them, and what is said is what was measured."""

from __future__ import annotations

from envs.gallery import STORIES, Shown, page, run_story
from envs.tasks import task_from_data
from skills.library import default_library


def test_every_skill_is_seen_in_at_least_one_of_ten():
    assert len(STORIES) >= 10
    used = {step.partition("(")[0] for story in STORIES for step in story.steps}
    assert used == set(default_library())


def test_all_stories_are_legal_tasks():
    for story in STORIES:
        start = {"robot": {"at": story.at}, "objects": list(story.objects)}
        data = {"id": story.name, "instruction": "x", "scene": story.scene, "start": start, "expect": "refuse"}
        assert task_from_data(data, "gallery").id == story.name


def test_a_story_is_run_and_drawn(tmp_path):
    """The shortest of them, in physics."""
    story = next(s for s in STORIES if s.name == "push")
    shown = run_story(story, tmp_path)
    assert [why for _, why in shown.steps] == [""] * len(story.steps)
    assert 10_000 < (tmp_path / "gallery-push.jpg").stat().st_size < 150_000


def test_the_page_says_what_failed():
    text = page([Shown(STORIES[0], (("pick(coke can)", ""), ("go_to(user)", "COLLISION: a chair")))], "abc123")
    assert "at commit abc123" in text
    assert "1. `pick(coke can)`: came true" in text
    assert "2. `go_to(user)`: COLLISION: a chair" in text
    assert "![Bring me the coke](images/gallery-fetch.jpg)" in text
