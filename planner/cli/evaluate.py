"""``groundplan evaluate``: measure planners on task files; resumable, one line per episode, rates with intervals."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options
from planner.cli.exits import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from envs.task import Task
    from planner.evaluate.evaluation import Evaluated, Plan
    from planner.evaluate.evaluation import Progress as Done
    from planner.evaluate.pool import Backend
    from planner.settings import ModelSettings

_MOST_JOBS = 256


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("evaluate", help="measure planners on task files")
    parser.add_argument("files", nargs="+", metavar="FILE", help="task files, or names of shipped ones")
    parser.add_argument("--planner", default="closed-loop", metavar="NAME[,NAME]", help="which (default: closed-loop)")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="how many seeds (default: 1)")
    parser.add_argument("--seed-start", type=int, default=0, metavar="N", help="the first seed (default: 0)")
    parser.add_argument("--plan-only", action="store_true", help="think only, judge the plan symbolically; fast")
    for name in ("ids", "families", "tags"):
        parser.add_argument(f"--{name}", default="", metavar="A,B", help=f"only tasks with these {name}")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N of the chosen tasks")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="worker processes (default: 1)")
    parser.add_argument("--backend", choices=("process", "ray"), default="process", help="what runs the workers")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where results go; the same goes on")
    parser.add_argument(
        "--require", type=float, metavar="RATE", help="exit 1 when a planner's success rate is below this (0 to 1)"
    )
    options.add_settings(parser)
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: everything is measured (and no less than --require); 1: not so, or interrupted."""
    _check(args)
    plan = plan_of(args)
    from planner.evaluate import evaluation
    from planner.evaluate.folder import EvaluateError

    console = options.console_of(args)
    backend = _backend(args)
    options.out_folder(args.out)
    try:
        with _bar(console, args.quiet, plan.think_only) as tell:
            done = evaluation.evaluate(plan, args.out, backend, tell)
    except EvaluateError as error:
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        console.print(f"interrupted; what is finished lies in {args.out}, the same command goes on", markup=False)
        return exits.NOT_REACHED
    if args.json:
        print(json.dumps(done.summary, ensure_ascii=False))
    _show(console, args, done)
    return exits.REACHED if done.complete and _good_enough(args, done) else exits.NOT_REACHED


def plan_of(args: argparse.Namespace) -> Plan:
    """What the line asks for, checked in full: settings, tasks, planners and model; raises an error for a person."""
    settings = options.settings_of(args)
    tasks = _tasks(args)
    from planner.evaluate.evaluation import Plan, code_of_this
    from planner.evaluate.folder import EvaluateError
    from planner.evaluate.planners import find_planner
    from planner.evaluate.worker import with_one_thread

    names = _words(args.planner)
    classes = [find_planner(name) for name in names]
    if any(c.uses_model for c in classes):
        _check_model(settings.model)
    seeds = tuple(range(args.seed_start, args.seed_start + args.seeds))
    try:
        return Plan(
            planners=tuple(names),
            tasks=tuple(tasks),
            seeds=seeds,
            settings=with_one_thread(settings),
            think_only=args.plan_only,
            code=code_of_this(),
            files=tuple(args.files),
        )
    except EvaluateError as error:
        raise UsageError(str(error)) from error


def _check_model(model: ModelSettings) -> None:
    """Said now and once, not by every worker: a model that is not there, a server that does not answer."""
    from planner.lm.address import is_address
    from planner.lm.weights import find_model

    remote = is_address(model.name)
    local = model.fallback if remote else model.name
    if local is not None:
        find_model(local)
    if remote and local is None:
        from planner.session import remote_model

        remote_model(model).score("a", [" b"])


def _check(args: argparse.Namespace) -> None:
    for name, value, low, high in (
        ("--seeds", args.seeds, 1, 100_000),
        ("--seed-start", args.seed_start, 0, 2**31),
        ("--jobs", args.jobs, 1, _MOST_JOBS),
        ("--limit", args.limit, 1, 10**9),
        ("--require", args.require, 0, 1),
    ):
        if value is not None and not low <= value <= high:
            raise UsageError(f"{name} takes {low} to {high}, not {value}")


def _tasks(args: argparse.Namespace) -> list[Task]:
    from envs.tasks import load_tasks

    tasks = load_tasks(args.files, ids=_words(args.ids), families=_words(args.families), tags=_words(args.tags))
    return tasks[: args.limit]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _backend(args: argparse.Namespace) -> Backend:
    if args.backend == "ray":
        from planner.evaluate.ray_pool import RayActors

        return RayActors(args.jobs)
    from planner.evaluate.pool import Processes

    return Processes(args.jobs)


@contextmanager
def _bar(console: Console, quiet: bool, think_only: bool) -> Iterator[Callable[[Done], None]]:
    """A bar with what is done, the time left, and the success rate so far; plain lines where nobody watches."""
    from planner.evaluate.measures import succeeded

    good = run = 0

    def count(done: Done) -> str:
        nonlocal good, run
        if done.line is not None:
            run, good = run + 1, good + succeeded(done.line)
        return f"{good} of {run} {'plans reach the goal' if think_only else 'succeeded'}" if run else ""

    if quiet or not console.is_terminal:

        def plain(done: Done) -> None:
            said = count(done)
            steps = max(1, done.total // 20)
            if not quiet and (done.done % steps == 0 or done.done == done.total):
                console.print(f"{done.done} of {done.total} episodes  {said}", markup=False)

        yield plain
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("episodes", total=None, said="")

        def drawn(done: Done) -> None:
            if done.line is None:  # what is stored already takes no time: the clock begins here
                bar.reset(task, total=done.total, completed=done.done)
            bar.update(task, completed=done.done, said=count(done))

        yield drawn


def _show(console: Console, args: argparse.Namespace, done: Evaluated) -> None:
    from rich.markup import escape
    from rich.table import Table

    from planner.evaluate.table import by_suite, rows, turned

    if not args.quiet:
        for heads, body in (turned(*rows(done.summary)), by_suite(done.summary)):
            table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
            for head in heads:
                table.add_column(head, overflow="fold")
            for row in body:
                table.add_row(*map(escape, row))
            console.print(table)
            console.print()
    died = sum(p["all"]["worker_died"] for p in done.summary["planners"].values())
    if died:
        console.print(f"workers died during {died} episodes; they count as failed", markup=False)
    console.print(f"{args.out}/summary.json; a report of it: groundplan report {args.out}", markup=False)


def _good_enough(args: argparse.Namespace, done: Evaluated) -> bool:
    if args.require is None:
        return True
    name = "plan_success" if args.plan_only else "execution_success"
    return all((p["all"][name]["rate"] or 0.0) >= args.require for p in done.summary["planners"].values())
