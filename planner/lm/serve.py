"""Our engine as a small OpenAI-compatible server on the loopback interface.

``GET /v1/models``, ``GET /health``, ``POST /v1/completions`` (with ``echo`` and ``logprobs``, prompts as text
or a list of texts) and ``POST /v1/chat/completions``. Both take constraints on the answer (``response_format``,
``guided_choice``, ``grammar``, ...; see ``planner.lm.finite``) and, with ``stream``, answer piece by piece as
server-sent events. One request computes at a time; a bounded number waits; more are turned away with status 503 and
``Retry-After``. What a client that hung up asked for is not written on; one that takes its stream slowly holds up
nobody (``planner.lm.stream``).
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from planner.lm.answers import Asked, BadRequest, answer, asked_chat, asked_completions, failed, tell
from planner.lm.errors import ModelError
from planner.lm.stream import Events, Stream, event

if TYPE_CHECKING:
    from planner.lm.engine import LocalModel

_MOST_BODY = 8 << 20
_ROUTES = {"/v1/completions": asked_completions, "/v1/chat/completions": asked_chat}


class ModelServer:
    """Serves one model until closed; usable as a context manager.

    Args:
        lm: the model.
        host: a loopback address; others are refused because there is no authentication.
        port: 0 picks a free one; see ``url``.
        queue: most requests computing or waiting at a time.
        timeout: seconds a silent client may keep a connection.
        allow_remote: take other addresses all the same: whoever reaches the port may use the model.
    """

    def __init__(
        self,
        lm: LocalModel,
        host: str = "127.0.0.1",
        port: int = 0,
        queue: int = 16,
        timeout: float = 60.0,
        allow_remote: bool = False,
    ) -> None:
        check_host(host, allow_remote)
        self.lm = lm
        self.queue = queue
        self.places = threading.BoundedSemaphore(queue)
        handler = type("Handler", (_Handler,), {"server_model": self, "timeout": timeout})
        kind = type("Server", (_Server,), {"address_family": socket.AF_INET6 if ":" in host else socket.AF_INET})
        try:
            self._server: ThreadingHTTPServer = kind((host, port), handler)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise ModelError(f"cannot listen on {host}:{port} ({why}); choose another port") from None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base address, for ``RemoteLM``."""
        host, port = str(self._server.server_address[0]), self._server.server_address[1]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"

    def start(self) -> ModelServer:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    def close(self, patience: float = 5.0) -> None:
        """Take no more requests and give those at work ``patience`` seconds to end; safe to call twice."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        until = time.monotonic() + patience
        held = [self.places.acquire(timeout=max(0.0, until - time.monotonic())) for _ in range(self.queue)]
        for _ in filter(None, held):
            self.places.release()

    def __enter__(self) -> ModelServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()


def check_host(host: str, allow_remote: bool = False) -> None:
    """Raise ``ModelError`` for an address that others can reach, unless that is wanted."""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside and not allow_remote:
        raise ModelError(
            f"{host!r} is not a loopback address, and the server has no authentication: use 127.0.0.1, or "
            "--allow-remote if everybody who reaches this machine may use the model"
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no event; anything else is told as usual."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server_model: ModelServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a piece of a stream goes out when it is written

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: callers print what they want to see."""

    def do_GET(self) -> None:
        name = self.server_model.lm.name
        if self.path == "/health":
            self._answer(200, {"status": "ok"})
        elif self.path == "/v1/models":
            context = self.server_model.lm.context
            entry = {"id": name, "object": "model", "owned_by": "groundplan", "max_model_len": context}
            self._answer(200, {"object": "list", "data": [entry]})
        else:
            self._fail(404, f"no {self.path}; there are /v1/models, /v1/completions, /v1/chat/completions")

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or -1)
        except ValueError:
            length = -1
        if not 0 <= length <= _MOST_BODY:
            self.close_connection = True
            self._fail(413 if length > _MOST_BODY else 411, f"a body of 0 to {_MOST_BODY} bytes is needed")
            return
        raw = self.rfile.read(length)
        if self.path not in _ROUTES:
            self._fail(404, f"no {self.path}; there are {', '.join(_ROUTES)}")
            return
        if not self.server_model.places.acquire(blocking=False):
            self._fail(503, "the queue is full; try again later", {"Retry-After": "1"})
            return
        try:
            out = self._computed(raw)
        finally:
            self.server_model.places.release()
        if isinstance(out, dict):
            self._answer(200, out)
        elif out is not None:
            self._fail(*out)

    def _computed(self, raw: bytes) -> dict[str, Any] | tuple[int, str] | None:
        """The answer; status and what is wrong; or None if all of it has been sent already."""
        lm = self.server_model.lm
        try:
            body = json.loads(raw)
            if not isinstance(body, dict):
                raise BadRequest("the body must be a JSON object")
            asked = _ROUTES[self.path](lm, body)
            if not asked.stream:
                return answer(lm, asked, lambda: not self._gone())
        except Exception as error:  # a fault of the engine must not leave the client without an answer
            return failed(error)
        return self._streamed(lm, asked)

    def _streamed(self, lm: LocalModel, asked: Asked) -> tuple[int, str] | None:
        """Send an answer piece by piece; what is wrong, if that is known before the first piece."""
        stream, events = Stream(), Events(lm.name, asked.chat, asked.usage)
        worker = threading.Thread(target=tell, args=(lm, asked, stream), daemon=True)
        worker.start()
        begun = False
        try:
            for piece in stream.pieces(self._gone):
                if not begun:
                    self._begin_stream()
                    begun = True
                self._send_part(events.event(piece))
            if begun and stream.failure is not None:
                status, words = stream.failure
                self._send_part(event({"error": {"message": words, "type": "server_error", "code": status}}))
            elif begun and stream.usage is not None:
                self._send_part(events.last(stream.usage))
            if begun:
                self._send_part(b"")
        except OSError:  # hung up, or took nothing for too long
            self.close_connection = True
        finally:
            stream.leave()
            worker.join()
        self.close_connection = self.close_connection or stream.usage is None
        return None if begun else stream.failure

    def _begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        if self.request_version == "HTTP/1.0":
            self.close_connection = True
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _send_part(self, raw: bytes) -> None:
        """A part of a body of unknown length; an empty one ends it."""
        if self.request_version != "HTTP/1.0":
            raw = b"%x\r\n%s\r\n" % (len(raw), raw)
        self.wfile.write(raw)

    def _gone(self) -> bool:
        """Has the client hung up?"""
        patience = self.connection.gettimeout()
        try:
            self.connection.settimeout(0)
            return not self.connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                self.connection.settimeout(patience)

    def _answer(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(raw)

    def _fail(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        kind = "invalid_request_error" if status < 500 else "server_error"
        self._answer(status, {"error": {"message": message, "type": kind, "code": status}}, headers)
