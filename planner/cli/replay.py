"""``groundplan replay``: carry a recorded episode out again without the language model and compare bit by bit."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from planner.cli import exits, options
from planner.cli.exits import UsageError


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("replay", help="repeat a recorded episode and compare it bit by bit")
    parser.add_argument("episode", type=Path, metavar="EPISODE", help="an episode.jsonl, or the folder that holds it")
    parser.add_argument("--line", type=int, default=None, help="which line of the file, from 1 (default: the only one)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write pictures and a video of the replay there")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: equal to the bit; 1: the replay parted from the record."""
    from planner.cli.progress import film_bar
    from planner.cli.view import TerminalView
    from planner.episode_file import read_episodes

    path = args.episode / "episode.jsonl" if args.episode.is_dir() else args.episode
    episode = _choose(read_episodes(path), args.line, path)
    out = options.out_folder(args.out) if args.out is not None else None

    from planner import session

    console = options.console_of(args)
    view = TerminalView(console, quiet=True)
    with film_bar(console, args.quiet) as bar:
        done = session.replay_episode(episode, None, out, bar)
    replayed = done.replay
    if args.json:
        where = None if replayed.divergence is None else str(replayed.divergence)
        answer = {"equal": replayed.equal, "steps": replayed.steps, "divergence": where, "notes": list(done.notes)}
        print(json.dumps(answer | {"files": {k: str(p) for k, p in done.paths}}, ensure_ascii=False))
    elif replayed.equal:
        steps = "1 step" if replayed.steps == 1 else f"{replayed.steps} steps"
        console.print(f"equal to the bit over {steps}, digest {replayed.episode['digest'][:16]}")
    else:
        console.print(f"not equal: {replayed.divergence}", markup=False)
    view.footer(done.paths, done.notes if not args.json else ())
    return exits.REACHED if replayed.equal else exits.NOT_REACHED


def _choose(episodes: list[dict[str, Any]], line: int | None, path: Path) -> dict[str, Any]:
    if line is None:
        if len(episodes) > 1:
            raise UsageError(f"{path} holds {len(episodes)} episodes; choose one with --line 1 to {len(episodes)}")
        return episodes[0]
    if not 1 <= line <= len(episodes):
        raise UsageError(f"{path} has no line {line}; it holds {len(episodes)} episodes")
    return episodes[line - 1]
