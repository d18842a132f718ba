"""Reading task files: one format for single tasks and suites.

Reading is strict and complete: whatever is wrong is said before anything runs, naming file, line, task and the
choices. A file is a suite (``suite:``, ``tasks:``) or one task by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from envs.check import check_task
from envs.scenes import load_scene
from envs.strict import Document, FileError, Strict, choices_text, describe, read_yaml, suggest
from envs.task import ObjectStart, Start, Task, check_instruction

MAX_TASKS = 20_000


class Suite(Strict):
    """The head of a file; its tasks are read one by one so that each error names its task."""

    suite: str
    tasks: list[Any]


def task_files() -> dict[str, Path]:
    """The shipped task files: name -> file."""
    folder = Path(str(resources.files("configs"))) / "tasks"
    return {p.stem: p for p in sorted(folder.glob("*.yaml"))}


def find_task_file(name_or_path: str | Path) -> Path:
    """A shipped file by name or any file by path; raises FileError naming the choices."""
    text, shipped = str(name_or_path), task_files()
    if text in shipped:
        return shipped[text]
    path = Path(text)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return path
    raise FileError(
        f"no task file {text!r}{suggest(text, shipped)} (shipped: {choices_text(shipped)}; or a path)", "tasks"
    )


def load_tasks(
    paths: str | Path | Iterable[str | Path],
    *,
    ids: Sequence[str] = (),
    families: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> list[Task]:
    """Every task of the files, in order, or those chosen by id, family and tag (each: any of).

    Raises FileError for the first thing that is wrong: not YAML, an unknown key, an unknown name, an id used
    twice in a suite, a goal that cannot hold or holds already. A choice that matches nothing is an error too.
    """
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise FileError("no task file was named", "tasks")
    found: list[Task] = []
    where: dict[tuple[str, str], str] = {}
    for file in files:
        for task in read_tasks(read_yaml(find_task_file(file))):
            place, key = f"{task.file}:{task.line}", (task.suite, task.id)
            if key in where:
                text = f"the id is used twice in suite {task.suite!r}; first at {where[key]}"
                raise FileError(text, task.file, task.line, f"task {task.id!r}")
            where[key] = place
            found.append(task)
    return _choose(found, ids, families, tags)


def _choose(tasks: list[Task], ids: Sequence[str], families: Sequence[str], tags: Sequence[str]) -> list[Task]:
    for what, wanted, known in (
        ("id", ids, {t.id for t in tasks}),
        ("family", families, {t.family for t in tasks}),
        ("tag", tags, {g for t in tasks for g in t.tags}),
    ):
        for name in wanted:
            if name not in known:
                raise FileError(
                    f"no task with {what} {name!r}{suggest(name, known)}; there: {choices_text(sorted(known))}", "tasks"
                )
    return [
        t
        for t in tasks
        if (not ids or t.id in ids) and (not families or t.family in families) and (not tags or set(t.tags) & set(tags))
    ]


def read_tasks(document: Document) -> list[Task]:
    """The tasks of one document; raises FileError."""
    data = document.data
    if data is None or data == {} or data == []:
        raise document.error("is empty; a task file has 'suite' and 'tasks'")
    if isinstance(data, dict) and "instruction" in data and "tasks" not in data:
        return [_task(document, (), Path(document.file).stem)]
    head = document.read(Suite)
    if not head.suite.strip():
        raise document.error("the suite needs a name", ("suite",))
    if not head.tasks:
        raise document.error(f"suite {head.suite!r} has no tasks", ("tasks",))
    if len(head.tasks) > MAX_TASKS:
        raise document.error(f"{len(head.tasks)} tasks in one file; at most {MAX_TASKS}: split it", ("tasks",))
    return [_task(document, ("tasks", i), head.suite) for i in range(len(head.tasks))]


def _task(document: Document, path: tuple[str | int, ...], suite: str) -> Task:
    data = document.data
    for step in path:
        data = data[step]
    name = data.get("id") if isinstance(data, dict) else None
    where = f"task {name!r}" if isinstance(name, str) else f"task {int(path[-1]) + 1}" if path else "task"
    task = document.read(Task, path, where).from_source(suite, document.file, document.line(path))
    return check_task(task, lambda message, inner: document.error(message, (*path, *inner), where))


def task_from_data(data: Any, suite: str = "") -> Task:
    """A task from plain data (`Task.to_data`, an episode's line); raises FileError."""
    document = Document(data, suite or "task")
    name = data.get("id") if isinstance(data, dict) else describe(data)
    task = document.read(Task, (), f"task {name!r}").from_source(suite)
    return check_task(task, lambda message, inner: document.error(message, inner, f"task {name!r}"))


def task_again(data: Any, suite: str = "") -> Task:
    """A task from `Task.to_data`, whether it came from a file or from a bare instruction; raises FileError."""
    if data.get("goal") is None and data.get("expect", "success") == "success":
        objects = [ObjectStart(**o) for o in data["start"]["objects"]]
        return make_task(data["instruction"], data["scene"], objects, data["id"])
    return task_from_data(data, suite)


def make_task(
    instruction: str,
    scene: str = "tabletop",
    objects: Sequence[str | ObjectStart] | None = None,
    task_id: str = "command-line",
) -> Task:
    """A task from a bare instruction, with no goal known: the planner proposes one and nobody judges it.

    ``objects``: names or starts; None: what lies in the scene when nobody says. Raises FileError or
    ValueError, naming what is wrong.
    """
    check_instruction(instruction)
    own = load_scene(scene).furniture_names
    try:
        starts = (
            None
            if objects is None
            else tuple(o if isinstance(o, ObjectStart) else ObjectStart(name=o) for o in objects)
        )
        clash = starts is not None and any(o.name in own for o in starts)
        start = Start(objects=starts, furniture=False if clash else bool(own) or None)
    except ValidationError as err:
        raise Document(None, "objects").complain(err) from None
    task = Task.model_construct(id=task_id, instruction=instruction, scene=scene, start=start)
    return check_task(task.from_source("command line"), lambda message, _: FileError(message, "start"))
