from __future__ import annotations

import json

import pytest

from planner.evaluate.folder import EPISODES, RUN, EvaluateError, Folder, first_difference
from planner.evaluate.trials import key_of

IDENTITY = {"code": {"commit": "a"}, "config": {"seeds": [0, 1]}}


def line(seed, **more):
    return {"planner": "p", "suite": "s", "task": "t", "seed": seed, **more}


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path / "out")
    made.open(IDENTITY)
    return made


def again(folder):
    other = Folder(folder.path)
    other.open(IDENTITY)
    return other


def test_what_is_stored_is_found_again(folder):
    for seed in (2, 0):
        folder.add(line(seed))
    assert again(folder).done == {key_of(line(0)), key_of(line(2))}


def test_a_cut_off_last_line_is_cut_away_and_nothing_else(folder):
    folder.add(line(0))
    whole = folder.episodes.read_bytes()
    with folder.episodes.open("ab") as stream:
        stream.write(b'{"planner": "p", "sui')
    assert again(folder).done == {key_of(line(0))}
    assert folder.episodes.read_bytes() == whole


def test_a_bad_line_in_the_middle_is_an_error_that_names_it(folder):
    folder.episodes.write_bytes(b"nonsense\n" + json.dumps(line(0)).encode() + b"\n")
    with pytest.raises(EvaluateError, match=rf"{EPISODES}:1: not an episode"):
        again(folder)


def test_an_episode_twice_is_an_error(folder):
    folder.episodes.write_bytes(2 * (json.dumps(line(0)).encode() + b"\n"))
    with pytest.raises(EvaluateError, match=r":2: p / s / t / 0 is there twice"):
        again(folder)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"code": {"commit": "b"}, "config": {"seeds": [0, 1]}}, 'code.commit is "a" there and "b" now'),
        ({"code": {"commit": "a"}, "config": {"seeds": [0]}}, r"config.seeds is \[0, 1\] there and \[0\] now"),
    ],
)
def test_a_folder_of_other_code_or_configuration_is_refused_with_a_remedy(folder, other, said):
    with pytest.raises(EvaluateError, match=said) as caught:
        Folder(folder.path).open(other)
    assert "choose another --out" in str(caught.value)


def test_episodes_of_nobody_are_left_alone(tmp_path):
    (tmp_path / EPISODES).write_text("{}\n")
    with pytest.raises(EvaluateError, match=r"no run\.json"):
        Folder(tmp_path).open(IDENTITY)


def test_a_broken_run_file_is_said(folder):
    (folder.path / RUN).write_text("{")
    with pytest.raises(EvaluateError, match="cannot be read"):
        again(folder)


def test_the_end_puts_lines_in_the_order_of_the_work_list(folder):
    for seed in (2, 0, 1):
        folder.add(line(seed, text="ä" * seed))
    folder.put_in_order([key_of(line(s)) for s in (0, 1, 2, 3)])
    stored = [json.loads(x) for x in folder.episodes.read_text().splitlines()]
    assert [x["seed"] for x in stored] == [0, 1, 2]
    folder.add(line(3))
    assert again(folder).done == {key_of(line(s)) for s in range(4)}


def test_lines_of_another_evaluation_stop_the_ordering(folder):
    folder.add(line(7))
    with pytest.raises(EvaluateError, match="not of this evaluation"):
        folder.put_in_order([key_of(line(0))])


def test_the_first_difference_is_named_by_its_path():
    assert first_difference({"a": {"b": 1}}, {"a": {"b": 1}}) is None
    assert first_difference({"a": {"b": 1}}, {"a": {"b": 2}}) == "a.b is 1 there and 2 now"
    assert first_difference({"a": 1}, {}) == "a is 1 there and null now"
