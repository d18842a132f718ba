"""Episodes chosen at random, written out to be read: what was asked, what was here, what came of it.

``python -m planner.evaluate.transcripts RUN [RUN ...] --n 10 --seed 1 --page docs/transcripts.md`` replaces what stands
between the marks of the page. The draw depends on the seed and the lines alone, so good and bad ones come as they are.

Where a whole run takes too long, the tasks are drawn first: ``--ids configs/tasks/*.yaml --n 10 --seed 1`` prints what
``groundplan evaluate --ids`` takes, and ``--of 158`` says of how many tasks those of the run were drawn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

BEGIN, END = "<!-- transcripts: begin -->", "<!-- transcripts: end -->"
LONGEST = 12  # things listed of one scene


def chosen(episodes: Sequence[Mapping[str, Any]], n: int, seed: int) -> list[Mapping[str, Any]]:
    """``n`` different episodes in the order of their lines; all of them when there are fewer."""
    order = np.random.default_rng(seed).permutation(len(episodes))[:n]
    return [episodes[i] for i in sorted(order.tolist())]


def transcript(episode: Mapping[str, Any]) -> str:
    """One episode as a few lines of Markdown."""
    start = episode["task_data"]["start"]
    things = [f"{o['name']} ({o['at']})" if o.get("at") else o["name"] for o in start.get("objects") or ()]
    more = f" and {len(things) - LONGEST} more" if len(things) > LONGEST else ""
    listed = ", ".join(things[:LONGEST]) + more
    lines = [f"**“{episode['instruction']}”**", f"{episode['suite']}, {episode['task']}, seed {episode['seed']}. Here: "
             f"{listed or 'nothing'}."]  # fmt: skip
    for turn in episode.get("dialogue") or ():
        lines.append(f"It asks: “{turn['question']}” Answer: “{turn['answer']}”.")
    verdict = episode["verdict"]
    steps = (episode.get("plan") or {}).get("steps") or []
    if verdict.get("question"):
        lines.append(f"It asks: “{verdict['question']}”")
    elif verdict.get("failure") and verdict["status"] == "refused":
        lines.append(f"It refuses: {verdict['reason']}.")
    else:
        lines.append(f"It does: {', '.join(map(str, steps)) or 'nothing'}.")
    sure = (episode.get("attempts") or [{}])[0].get("confidence")
    if sure is not None:
        lines[-1] += f" It is {100 * sure:.0f} % sure."
    lines.append(f"Wanted: {wanted(episode)}. Verdict: {'right' if is_right(episode) else 'wrong'}{_why(episode)}.")
    return "  \n".join(lines) + "\n"


def wanted(episode: Mapping[str, Any]) -> str:
    """What the task expects, in one line."""
    if episode["expect"] != "success":
        return str(episode["expect"])
    goal = (episode.get("true_goal") or {}).get("any") or []
    return ", or ".join(" and ".join(map(_literal, alternative)) for alternative in goal[:2]) or "anything"


def _literal(one: Any) -> str:
    return one if isinstance(one, str) else json.dumps(one)


def is_right(episode: Mapping[str, Any]) -> bool:
    """Whether the judge was content: with what was done, else with the plan; or asked or refused where that was due."""
    m = episode["measures"]
    due = {"ask": "asked_before_moving", "refuse": "refused"}.get(episode["expect"])
    if due is not None:
        return bool(m[due])
    return bool(m["plan_success"] if m["execution_success"] is None else m["execution_success"])


def _why(episode: Mapping[str, Any]) -> str:
    failure = episode.get("failure")
    return f" ({failure['kind']}, {failure['blame']}: {failure['detail']})" if failure and not is_right(episode) else ""


def page(episodes: Iterable[Mapping[str, Any]], text: str, about: str) -> str:
    """The page with new transcripts; raises ValueError when a mark is missing."""
    if BEGIN not in text or END not in text:
        raise ValueError(f"the page needs the marks {BEGIN} and {END}")
    head, rest = text.split(BEGIN, 1)
    body = "\n".join(f"{i}. {transcript(e)}" for i, e in enumerate(episodes, 1))
    return f"{head}{BEGIN}\n{about}\n\n{body}{END}{rest.split(END, 1)[1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or print the transcripts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("runs", nargs="+", type=Path, help="folders of evaluations; with --ids task files")
    parser.add_argument("--ids", action="store_true", help="print the ids of tasks drawn from task files")
    parser.add_argument("--of", type=int, help="the run's tasks were drawn with the seed from so many")
    parser.add_argument("--n", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path)
    args = parser.parse_args(arguments)
    if args.ids:
        from envs.tasks import load_tasks

        tasks = [t.id for path in args.runs for t in load_tasks(path)]
        order = np.random.default_rng(args.seed).permutation(len(tasks))[: args.n]
        print(",".join(tasks[i] for i in sorted(order.tolist())))
        return 0
    lines = [json.loads(line) for r in args.runs for line in (r / "episodes.jsonl").read_text("utf-8").splitlines()]
    found = chosen(lines, args.n, args.seed)
    code = lines[0]["code"]["commit"][:12] if lines else ""
    right = sum(map(is_right, found))
    whole = f"{len(lines)} episodes" if args.of is None else f"{args.of} tasks"
    about = f"Drawn with seed {args.seed} from {whole}, commit {code}; {right} of {len(found)} are right."
    if args.page is None:
        print("\n".join(map(transcript, found)))
    else:
        args.page.write_text(page(found, args.page.read_text("utf-8"), about), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
