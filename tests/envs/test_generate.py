from __future__ import annotations

from collections import Counter

import pytest
import yaml

from envs.generate import KINDS, GenerateError, generate, suite_data
from envs.placement import place
from envs.tasks import load_tasks


def test_balanced_seeded_and_growing():
    tasks = generate(40, seed=3)
    assert Counter(t.family for t in tasks) == dict.fromkeys(KINDS, 8)
    assert [t.to_data() for t in generate(10, seed=3)] == [t.to_data() for t in tasks[:10]]
    assert [t.to_data() for t in generate(10, seed=4)] != [t.to_data() for t in tasks[:10]]
    assert len({t.id for t in tasks}) == 40


def test_every_task_says_what_its_goal_names_and_can_be_placed():
    import numpy as np

    for i, task in enumerate(generate(60, seed=1)):
        (literal,) = task.goal.literals()
        assert all(name in task.instruction for name in literal.atom.args)
        assert 2 <= len(task.objects) <= 6
        assert place(task, task.scene_object, np.random.default_rng(i)).gap >= 0.02


def test_written_as_a_task_file_and_read_back(tmp_path):
    tasks = generate(7, seed=2)
    file = tmp_path / "made.yaml"
    file.write_text(yaml.safe_dump(suite_data("made", tasks)))
    assert [t.to_data() for t in load_tasks(file)] == [t.to_data() for t in tasks]


def test_wrong_wishes():
    with pytest.raises(GenerateError, match="no kind 'juggle'; kinds: in, stack"):
        generate(3, kinds=["juggle"])
    with pytest.raises(GenerateError, match="at least one kind"):
        generate(3, kinds=[])
    with pytest.raises(GenerateError, match="bystanders"):
        generate(3, clutter=(4, 2))
