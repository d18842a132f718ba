"""One JSON request over HTTP, with a deadline, repetition and limits (standard library only)."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from planner.lm.errors import ModelError

_MOST_ANSWER = 256 << 20
_REPEAT = {408, 425, 429, 500, 502, 503, 504, 529}
_UNSUPPORTED = {400, 404, 405, 422, 501}


class ServerError(ModelError):
    """The server does not answer, or answers nonsense."""


class Unsupported(ModelError):
    """The server says that it does not have this, or not for these arguments."""


class Connection:
    """Posts JSON to an address and gets JSON back. See ``planner.lm.remote.RemoteLM`` for the arguments."""

    def __init__(
        self,
        url: str,
        api_key: str | None,
        timeout: float,
        retries: int,
        backoff: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urllib.parse.urlsplit(url.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ModelError(f"{url!r} is not an address; write http://HOST:PORT/v1")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self.url = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "") + parts.path
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._path = parts.path
        self._key = api_key
        self._timeout, self._retries, self._backoff = timeout, retries, backoff
        self._sleep = sleep

    def get(self, path: str) -> dict[str, Any]:
        """The answer to one request. Raises ``ServerError`` or ``Unsupported``."""
        return self._asked("GET", path, b"")

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request with a body. Raises ``ServerError`` or ``Unsupported``."""
        return self._asked("POST", path, json.dumps(body).encode())

    def _asked(self, method: str, path: str, raw: bytes) -> dict[str, Any]:
        reason = ""
        for attempt in range(self._retries + 1):
            wait = self._backoff * 2 ** (attempt - 1) if attempt else 0.0
            if attempt:
                self._sleep(wait)
            try:
                status, answer = self._once(method, path, raw)
            except (OSError, http.client.HTTPException) as error:
                reason = str(error) or type(error).__name__
                continue
            if status == 200:
                return _parsed(answer, self.url)
            reason = f"status {status}: {_message(answer)}"
            if status in _UNSUPPORTED:
                raise Unsupported(f"{self.url}{path}: {reason}")
            if status not in _REPEAT:
                break
        raise ServerError(f"{self.url} does not answer ({reason}); check the address, the key and the server")

    def _once(self, method: str, path: str, raw: bytes) -> tuple[int, bytes]:
        """One attempt: status and body, within the time allowed for all of it.

        A time-out of the socket alone would not do: it starts anew with every byte of a trickling server. A
        timer cuts the line instead.
        """
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        late = threading.Event()
        timer = None
        try:
            connection.connect()
            timer = threading.Timer(self._timeout, _cut, (connection.sock, late))
            timer.daemon = True
            timer.start()
            connection.request(method, self._path + path, raw or None, headers)
            answer = connection.getresponse()
            body = answer.read(_MOST_ANSWER + 1)
            if late.is_set():
                raise TimeoutError
            if len(body) > _MOST_ANSWER:
                raise http.client.HTTPException(f"an answer of more than {_MOST_ANSWER} bytes")
            if answer.length:
                raise http.client.IncompleteRead(body, answer.length)
            return answer.status, body
        except (OSError, http.client.HTTPException) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                raise TimeoutError(f"no complete answer within {self._timeout:g} s") from None
            raise
        finally:
            if timer is not None:
                timer.cancel()
            connection.close()


def _cut(link: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


def _parsed(raw: bytes, url: str) -> dict[str, Any]:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise ServerError(f"{url} answers something that is no JSON object; is it OpenAI-compatible?")
    return answer


def _message(raw: bytes) -> str:
    """The server's own words, shortened to one line."""
    try:
        error = json.loads(raw)["error"]
        text = error["message"] if isinstance(error, dict) else str(error)
    except (ValueError, KeyError, TypeError, RecursionError):
        text = raw[:200].decode("utf-8", "replace")
    return " ".join(str(text).split())[:200]
