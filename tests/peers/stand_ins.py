"""Empty modules in place of large packages that lerobot imports beside its drivers, which never call them.

Only in the environment of that peer (`tests.peers.install`): drivers, motor bus and configuration are lerobot's.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

NAMES = ("accelerate", "av", "datasets", "pandas", "pyarrow", "torchvision", "transformers")


class Anything(type):
    """A class that has an attribute of any name, which is a class again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {})

    def __call__(cls, *args: Any, **named: Any) -> Any:
        return cls


class Empty(types.ModuleType):
    """A module that has a class of any name."""

    __version__ = "99.0"
    __path__: list[str] = []  # noqa: RUF012 - what makes a package of it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {})


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds them before anything else."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in NAMES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return Empty(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


sys.meta_path.insert(0, Finder())
