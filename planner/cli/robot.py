"""Arguments of ``groundplan run`` that are about the robot, and what becomes of them."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits
from planner.cli.exits import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from envs.rehearsal import Rehearsal
    from envs.task import Task
    from planner.cli.view import TerminalView
    from planner.laboratory import Care
    from planner.parts import Execute
    from planner.plan import Context
    from planner.session import Mind
    from planner.settings import Settings
    from planner.workplace import Workplace
    from skills.skill import GroundSkill
    from skills.types import Observation

LOG = "commands.jsonl"


def add_robot(parser: argparse.ArgumentParser) -> None:
    """Which robot, and how carefully."""
    parser.add_argument("--driver", metavar="NAME", help="a driver's name or module:Class (default: the simulator)")
    parser.add_argument("--dry-run", action="store_true", help="plan, try it in simulation; the robot does not move")
    parser.add_argument(
        "--approve", choices=("plan",), help="show each plan, tried in simulation, and ask before acting"
    )
    parser.add_argument("--step", action="store_true", help="ask before every step")
    parser.add_argument("--speed", type=float, metavar="SHARE", help="of the usual speed, such as 0.2")
    parser.add_argument("--yes", action="store_true", help="a robot that is not simulated may move: you watch it")


def settings_for(args: argparse.Namespace, settings: Settings) -> Settings:
    """The settings with what the line says of the robot; raises UsageError, SettingsError."""
    from planner.settings import overlay

    said = {k: v for k in ("driver", "speed") if (v := getattr(args, k)) is not None}
    if (args.approve or args.step) and (args.json or not sys.stdin.isatty()):
        raise UsageError("--approve and --step ask at a terminal; leave them out, or leave out --json and pipes")
    return overlay(settings, {"robot": said}, where="the command line") if said else settings


class Typing:
    """What a person types at the terminal, through ``view`` once there is one. Raises EOFError at the end."""

    def __init__(self) -> None:
        self.view: TerminalView | None = None

    def __call__(self, prompt: str) -> str:
        return input(prompt) if self.view is None else self.view.ask(prompt)


def care_for(args: argparse.Namespace, settings: Settings, out: Path | None, typing: Typing) -> Care:
    """How the robot is watched over. A person at the terminal is asked for the consent that nobody gave yet."""
    from planner.approval import yes_at_terminal
    from planner.laboratory import Care
    from planner.workplace import FAKE, SIMULATOR

    logged = out is not None and settings.robot.driver not in (SIMULATOR, FAKE)
    return Care(
        consent=bool(args.yes),
        phrase=None if args.json or not sys.stdin.isatty() else _typed,
        approve=yes_at_terminal(typing) if sys.stdin.isatty() and not args.json else None,
        log=out / LOG if out is not None and logged else None,
        locked="this is a dry run" if args.dry_run else "",
    )


def _typed(phrase: str) -> str:
    """The phrase as typed; nothing at the end of the input."""
    try:
        return input(f"A real robot is going to move. To consent, type exactly: {phrase}\n> ").strip()
    except EOFError:
        return ""


def tried(place: Workplace, task: Task, settings: Settings) -> Any:
    """A function that tries steps from an observation in simulation."""
    from envs.calibration import read_calibration
    from envs.rehearsal import rehearse
    from skills.guard import GuardLimits

    robot = settings.robot
    base = None if robot.calibration is None else read_calibration(robot.calibration).base
    limits = GuardLimits(pace=robot.speed, zones=robot.zones())

    def run(seen: Observation, steps: Sequence[GroundSkill]) -> Rehearsal:
        foot = None if base is None else base.pose
        return rehearse(task.scene_object, seen, steps, foot, robot.model, limits)

    return run


def words(rehearsal: Rehearsal) -> str:
    """How a rehearsal went, in a line."""
    if rehearsal.skipped:
        return f"not tried in simulation: {rehearsal.skipped}"
    if rehearsal.ok:
        return f"tried in simulation: all {len(rehearsal.steps)} steps work"
    last = rehearsal.steps[-1]
    return f"tried in simulation: step {len(rehearsal.steps)}, {last.step}, fails: {last.failure}"


def prepared(
    args: argparse.Namespace, mind: Mind, place: Workplace, task: Task, settings: Settings, typing: Typing
) -> tuple[Mind, Settings, Execute]:
    """The mind whose plans a person approves, budgets that fit a slower robot, and what carries steps out."""
    from dataclasses import replace

    from planner.approval import ApprovedPlans, ApprovedSteps, yes_at_terminal
    from skills.executor import execute
    from skills.library import SkillLibrary

    yes, speed = yes_at_terminal(typing), settings.robot.speed
    if speed < 1:
        slow = [replace(s, max_ticks=math.ceil(s.max_ticks / speed)) for s in mind.library.values()]
        ticks = math.ceil(settings.budget.ticks / speed)
        mind = replace(mind, library=SkillLibrary(slow))
        settings = replace(settings, budget=replace(settings.budget, ticks=ticks))
    if args.approve:
        run = tried(place, task, settings)
        mind = replace(mind, grounder=ApprovedPlans(mind.grounder, yes, lambda seen, steps: words(run(seen, steps))))
    return mind, settings, ApprovedSteps(execute, yes) if args.step else execute


def dry_run(
    args: argparse.Namespace, console: Console, place: Workplace, mind: Mind, task: Task, settings: Settings,
    context: Context, view: Any,
) -> int:  # fmt: skip
    """Observe, plan, try the plan in simulation; nothing moves. 0: it works there; 1: not; 3: asked or refused."""
    from planner.loop import Parts, decide
    from planner.plan import Act, Ask
    from planner.session import with_aliases

    parts = Parts(place.body, mind.proposer, mind.grounder, mind.library, view, context=with_aliases(context, task))
    with view:
        decision, _ = decide(task.instruction, parts, task.goal if args.goal == "task" else None, settings.budget)
    answer: dict[str, Any] = {"dry_run": True, "robot": place.robot, "perception": place.perception}
    if not isinstance(decision, Act):
        said = decision.question if isinstance(decision, Ask) else decision.failure.detail
        answer |= {"question" if isinstance(decision, Ask) else "refused": said}
        code = exits.ASKED_OR_REFUSED
    else:
        steps = [s.skill for s in decision.plan.steps]
        rehearsal = tried(place, task, settings)(place.body.observe(), steps)
        said = words(rehearsal)
        answer |= {
            "plan": list(map(str, steps)),
            "rehearsed": [{"step": str(r.step), "ok": r.ok, "failure": None if r.ok else str(r.failure)}
                          for r in rehearsal.steps],
            "skipped": rehearsal.skipped,
        }  # fmt: skip
        code = exits.REACHED if rehearsal.ok else exits.NOT_REACHED
    if args.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for step in answer.get("plan", ()):
            console.print(f"  {step}", markup=False)
        console.print(f"dry run, nothing moved: {said}", markup=False)
    return code
