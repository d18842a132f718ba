"""The rooms and their borders, checked over the syntax trees of every file.

planner -> envs -> sim -> skills: imports point right only. PyBullet is known to sim alone, torch to planner alone;
skills needs numpy and nothing else.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("planner", "envs", "sim", "skills", "configs")
MAY_IMPORT = {
    "planner": {"planner", "envs", "sim", "skills", "configs"},
    "envs": {"envs", "sim", "skills", "configs"},
    "sim": {"sim", "skills", "configs"},
    "skills": {"skills"},
    "configs": set(),
}
ONLY_IN = {"pybullet": "sim", "pybullet_data": "sim", "ompl": "sim", "ruckig": "sim", "torch": "planner"}
KITS = {  # which optional kit which bundled driver may import, late: each is an extra
    "franka_pilot.py": {"pylibfranka"},
    "ros2.py": {"rclpy", "sensor_msgs", "std_msgs", "std_srvs", "trajectory_msgs"},
    "ros2_actions.py": {"rclpy", "builtin_interfaces", "control_msgs", "trajectory_msgs"},
    "rosbridge.py": {"roslibpy"},
    "rosbridge_actions.py": {"roslibpy"},
    "ur.py": {"dashboard_client", "rtde_control", "rtde_receive"},
    "lerobot.py": {"lerobot"},
    "xarm.py": {"xarm"},
}
LONGEST = 350


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Top-level names of everything that a file imports, at any depth of the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write absolute imports"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_right_only(room):
    wrong = {
        str(path.relative_to(ROOT)): sorted(imports(path) & set(ROOMS) - MAY_IMPORT[room])
        for path in files(room)
        if imports(path) & set(ROOMS) - MAY_IMPORT[room]
    }
    assert not wrong


@pytest.mark.parametrize(("package", "room"), sorted(ONLY_IN.items()))
def test_heavy_packages_stay_in_their_room(package, room):
    wrong = [str(p.relative_to(ROOT)) for r in ROOMS if r != room for p in files(r) if package in imports(p)]
    assert not wrong


def test_skills_needs_numpy_and_nothing_else():
    allowed = set(sys.stdlib_module_names) | {"numpy", "skills"}
    wrong = {
        str(p.relative_to(ROOT)): sorted(imports(p) - allowed - kits(p))
        for p in files("skills")
        if imports(p) - allowed - kits(p)
    }
    assert not wrong


def kits(path: Path) -> set[str]:
    """The vendor's kits that a file may import."""
    return KITS.get(path.name, set()) if path.parent == ROOT / "skills" / "drivers" else set()


def test_a_vendors_kit_is_imported_late():
    for path in files("skills"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {n.names[0].name.split(".")[0] for n in tree.body if isinstance(n, ast.Import)}
        top |= {(n.module or "").split(".")[0] for n in tree.body if isinstance(n, ast.ImportFrom)}
        assert not top & kits(path), f"{path}: import the kit where it is used"


def test_the_judge_shares_no_code_with_the_planners_own_verification():
    judge = (ROOT / "envs" / "judge.py").read_text(encoding="utf-8")
    assert "skills.predicates" not in judge
    assert "planner" not in imports(ROOT / "envs" / "judge.py")


def test_nothing_is_unpickled_or_evaluated():
    """Weights come from GGUF or safetensors; configuration from a safe loader."""
    for room in ROOMS:
        for path in files(room):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = ast.unparse(node.func)
                    assert name not in {"eval", "exec", "pickle.load", "pickle.loads", "torch.load", "yaml.load"} or (
                        name == "yaml.load" and "Safe" in ast.unparse(node)
                    ), f"{path}:{node.lineno} calls {name}"


def test_files_stay_readable():
    long = {
        str(p.relative_to(ROOT)): n
        for r in ROOMS
        for p in files(r)
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_public_module_says_what_it_is():
    for room in ROOMS:
        for path in files(room):
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"
