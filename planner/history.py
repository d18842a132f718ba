"""What earlier instructions did: taken from two states, or from the episode of an earlier run.

Kept as facts, not as words, so that "put it back" has one meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.episode_file import EpisodeError, read_episodes
from planner.plan import Done, Move
from planner.propose.asking import direct
from skills.state import State
from skills.symbols import GroundAtom, SymbolError, parse_literal
from skills.types import Region

MOST = 20  # earlier instructions that are kept
PLACES = ("holding", "in", "on", "at")


def done_between(
    instruction: str, before: State, after: State, ended: str, regions: Mapping[str, Region] | None = None
) -> Done:
    """What changed place between two states, in the order of the names."""
    moves = []
    for name in sorted(set(before.of_type("movable")) | set(after.of_type("movable"))):
        was, now = direct(name, before, regions), direct(name, after, regions)
        if was != now:
            moves.append(Move(name, was, now))
    return Done(instruction, tuple(moves), ended)


def done_of_episode(episode: Mapping[str, Any]) -> Done:
    """The same from a recorded episode: the first facts that were seen against the last; raises EpisodeError."""
    try:
        attempts = episode["attempts"]
        seen = [a["seen"]["atoms"] for a in attempts]
        seen += [s["after"]["atoms"] for a in attempts for s in a["steps"] if "after" in s]
        first, last = (_facts(seen[0]), _facts(seen[-1])) if seen else ({}, {})
        moves = [Move(n, first.get(n), last.get(n)) for n in sorted({*first, *last}) if first.get(n) != last.get(n)]
        return Done(str(episode["instruction"]), tuple(moves), str(episode["verdict"]["status"]))
    except (KeyError, TypeError, IndexError, SymbolError) as error:
        raise EpisodeError(f"the episode lacks what a history needs: {error}") from error


def read_history(path: Path) -> tuple[Done, ...]:
    """Earlier instructions from an episode file or the folder of a run, oldest first; raises EpisodeError."""
    file = path / "episode.jsonl" if path.is_dir() else path
    return tuple(done_of_episode(e) for e in read_episodes(file)[-MOST:])


def _facts(atoms: list[str]) -> dict[str, GroundAtom]:
    """Where each thing is: the most telling fact, as `planner.propose.asking.direct` would choose; of several places
    that with the longest name, since sizes are not recorded."""
    out: dict[str, GroundAtom] = {}
    parsed = [parse_literal(a).atom for a in atoms]
    for predicate in reversed(PLACES):
        for a in sorted(
            (a for a in parsed if a.predicate == predicate), key=lambda a: (len(a.args[-1].split()), str(a))
        ):
            out[a.args[0]] = a
    return out
