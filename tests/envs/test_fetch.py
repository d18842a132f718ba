from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from envs.fetch import PLACES, generate_fetch, main
from envs.generate import GenerateError
from envs.placement import place
from envs.tasks import load_tasks


def test_every_ordered_pair_of_places_seeded_and_growing():
    tasks = generate_fetch(40, seed=3)
    assert len({t.id for t in tasks}) == 40
    assert [t.to_data() for t in generate_fetch(10, seed=3)] == [t.to_data() for t in tasks[:10]]
    assert [t.to_data() for t in generate_fetch(10, seed=4)] != [t.to_data() for t in tasks[:10]]
    pairs = Counter()
    for task in tasks:
        (literal,) = task.goal.literals()
        start = {o.name: o.at for o in task.objects}
        moved, target = literal.atom.args
        end = target if literal.atom.predicate == "at" else start[target]
        pairs[start[moved], end] += 1
    assert pairs == {(a, b): 2 for a in PLACES for b in PLACES if a != b}


def test_every_task_names_its_thing_and_can_be_placed():
    for i, task in enumerate(generate_fetch(40, seed=1)):
        (literal,) = task.goal.literals()
        assert literal.atom.args[0] in task.instruction
        layout = place(task, task.scene_object, np.random.default_rng(i))
        assert len(layout.placed) == len(task.objects)


def test_wrong_wishes():
    with pytest.raises(GenerateError, match="bystanders"):
        generate_fetch(3, clutter=(4, 2))


def test_the_written_file_holds_the_same_tasks(tmp_path):
    file = tmp_path / "a" / "fetch.yaml"
    main(["--n", "6", "--seed", "3", "--out", str(file)])
    assert [t.to_data() for t in load_tasks(file)] == [t.to_data() for t in generate_fetch(6, seed=3)]
