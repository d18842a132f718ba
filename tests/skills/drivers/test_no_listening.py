"""No driver opens a port: robots are connected to, nobody connects to us. The twin's own process is the robot."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = [*sorted((ROOT / "skills").rglob("*.py")), ROOT / "sim" / "twin.py", ROOT / "sim" / "twin_link.py",
         ROOT / "sim" / "twin_process.py", *sorted((ROOT / "planner" / "cli").glob("driver*.py"))]  # fmt: skip
LISTENING = {"bind", "listen", "create_server", "serve_forever", "start_server", "HTTPServer", "TCPServer"}


def calls(tree: ast.AST) -> set[str]:
    named = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
    return {f.attr if isinstance(f, ast.Attribute) else f.id for f in named if isinstance(f, ast.Attribute | ast.Name)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_driver_does_not_listen(path):
    found = calls(ast.parse(path.read_text(encoding="utf-8"))) & LISTENING
    assert found <= {"bind"}, found  # a skill's operator binds its parameters, no socket
    if path.parent.name == "drivers" or path.name.startswith("twin"):
        assert not found


def test_the_twin_itself_does_and_on_the_loopback_alone():
    text = (ROOT / "sim" / "twin_server.py").read_text(encoding="utf-8")
    assert "create_server" in calls(ast.parse(text))
    assert 'create_server(("127.0.0.1", 0))' in text
