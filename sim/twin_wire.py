"""How the twin and its driver talk: JSON objects, one a line, each line of bounded length, over one TCP connection."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Mapping
from typing import Any

LONGEST = 4_000_000  # bytes of one line
CHUNK = 65536


class WireError(ConnectionError):
    """The connection is gone, or what came over it is not the agreed format."""


class Wire:
    """One end of a connection. `send` may be called from any thread, `receive` from one."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(True)
        self._socket = connection
        self._rest = bytearray()
        self._lock = threading.Lock()

    def send(self, message: Mapping[str, Any]) -> None:
        """One message; raises WireError when the other end is gone, ValueError for numbers that are not finite."""
        line = encode(message)
        try:
            with self._lock:
                self._socket.sendall(line)
        except OSError as error:
            raise WireError(f"the connection is gone: {error}") from error

    def receive(self, seconds: float) -> list[dict[str, Any]]:
        """Everything that has arrived, waiting up to ``seconds`` for the first of it; raises WireError at the end of
        the connection and for whatever is not a JSON object on a line of bounded length."""
        try:
            if not select.select([self._socket], [], [], max(0.0, seconds))[0]:
                return []
            chunk = self._socket.recv(CHUNK)
        except (OSError, ValueError) as error:
            raise WireError(f"the connection is gone: {error}") from error
        if not chunk:
            raise WireError("the other end closed the connection")
        self._rest += chunk
        *lines, rest = self._rest.split(b"\n")
        if max(map(len, (*lines, rest))) > LONGEST:
            raise WireError(f"a line longer than {LONGEST} bytes")
        self._rest = rest
        return [_parsed(line) for line in lines]

    def close(self) -> None:
        """Let go; harmless twice."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        finally:
            self._socket.close()


def encode(message: Mapping[str, Any]) -> bytes:
    """A message as it goes over the wire; raises ValueError for what cannot: numbers that are not finite, too much."""
    line = json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n"
    if len(line) > LONGEST:
        raise ValueError(f"a message of {len(line)} bytes is longer than {LONGEST}")
    return line


def _parsed(line: bytes | bytearray) -> dict[str, Any]:
    try:
        message = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a line of JSON: {error}") from error
    if not isinstance(message, dict):
        raise WireError(f"not a JSON object: {message!r:.60}")
    return message


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
