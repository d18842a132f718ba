"""Write the mapped instructions as task files: ``python -m tests.development SOURCE.yaml FOLDER``.

The files stay outside the project: the sentences belong to their authors. Scores on them serve development alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from tests.development.household import ambiguity, templates, tidying
from tests.development.saycan import task_of


def main(source: Path, folder: Path) -> None:
    """One task file per group, and on the terminal what could not be said in our scenes and why."""
    groups = {g["id"]: g for g in yaml.safe_load(source.read_text())["groups"]}
    kitchen = [(i["id"], *task_of(i)) for i in groups["saycan_plan_v0"]["items"]]
    suites = {
        "dev-kitchen": [t for _, t, _ in kitchen if t is not None],
        "dev-tidying": [tidying(i) for i in groups["tidybot_scenarios"]["items"]],
        "dev-open": ambiguity(groups["knowno_ambiguity"]),
        "dev-blocks": templates(groups["cap_tabletop_seen"]),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, tasks in suites.items():
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump({"suite": name, "tasks": tasks}, sort_keys=False, allow_unicode=True))
        print(f"{path}: {len(tasks)} tasks")
    for item, task, why in kitchen:
        if task is None:
            print(f"left out: {item}: {why}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tests.development SOURCE.yaml FOLDER")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
