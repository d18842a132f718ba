"""Writes the pages that come from the code: docs/skills.md, docs/commands.md and the bench table in README.md.

Run by ``make docs``; a test fails when a page is out of date.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- bench: begin (written by make docs) -->", "<!-- bench: end -->"


def skills_page() -> str:
    """Every skill of the default library and every predicate, from the objects themselves."""
    from skills.library import default_library
    from skills.symbols import PREDICATES

    lines = ["# Skills and literals", "", "Written by `make docs` from the code.", "", "## Skills", ""]
    lines += ["| skill | in words | needs | watched throughout | brings about | budget |", "|---|---|---|---|---|---|"]
    for skill in default_library().values():
        op = skill.operator
        signature = f"`{op.name}({', '.join(f'{p.name}: {p.type}' for p in op.parameters)})`"
        cells = [", ".join(map(str, part)) or "-" for part in (op.preconditions, op.invariants, op.add)]
        lines.append(f"| {signature} | {op.say} | {' | '.join(cells)} | {skill.max_ticks} ticks |")
    lines += ["", "## Literals", "", "| literal | true when | in words |", "|---|---|---|"]
    for p in PREDICATES.values():
        args = ", ".join(f"{t} {i + 1}" if len(p.types) > 1 else t for i, t in enumerate(p.types))
        lines.append(f"| `{p.name}({args})` | {p.meaning} | {p.say.format(*('…',) * len(p.types))} |")
    return "\n".join([*lines, *trials_table()]) + "\n"


def trials_table() -> list[str]:
    """How often each skill alone did what it promises, from docs/skill-trials.json (``make skills``)."""
    from planner.evaluate.statistics import wilson

    file = ROOT / "docs" / "skill-trials.json"
    if not file.exists():
        return []
    rows: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    about = (
        "One ground skill in random kitchens, from where its preconditions hold; the judge (ground truth)\n"
        "says whether every effect came true. A start that does not fit, or whose preconditions an earlier\n"
        "step could not bring about, is drawn anew; after that nothing is sorted out: where the skill's own\n"
        "affordance says no, it failed. A seed without a start is left out. Seeds 0..14 (drawer 75, too;\n"
        "`hand over` 0..5, `turn upright` 0..12, `push along` 0..7, `push over a tabletop` 0..36, 64 and 84,\n"
        "`close a cabinet` 0..19, `third block` 0..24, no others of these and none of `find`) were also used to\n"
        "mend the skills. Into and out of drawers: chests of two. What is pushed is too wide or too heavy to\n"
        "grasp; the tabletop's arm stands still, the kitchen's drives. Worst form: of the thing that is handled,\n"
        "where several were. Perception: oracle, but for `find`: camera. Written by `make skills`. In rows of\n"
        "commits before 2327e775938e the Panda's fingers were the library's meshes, before e681495d4507 what was\n"
        "let go could hang on one of them. After 5e3868a a way for the base is looked for again with finer\n"
        "steps, stands without a way are passed over and every side of a thing gets its turn: seeds 30 and 96 of\n"
        "`close a cabinet` and 8 of `put into a container`, which failed before, were used for that and work.\n"
        "In the same way 49 of `open a cabinet`, 41 of `close a drawer`, 42 of `open a lidded box`, 84 of `push over\n"
        "a tabletop` and 55, 62 and 76 of `throw away` up to fa82ee9, since when the trial of `find` also hides\n"
        "what is looked for. Since 4ef4834 opening fingers drop old points of contact, since 8974729 a stopped hand\n"
        "backs off from where it is: rows of before that let go, open, close or press were not taken again, but\n"
        "for those whose commit says so. Since 756c3e7 cameras render a lean copy of the world, since 007b6c6 round\n"
        "furniture (the person, legs of tables) is round in the physics, since 0dcb723 near looks read anew.\n"
        "From rows of 38be03c were mended: 96 of `find`, 24 of `close a cabinet`, 33, 39, 87 and 93 of `put into an\n"
        "open cabinet`, 3, 21, 48, 51, 78, 93, 99 and 101 of `take out of an open cabinet`; from the row of bc25650\n"
        "38, 40, 47, 61, 63 and 87 of `find`, and 6 and nine others without a start are drawn up to twenty times now.\n"
        "From rows of 109fece and 7288acc: 58 of `pick` (a heavy bin held by its rim), 29 and 38 of `put into a\n"
        "container` (a pot in a pot, a long thing across a bin). `pick a box` and its kin draw from one form of thing\n"
        "each, since rare forms are few among all; 8 of `pick a bowl` was used to mend it."
    )
    lines = ["", "## Each skill alone", "", about, ""]
    lines += [
        "| trial | effects came true | false success | what failed | worst form | median CPU s | seeds | commit |"
    ]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for kind, r in rows.items():
        low, high = wilson(r["ok"], r["n"])
        share = f"{r['ok']} of {r['n']} [{100 * low:.0f}, {100 * high:.0f}] %"
        failed = ", ".join(f"{k} {v}" for k, v in r["failures"].items()) or "-"
        seeds = f"{r['seeds'][0]}..{r['seeds'][1]}"
        cells = (kind, share, r["false"], failed, _worst(r.get("forms", {})), f"{r['cpu_s']:.2f}", seeds, r["commit"])
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def _worst(forms: dict[str, str]) -> str:
    """The form of thing with the lowest share, where there is more than one; of "21/22" texts by form."""
    if len(forms) < 2:
        return "-"
    counts = {f: tuple(map(int, t.split("/"))) for f, t in forms.items()}
    worst = min(counts, key=lambda f: (counts[f][0] / counts[f][1], -counts[f][1]))
    return f"{worst} {counts[worst][0]} of {counts[worst][1]}"


def commands_page() -> str:
    """The help of every command."""
    from planner.cli.main import parser

    os.environ["COLUMNS"] = "100"
    top = parser()
    parts = ["# Commands", "", "Written by `make docs` from the code.", ""]
    parts += ["```text", top.format_help().rstrip(), "```", ""]
    actions = [a for a in top._actions if hasattr(a, "choices") and isinstance(a.choices, dict)]
    for name, sub in actions[0].choices.items():
        parts += [f"## groundplan {name}", "", "```text", sub.format_help().rstrip(), "```", ""]
        for group in (a for a in sub._actions if isinstance(a.choices, dict)):
            for word, inner in group.choices.items():
                parts += [f"### groundplan {name} {word}", "", "```text", inner.format_help().rstrip(), "```", ""]
    return "\n".join(parts)


def readme(text: str) -> str:
    """README with the current bench table between the markers."""
    from planner.bench import markdown

    bench = ROOT / "docs" / "bench.json"
    if not bench.exists() or BEGIN not in text:
        return text
    table = markdown(json.loads(bench.read_text(encoding="utf-8"))).split("\n\n", 2)[2]
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{table}{END}{rest.split(END)[1]}"


def pages() -> dict[Path, str]:
    """Path -> what it should say."""
    return {
        ROOT / "docs" / "skills.md": skills_page(),
        ROOT / "docs" / "commands.md": commands_page(),
        ROOT / "README.md": readme((ROOT / "README.md").read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
