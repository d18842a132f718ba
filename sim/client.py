"""One PyBullet client that cannot be confused with another, and bodies that have names.

A PyBullet call without a client id is silently answered by client 0. Everything in this package goes through
`Client`, which adds its own id to every call and keeps the two-way table between names and body ids.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import sys
from collections.abc import Iterator
from typing import Any

GRAVITY = 9.81  # [m/s^2]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hide what the physics library prints while it is loaded (its build time), and nothing else."""
    sys.stdout.flush()
    sys.stderr.flush()
    saved: list[int] = []
    try:
        saved = [os.dup(1), os.dup(2)]
        sink = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # no such stream: nothing to hide
        for fd in saved:
            os.close(fd)
        yield
        return
    try:
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        yield
        ctypes.CDLL(None).fflush(None)  # the library's line waits in the C buffer
    finally:
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        for fd in (*saved, sink):
            os.close(fd)


@functools.cache
def bullet() -> Any:
    """The `pybullet` module, imported on first use."""
    with _quiet():
        import pybullet
    return pybullet


class Client:
    """A private DIRECT-mode physics server.

    ``client.stepSimulation()`` is ``pybullet.stepSimulation(physicsClientId=id)``; constants are passed through
    (``client.GEOM_BOX``). `close` may be called twice.
    """

    def __init__(self) -> None:
        self._p = bullet()
        self.id: int = self._p.connect(self._p.DIRECT)
        if self.id < 0:
            raise RuntimeError("the physics library gave no client; close some worlds first")
        self._names: dict[int, str] = {}
        self._ids: dict[str, int] = {}
        self._links: dict[tuple[int, int], str] = {}

    def __getattr__(self, name: str) -> Any:
        value = getattr(bullet(), name)
        if callable(value):
            value = functools.partial(value, physicsClientId=self.id)
        self.__dict__[name] = value  # next time without this detour
        return value

    def register(self, name: str, body: int) -> int:
        """Give a body its name; raises ValueError when the name is taken."""
        if name in self._ids:
            raise ValueError(f"a body named {name!r} exists already")
        self._names[body], self._ids[name] = name, body
        return body

    def register_link(self, name: str, body: int, link: int) -> None:
        """Give a part of a body a name of its own; `body` keeps meaning whole bodies."""
        self._links[body, link] = name

    def forget(self, name: str) -> int:
        """Take a name out of the table; returns the body id."""
        body = self.body(name)
        del self._ids[name], self._names[body]
        return body

    def body(self, name: str) -> int:
        """The id of a named body; raises KeyError with the choices."""
        try:
            return self._ids[name]
        except KeyError:
            raise KeyError(f"no body {name!r}; present: {', '.join(sorted(self._ids)) or 'none'}") from None

    def name(self, body: int, link: int = -1) -> str:
        """The name of a body id, or of its part if that has one ("?" for one that was never registered)."""
        return self._links.get((body, link)) or self._names.get(body, "?")

    @property
    def names(self) -> tuple[str, ...]:
        """All body names, in the order of registration."""
        return tuple(self._ids)

    @property
    def open(self) -> bool:
        """Whether the server still runs."""
        return self.id >= 0 and bool(self._p.isConnected(self.id))

    def close(self) -> None:
        """Shut the server down; harmless the second time."""
        if self.open:
            self._p.disconnect(self.id)
        self.id = -1
        for key in [k for k, v in self.__dict__.items() if isinstance(v, functools.partial)]:
            del self.__dict__[key]  # they carry the old id, which another client may get
        self._names.clear()
        self._ids.clear()
        self._links.clear()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.close()
