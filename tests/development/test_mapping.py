"""The published development instructions become legal tasks; skipped where they do not lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from envs.tasks import load_tasks
from tests.development.__main__ import main

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "dev-instructions.yaml"
needs_source = pytest.mark.skipif(not SOURCE.is_file(), reason="the development instructions are not here")


@needs_source
def test_every_group_becomes_a_readable_suite(tmp_path: Path) -> None:
    main(SOURCE, tmp_path)
    counts = {}
    for path in sorted(tmp_path.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text())["tasks"]
        counts[path.stem] = len(raw)
        assert len({t["id"] for t in raw}) == len(raw)
    assert set(counts) == {"dev-blocks", "dev-kitchen", "dev-open", "dev-tidying"}
    assert counts["dev-kitchen"] >= 70
    assert counts["dev-tidying"] == 40
    assert len(load_tasks([tmp_path / "dev-blocks.yaml"])) == counts["dev-blocks"]


@needs_source
def test_goals_name_only_what_is_in_the_scene(tmp_path: Path) -> None:
    main(SOURCE, tmp_path)
    places = {"table", "close counter", "far counter", "trash can", "user"}
    for path in tmp_path.glob("*.yaml"):
        for task in yaml.safe_load(path.read_text())["tasks"]:
            if task["scene"] != "kitchen":
                continue
            known = places | {o["name"] for o in task["start"]["objects"]}
            for alternative in task["goal"]["any"]:
                for literal in alternative:
                    args = [a.strip() for a in literal.split("(", 1)[1].rstrip(")").split(",")]
                    assert set(args) <= known, (task["id"], literal)
