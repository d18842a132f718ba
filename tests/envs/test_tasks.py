from __future__ import annotations

import textwrap

import pytest
import yaml

from envs.goals import Goal
from envs.strict import FileError
from envs.task import ObjectStart
from envs.tasks import load_tasks, make_task, task_files, task_from_data
from skills.symbols import lit

FULL = """\
suite: demo
tasks:
  - id: d-1
    instruction: "put the red block in the upper left corner"
    family: moves
    scene: tabletop
    start:
      robot: {at: null, holding: null}
      objects:
        - {name: red block, at: center}
        - {name: blue bowl, at: null}
        - {name: top drawer, at: right side, kind: receptacle}
        - {name: apple, at: top drawer}
    expect: success
    goal:
      any:
        - ["at(red block, upper left corner)"]
        - ["not in(apple, top drawer)", {at_least: {n: 1, of: ["in(apple, blue bowl)", "in(red block, blue bowl)"]}}]
    forbidden: ["in(red block, top drawer)"]
    tags: [smoke]
  - id: d-2
    instruction: "put the block in the bowl"
    scene: tabletop
    start: {objects: [{name: green block}, {name: red bowl}, {name: blue block, at: gripper}]}
    expect: ask
    intents:
      - {reply: "the green one", any: [["in(green block, red bowl)"]]}
  - {id: d-3, instruction: "fetch me the moon", scene: tabletop, expect: refuse}
"""

ONE = """\
suite: demo
tasks:
  - id: t
    instruction: do it
    scene: tabletop
    start:
      robot: {at: null, holding: null}
      objects:
        - {name: red block, at: left side}
        - {name: blue block, at: null}
        - {name: blue bowl, at: null}
        - {name: drawer, at: right side, kind: receptacle}
    goal: {any: [["in(red block, blue bowl)"]]}
"""


def write(tmp_path, text, name="demo.yaml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_format_in_full(tmp_path):
    one, two, three = load_tasks(write(tmp_path, FULL))
    assert (one.suite, one.family, one.expect, one.tags, one.line) == ("demo", "moves", "success", ("smoke",), 3)
    assert one.goal.alternatives[0] == (lit("at", "red block", "top left corner"),)
    assert one.forbidden == (lit("in", "red block", "top drawer"),)
    assert [o.at for o in one.objects] == ["middle", None, "right side", "top drawer"]
    assert one.objects[2].kind == "receptacle"
    assert two.holding == "blue block"
    assert two.start.robot.holding == "blue block"
    assert two.intents[0].goal == Goal.of([lit("in", "green block", "red bowl")])
    assert two.goal is None
    assert [o.name for o in three.objects][:2] == ["red block", "green block"]  # the scene's own things


def test_plain_data_and_back(tmp_path):
    for task in load_tasks(write(tmp_path, FULL)):
        data = task.to_data()
        again = task_from_data(yaml.safe_load(yaml.safe_dump(data)), task.suite)
        assert again.to_data() == data
        assert again == task_from_data(data, task.suite)


def test_a_single_task_is_a_file_too(tmp_path):
    body = textwrap.dedent(ONE.split("tasks:\n")[1]).replace("- id: t", "  id: t")
    (task,) = load_tasks(write(tmp_path, textwrap.dedent(body), "alone.yaml"))
    assert (task.suite, task.id) == ("alone", "t")


def test_choosing(tmp_path):
    file = write(tmp_path, FULL)
    assert [t.id for t in load_tasks([file], ids=["d-3", "d-1"])] == ["d-1", "d-3"]
    assert [t.id for t in load_tasks(file, families=["moves"])] == ["d-1"]
    assert [t.id for t in load_tasks(file, tags=["smoke"])] == ["d-1"]
    with pytest.raises(FileError, match="no task with id 'd-4'; did you mean"):
        load_tasks(file, ids=["d-4"])
    with pytest.raises(FileError, match="no task with tag 'smok'; did you mean 'smoke'"):
        load_tasks(file, tags=["smok"])
    with pytest.raises(FileError, match="no task file was named"):
        load_tasks([])


def test_ids_are_unique_in_a_suite_over_all_files(tmp_path):
    with pytest.raises(
        FileError, match=r"demo.yaml:3: task 't': the id is used twice in suite 'demo'; first at .*demo.yaml:3"
    ):
        load_tasks([write(tmp_path, ONE)] * 2)
    other = write(tmp_path, ONE.replace("suite: demo", "suite: other"), "other.yaml")
    assert len(load_tasks([write(tmp_path, ONE), other])) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("scene: tabletop", "scene: tabeltop", 5, "unknown scene 'tabeltop'; did you mean 'tabletop'"),
        ("scene: tabletop", "sceen: tabletop", 5, "unknown key 'sceen'; did you mean 'scene'"),
        ("    scene: tabletop\n", "", 3, "the key 'scene' is missing"),
        ("instruction: do it", "instruction: ''", 4, "the instruction is empty"),
        ("instruction: do it", "instruction: " + "x" * 10_000, 4, "10000 characters; at most 2000"),
        ("instruction: do it", "instruction: 12", 4, "expected text, got int 12 .put it in quotes"),
        ("id: t", "id: 7", 3, "id: expected text, got int 7"),
        ("name: red block", "name: yes", 9, "expected text, got bool True"),
        ("name: red block", "name: 'red, block'", 9, "contains ','"),
        ("name: red block", "name: '!?'", 9, "no letter or digit"),
        ("name: red block", "name: gripper", 9, "cannot name an object"),
        ("name: red block", "name: middle", 9, "is a place of scene"),
        ("name: blue block", "name: red block", 10, "two objects are called 'red block'"),
        ("at: left side", "at: left sied", 9, "no place or object 'left sied'; did you mean 'left side'"),
        ("at: left side", "at: corner", 9, "no place or object 'corner'"),
        ("at: left side", "at: red block", 9, "nothing carries it: red block on red block"),
        ("at: left side", "where: left side", 9, "unknown key 'where'"),
        ("holding: null", "holding: blue bowl, at: user", 7, "the key 'at' is written twice"),
        ("robot: {at: null,", "robot: {at: user,", 7, "stands still, it cannot be at 'user'"),
        ("holding: null", "holding: green bowl", 7, "no object 'green bowl' at the start; did you mean 'blue bowl'"),
        ("holding: null", "holding: red block", 9, "is held, so it cannot be at 'left side'"),
        ("holding: null", "holding: drawer", 12, "is held, so it cannot be at"),
        ("kind: receptacle", "kind: receptacle, lying: true", 12, "'drawer': a receptacle does not lie on its side"),
        ("at: left side", "at: drawer, lying: true", 9, "'red block' lies on 'drawer'"),
        ("in(red block, blue bowl)", "upright(red block)", 13, "holds already at the start"),
        ("kind: receptacle", "kind: receptacel", 12, "unknown kind 'receptacel'; did you mean 'receptacle'"),
        (
            "in(red block, blue bowl)",
            "in(red blok, blue bowl)",
            13,
            "no object 'red blok'.*did you mean 'red block'.*present: red",
        ),
        ("in(red block, blue bowl)", "at(red block, moon)", 13, "no place 'moon' in scene 'tabletop'"),
        ("in(red block, blue bowl)", "inn(red block, blue bowl)", 13, "unknown predicate 'inn'"),
        ("in(red block, blue bowl)", "in(red block)", 13, "takes 2 argument"),
        ("in(red block, blue bowl)", "visited(middle)", 13, "stands still"),
        ('"in(red block, blue bowl)"', "in(red block, blue bowl)", 13, "put literals in quotes"),
        ("{any: [[", "{all: [[", 13, "unknown key 'all'"),
        ("in(red block, blue bowl)", "in(red block, blue block)", 13, "can never hold: 'blue block' is no container"),
        ("in(red block, blue bowl)", "at(drawer, left side)", 13, "receptacle and is never moved"),
        ("in(red block, blue bowl)", "on(red block, red block)", 13, "does not carry itself"),
        ("in(red block, blue bowl)", "at(red block, left side)", 13, "holds already at the start"),
        ("in(red block, blue bowl)", "at(blue block, table)", 13, "holds already at the start"),
        (
            "in(red block, blue bowl)",
            'at(red block, left side)", "at(red block, right side)',
            13,
            "cannot be at two places",
        ),
        ("in(red block, blue bowl)", 'on(red block, blue block)", "on(blue block, red block)', 13, "in a circle"),
        ("in(red block, blue bowl)", 'holding(red block)", "holding(blue block)', 13, "holds one thing"),
        ("in(red block, blue bowl)", 'in(red block, drawer)", "at(red block, left side)', 13, "stands elsewhere"),
        (
            "    goal:",
            "    forbidden: ['at(red block, left side)']\n    goal:",
            13,
            "forbidden, yet it holds at the start",
        ),
        ("    goal:", "    forbidden: ['in(red block']\n    goal:", 13, "not a literal"),
        ("    goal:", "    forbidden: 'in(red block, drawer)'\n    goal:", 13, "expected a list of literals"),
        (
            "    goal:",
            "    intents: [{reply: a, any: [['in(red block, drawer)']]}]\n    goal:",
            3,
            "belong to expect: ask only",
        ),
        (
            "    goal:",
            "    expect: ask\n    intents: [{reply: a, any: [['in(red, drawer)']]}]\n    goal:",
            14,
            "no object 'red'",
        ),
        ("    goal:", "    expect: maybe\n    goal:", 13, "expected 'success', 'ask' or 'refuse'"),
        ('    goal: {any: [["in(red block, blue bowl)"]]}\n', "", 3, "expect: success needs a goal"),
        ('    goal: {any: [["in(red block, blue bowl)"]]}\n', "    goal:\n", 3, "expect: success needs a goal"),
    ],
)
def test_mistakes_name_file_line_task_and_choices(tmp_path, old, new, line, message):
    assert old in ONE
    file = write(tmp_path, ONE.replace(old, new, 1))
    with pytest.raises(FileError, match=message) as err:
        load_tasks(file)
    assert (err.value.file, err.value.line) == (str(file), line)
    assert "\n" not in str(err.value)
    if "task" in err.value.where:
        assert err.value.where in ("task 't'", "task 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("suite: a\ntasks: []\n", "suite 'a' has no tasks"),
        ("suite: a\n", "the key 'tasks' is missing"),
        ("tasks: [{}]\n", "the key 'suite' is missing"),
        ("suite: a\ntasks: [3]\n", "task 1: expected a mapping, got int 3"),
        ("- a\n- b\n", "expected a mapping"),
        ("suite: a\ntask: []\ntasks: []\n", "unknown key 'task'; did you mean 'tasks'"),
    ],
)
def test_files_that_are_no_suite(tmp_path, text, message):
    with pytest.raises(FileError, match=message):
        load_tasks(write(tmp_path, text))


def test_on_and_in_a_place_mean_at_and_at_a_container_means_in(tmp_path):
    text = ONE.replace('"in(red block, blue bowl)"', '"on(red block, right side)", "at(blue block, drawer)"')
    (task,) = load_tasks(write(tmp_path, text))
    assert task.goal.alternatives == ((lit("at", "red block", "right side"), lit("in", "blue block", "drawer")),)


def test_an_unknown_noun_that_things_are_put_in_becomes_a_container(tmp_path):
    text = ONE.replace("name: blue bowl", "name: wuzzle").replace("in(red block, blue bowl)", "in(red block, wuzzle)")
    (task,) = load_tasks(write(tmp_path, text))
    assert task.objects[2].kind == "bin"
    assert task_from_data(task.to_data()).objects[2].kind == "bin"


def test_any_noun_phrase_is_a_name(tmp_path):
    text = ONE.replace("red block", "grand-mère's 7up (?)").replace("(?)", "no. 5")
    (task,) = load_tasks(write(tmp_path, text))
    assert task.objects[0].name == "grand-mère's 7up no. 5"


def test_a_task_from_the_command_line():
    task = make_task("stack them")
    assert [o.name for o in task.objects] == list(task.scene_object.objects)
    assert task.goal is None
    task = make_task("stack them", objects=["a cup", ObjectStart(name="lid", at="left")])
    assert [(o.name, o.at) for o in task.objects] == [("a cup", None), ("lid", "left side")]
    for bad, message in (("  ", "is empty"), ("x" * 10_000, "at most 2000")):
        with pytest.raises(ValueError, match=message):
            make_task(bad)
    with pytest.raises(FileError, match="unknown scene"):
        make_task("go", scene="nowhere")
    with pytest.raises(FileError, match="two objects are called 'cup'"):
        make_task("go", objects=["cup", "cup"])
    with pytest.raises(ValueError, match="commas"):
        make_task("go", objects=["a, b"])


@pytest.mark.slow
def test_five_thousand_tasks_in_one_file(tmp_path):
    head, body = ONE.split("tasks:\n")
    bodies = "".join(body.replace("id: t", f"id: t-{i}") for i in range(5000))
    assert len(load_tasks(write(tmp_path, head + "tasks:\n" + bodies))) == 5000
    bodies += body.replace("id: t", "id: t-17")
    with pytest.raises(FileError, match=r":55003: task 't-17': the id is used twice.*:190"):
        load_tasks(write(tmp_path, head + "tasks:\n" + bodies))


def test_shipped_files_are_found_by_name():
    for name in task_files():
        assert load_tasks(name)
    with pytest.raises(FileError, match="no task file 'nothing-here'"):
        load_tasks("nothing-here")
