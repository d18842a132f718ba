from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "imports",
    [
        "import envs, gymnasium",
        "import gymnasium, envs",
        "import envs.goals; import gymnasium.spaces; import gymnasium",
    ],
)
def test_known_to_gymnasium_whatever_is_imported_first(imports):
    show = "print(gymnasium.spec('groundplan/Tabletop-v0').entry_point, gymnasium.__spec__.loader.__class__.__name__)"
    assert run(f"{imports}; {show}") == "envs.tabletop:TabletopEnv SourceFileLoader"


def test_importing_envs_is_cheap_and_leaves_nothing_behind():
    heavy = "('gymnasium', 'numpy', 'pydantic', 'yaml', 'pybullet', 'torch')"
    assert run(f"import sys, envs; print([m for m in {heavy} if m in sys.modules])") == "[]"
    waiting = "[f for f in sys.meta_path if type(f).__name__ == '_Waiting']"
    assert run(f"import sys, envs, gymnasium, envs.registry as r; r.register(); print({waiting})") == "[]"
