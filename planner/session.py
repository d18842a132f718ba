"""Putting the parts together: a mind, a workplace, one task, one record.

The command line, evaluations and benchmarks all run tasks through `run_task`, so that a number in a report and a
run in a terminal are the same thing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.goals import Goal
from envs.task import Task
from envs.tasks import task_again
from planner import loop
from planner.episode import EpisodeRecorder
from planner.episode_file import EpisodeError
from planner.events import Listener, Status, Verdict, tell
from planner.film import Film, Progress
from planner.identity import code_identity, model_digest
from planner.lm.address import is_address, open_remote
from planner.parts import Execute
from planner.plan import Context, Grounder, Proposer
from planner.replay import Replay, replay
from planner.settings import ModelSettings, Settings, SettingsError, as_dict, overlay
from planner.workplace import FAKE, SIMULATOR, Workplace, open_workplace
from skills.driver import DriverError
from skills.driver_config import without_secrets
from skills.executor import execute
from skills.library import SkillLibrary, default_library
from skills.symbols import GroundAtom

if TYPE_CHECKING:
    from planner.lm.api import LanguageModel
    from planner.lm.remote import RemoteLM
    from planner.lm.weights import ModelFile

EPISODE = "episode.jsonl"


@dataclass(eq=False)
class Mind:
    """What thinks. ``identity``: name and checksum of the model, for the record."""

    name: str
    proposer: Proposer
    grounder: Grounder
    library: SkillLibrary
    identity: Mapping[str, Any] = field(default_factory=dict)
    lm: Any = None  # planner.lm.api.LanguageModel, where there is one

    def meter(self) -> loop.Usage:
        """A fresh counter of what the model does from now on."""
        if self.lm is None:
            return dict
        before = self._used()
        return lambda: asdict(self._used() - before)

    def _used(self) -> Any:
        """What the model was used for so far, by the proposer's second one as well."""
        total = self.lm.usage
        for other in getattr(self.proposer, "others", ()):
            total = total + other.usage
        return total


@dataclass(frozen=True)
class Outcome:
    """What came of one run. ``judged``: the simulator's ground truth on the task's own goal (or on the planner's,
    when the task names none); None without a simulator. ``paths``: what was written, by label."""

    verdict: Verdict
    episode: Mapping[str, Any]
    judged: bool | None = None
    paths: tuple[tuple[str, Path], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replayed:
    """A replay, with what was written and what a person should know about it."""

    replay: Replay
    paths: tuple[tuple[str, Path], ...] = ()
    notes: tuple[str, ...] = ()


Waiting = Callable[[str], AbstractContextManager[None]]


def open_mind(settings: Settings, progress: bool = False, waiting: Waiting = lambda what: nullcontext()) -> Mind:
    """Load the language model (or reach it, if its name is an address), build proposer and grounder; raises ModelError.

    ``progress``: a bar while weights are fetched; ``waiting``: shown while they are loaded, never at the same time.
    """
    from planner.lm.weights import find_model

    model = settings.model
    remote = is_address(model.name)
    local = model.fallback if remote else model.name
    file = None if local is None else find_model(local, progress)  # a fallback that cannot be had is said now
    with waiting("asking the language model's server" if remote else "loading the language model"):
        from planner.propose.adapter import second_model
        from planner.propose.choose import open_grounder, open_proposer

        lm = remote_model(model) if remote else _local_model(model, model.name)
        second = second_model(lm, model.adapter, model.name)
        proposer = open_proposer(lm, settings.propose, second=second, may_ask=settings.ground.ask)
        proposer.warm_up()
        identity = _identity(lm, file, model.fallback) | ({} if second is None else {"second": second.digest})
    grounder = open_grounder(proposer, settings.ground)
    return Mind(lm.name, proposer, grounder, default_library(plugins=True), identity, lm)


def remote_model(model: ModelSettings) -> RemoteLM:
    """The model at the address ``model.name``, with the stated fallback; nothing is sent yet."""
    back = model.fallback
    fallback = None if back is None else lambda: _local_model(model, back)
    return open_remote(model.name, timeout=model.timeout, retries=model.retries, fallback=fallback)


def _local_model(model: ModelSettings, name: str) -> LanguageModel:
    from planner.lm.engine import load_language_model
    from planner.propose.adapter import adapter_for

    return load_language_model(name, model.dtype, model.threads, adapter=adapter_for(model.adapter, name))


def _identity(lm: LanguageModel, file: ModelFile | None, fallback: str | None) -> dict[str, Any]:
    """What thinks, for the record. A server says no checksum; its address holds no credentials."""
    digest = None if file is None else model_digest(file.path)
    if not isinstance(url := getattr(lm, "url", None), str):
        return {"name": lm.name, "sha256": digest}
    found = {"name": lm.name, "url": url, "served": getattr(lm, "model", None), "sha256": None}
    return found | ({} if file is None else {"fallback": {"name": fallback, "sha256": digest}})


def header(task: Task, seed: int, settings: Settings, place: Workplace, mind: Mind) -> dict[str, Any]:
    """Everything that is known before a run begins, as plain data."""
    return {
        "planner": "closed-loop",
        "suite": task.suite,
        "task": task.id,
        "family": task.family,
        "scene": task.scene,
        "seed": seed,
        "task_data": task.to_data(),
        "settings": without_secrets(as_dict(place.settled(settings))),
        "code": code_identity(),
        "model": dict(mind.identity),
        "driver": place.driver,
        "robot": place.robot,
        "perception": place.body.perception.name,
        "skills": list(mind.library),
    }


def run_task(
    task: Task,
    seed: int,
    settings: Settings,
    place: Workplace,
    mind: Mind,
    *,
    goal: Goal | None = None,
    listener: Listener | None = None,
    ask: loop.Answer = loop.nobody,
    out: Path | None = None,
    progress: Progress | None = None,
    context: Context | None = None,
    number: int = 0,
    execute: Execute = execute,
) -> Outcome:
    """Run one task on an open workplace. ``goal``: given to the planner, None: it must find its own. ``context``: what
    came before and what is noted; the scene's other names for its places are added. ``number``: of instructions that
    were carried out before on this workplace.

    With ``out`` (a writable folder) the episode, pictures and a video lie there afterwards; the episode is on disk
    all along, so that whatever ends the run leaves it behind.
    """
    began = time.perf_counter()
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    path = None if out is None else out / EPISODE
    context = with_aliases(context or Context(), task)
    head = header(task, seed, settings, place, mind) | {"context": context_data(context), "follows": number}
    recorder = EpisodeRecorder(head, path, started)
    film = None if out is None else Film(place.stage, out, settings.video)
    parts = loop.Parts(
        body=place.body,
        proposer=mind.proposer,
        grounder=mind.grounder,
        library=mind.library,
        events=tell(recorder, place, *([listener] if listener is not None else [])),
        ask=ask,
        usage=mind.meter(),
        context=context,
        execute=execute,
    )
    missed = getattr(mind.lm, "fallbacks", 0)
    verdict = loop.run(task.instruction, parts, goal, settings.budget)
    judged, notes = _judge(task, verdict, place, recorder, later=number > 0)
    missed = getattr(mind.lm, "fallbacks", 0) - missed
    if missed:
        notes.append(f"{mind.lm.url} did not answer {missed} calls, or cannot score; the fallback model did")
    if film is not None:
        if verdict.status is not Status.INTERRUPTED:
            film.finish(progress)
        notes += film.notes
        recorder.add("files", {label: file.name for label, file in film.files})
    recorder.add_wall("total_s", round(time.perf_counter() - began, 4))
    recorder.add("notes", notes)
    files = [("episode", path)] if path is not None else []
    files += film.files if film is not None else []
    return Outcome(verdict, recorder.episode, judged, tuple(files), tuple(notes))


def with_aliases(context: Context, task: Task) -> Context:
    """The context with the other names that the task's scene has for its places."""
    aliases = tuple(task.scene_object.aliases.items())
    return replace(context, aliases=tuple(dict.fromkeys((*context.aliases, *aliases))))


def context_data(context: Context) -> dict[str, Any]:
    """A context as plain data, for the record."""
    history = [
        {
            "instruction": d.instruction,
            "ended": d.ended,
            "moved": [[m.thing, _said(m.before), _said(m.after)] for m in d.moved],
        }
        for d in context.history
    ]
    return {"notes": list(context.notes), "history": history, "aliases": [list(a) for a in context.aliases]}


def _said(fact: GroundAtom | None) -> str | None:
    return None if fact is None else str(fact)


def _judge(
    task: Task, verdict: Verdict, place: Workplace, recorder: EpisodeRecorder, later: bool
) -> tuple[bool | None, list[str]]:
    """Ask the ground truth. The planner never sees the answer. ``later``: what else was moved, earlier instructions may
    have moved."""
    if place.judge is None or verdict.status is Status.INTERRUPTED:
        return None, []
    goal = task.goal if task.goal is not None else verdict.goal
    try:
        found = place.judge.verdict(goal)
    except DriverError as error:  # the judge sits with the robot, and the way there is gone
        return None, [f"the ground truth cannot be asked: {error}"]
    whose = "task" if task.goal is not None else "planner" if goal is not None else None
    recorder.add("judge", {"goal_of": whose, **found.to_json()})
    notes = []
    if verdict.status is Status.REACHED and found.success is False:
        untrue = [x for x, true in found.holds.items() if not true]
        why = f"untrue: {', '.join(untrue)}" if untrue else "something forbidden held"
        of = "the task's goal" if whose == "task" else "this goal"
        notes.append(f"the judge, who sees the ground truth, says {of} was not reached ({why})")
    elif found.success:
        notes.append("the judge, who sees the ground truth, agrees that this holds")
    for thing in () if later else found.collateral:
        how = "was toppled" if thing.toppled else f"was moved by {thing.moved * 100:.1f} cm"
        notes.append(f"bystander {thing.name!r} {how}")
    return found.success, notes


def replay_episode(
    episode: Mapping[str, Any],
    listener: Listener | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    visit: Callable[[Workplace], None] | None = None,
) -> Replayed:
    """Build the recorded start again and replay the episode on it; raises EpisodeError.

    ``visit``: called once with the workplace before anything moves, to watch what an export needs.
    """
    task, seed, settings, driver = _recorded(episode)
    with open_workplace(task, seed, settings, driver, film=out is not None) as place:
        if visit is not None:
            visit(place)
        film = None if out is None else Film(place.stage, out, settings.video)
        events = tell(place, *([listener] if listener is not None else []))
        done = replay(episode, place.body, default_library(plugins=True), settings.budget, events)
        if film is not None:
            film.finish(progress)
    now, then = code_identity(), episode.get("code", {})
    notes = [] if film is None else list(film.notes)
    if (now["commit"], now["version"]) != (then.get("commit"), then.get("version")):
        notes.append(f"recorded with {_code(then)}, replayed with {_code(now)}")
    elif now["changed"] or then.get("changed"):
        notes.append("the code has uncommitted changes, now or when this was recorded")
    return Replayed(done, tuple(film.files) if film is not None else (), tuple(notes))


def _recorded(episode: Mapping[str, Any]) -> tuple[Task, int, Settings, str]:
    """What the record says about its own beginning."""
    if episode.get("follows"):
        raise EpisodeError("the episode follows others in the same run; only the first one's start can be built again")
    try:
        data, seed, driver = episode["task_data"], int(episode["seed"]), str(episode["driver"])
        settings = overlay(Settings(), episode["settings"])
        task = task_again(data, str(episode.get("suite", "")))
    except SettingsError as error:
        raise EpisodeError(f"the episode was recorded with other settings: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise EpisodeError(f"the episode lacks what a replay needs: {error}") from error
    if driver not in (SIMULATOR, FAKE):
        raise EpisodeError(f"the episode was recorded on the driver {driver!r}; only simulated ones can be replayed")
    return task, seed, replace(settings, video=replace(settings.video, enabled=True)), driver


def _code(identity: Mapping[str, Any]) -> str:
    commit = identity.get("commit")
    return f"version {identity.get('version')}" + (f" at {commit[:12]}" if commit else "")
