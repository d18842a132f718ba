"""Registers the Gymnasium environments, without importing Gymnasium before somebody else does.

``import envs`` is enough, before or after ``import gymnasium``; then ``gymnasium.make("groundplan/Tabletop-v0")``.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# where the class is, and how many actions an episode may have (None: the environment counts by itself)
ENVIRONMENTS: dict[str, tuple[str, int | None]] = {
    "groundplan/Tabletop-v0": ("envs.tabletop:TabletopEnv", 20),
    "groundplan/Kitchen-v0": ("envs.kitchen:KitchenEnv", None),
}


def register() -> None:
    """Make the environments known to Gymnasium; harmless the second time."""
    import gymnasium

    for name, (entry_point, steps) in ENVIRONMENTS.items():
        if name not in gymnasium.registry:
            gymnasium.register(name, entry_point=entry_point, max_episode_steps=steps)


def register_when_wanted() -> None:
    """Register now if Gymnasium is loaded, else right after it will have been."""
    if "gymnasium" in sys.modules:
        register()
    elif not any(isinstance(f, _Waiting) for f in sys.meta_path):
        sys.meta_path.insert(0, _Waiting())


class _Waiting(MetaPathFinder):
    """Stands in the import path until Gymnasium is imported, then steps aside."""

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != "gymnasium":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _ThenRegister(spec.loader)
        return spec


class _ThenRegister(Loader):
    """The real loader, and one thing more."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self.inner.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self.inner
        self.inner.exec_module(module)
        register()
