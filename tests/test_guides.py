"""Guides are executed: the Python of CONTRIBUTING runs, its YAML loads, the generated pages are current."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from skills.drivers.fake import fake_embodiment
from skills.executor import execute
from skills.library import default_library
from skills.skill import GroundSkill
from skills.types import Form, ObjectState, Pose, Shape

ROOT = Path(__file__).resolve().parents[1]


def blocks(file: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), flags=re.S)


def test_the_skill_of_the_guide_runs_on_a_robot():
    (code,) = blocks("CONTRIBUTING.md", "python")
    module: dict[str, object] = {}
    exec(compile(code, "CONTRIBUTING.md", "exec"), module)
    block = ObjectState("red block", "block", Shape(Form.BOX, (0.04, 0.04, 0.04)), Pose((0.5, 0.1, 0.02)))
    body = fake_embodiment([block])
    library = default_library()
    assert execute(GroundSkill(library["pick"], ("red block",)), body).failure is None
    before = body.observe().pose_world_tool.position[2]
    report = execute(GroundSkill(module["SKILL"], ("red block",)), body)
    assert report.failure is None
    assert body.observe().pose_world_tool.position[2] == pytest.approx(before + 0.05, abs=0.002)


def test_the_environments_of_the_page_run(capsys):
    module: dict[str, object] = {}
    for code in blocks("docs/gymnasium.md", "python"):
        exec(compile(code, "docs/gymnasium.md", "exec"), module)
    assert "egg" in capsys.readouterr().out
    assert module["info"]["failure"] == ""


def test_the_task_of_the_guide_loads(tmp_path):
    from envs.tasks import load_tasks

    (text,) = blocks("CONTRIBUTING.md", "yaml")
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    (task,) = load_tasks([path])
    assert task.id == "mine-01"


def test_generated_pages_are_current():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for path, text in generate.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: run make docs"


def test_links_lead_somewhere():
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"
