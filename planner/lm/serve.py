"""Our engine as a small OpenAI-compatible server on the loopback interface.

``GET /v1/models``, ``GET /health``, ``POST /v1/completions`` (with ``echo`` and ``logprobs``, prompts as text
or a list of texts) and ``POST /v1/chat/completions``. Both take constraints on the answer (``response_format``,
``guided_choice``, ``grammar``, ...; see ``planner.lm.finite``). One request computes at a time; a bounded number
waits; more are turned away with status 503 and ``Retry-After``.
"""

from __future__ import annotations

import ipaddress
import json
import math
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from planner.lm.api import Completion
from planner.lm.errors import ModelError
from planner.lm.finite import allowed_texts, with_ends

if TYPE_CHECKING:
    from planner.lm.engine import LocalModel

_MOST_BODY = 8 << 20
_MOST_PROMPTS = 10_000


class BadRequest(Exception):
    """What the client asked for makes no sense; the message says why."""


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
        routes = {"/v1/completions": completions, "/v1/chat/completions": chat}
        try:
            length = int(self.headers.get("Content-Length") or -1)
        except ValueError:
            length = -1
        if not 0 <= length <= _MOST_BODY:
            self.close_connection = True
            self._fail(413 if length > _MOST_BODY else 411, f"a body of 0 to {_MOST_BODY} bytes is needed")
            return
        raw = self.rfile.read(length)
        route = routes.get(self.path)
        if route is None:
            self._fail(404, f"no {self.path}; there are {', '.join(routes)}")
            return
        if not self.server_model.places.acquire(blocking=False):
            self._fail(503, "the queue is full; try again later", {"Retry-After": "1"})
            return
        try:
            status, out = self._computed(route, raw)
        finally:
            self.server_model.places.release()
        if status == 200:
            self._answer(200, out)
        else:
            self._fail(status, out)

    def _computed(self, route: Callable[..., dict[str, Any]], raw: bytes) -> tuple[int, Any]:
        """Status and body, or status and what is wrong."""
        try:
            body = json.loads(raw)
            if not isinstance(body, dict):
                raise BadRequest("the body must be a JSON object")
            return 200, route(self.server_model.lm, body)
        except (BadRequest, ModelError, ValueError, RecursionError) as error:
            return 400, str(error)
        except Exception as error:  # a fault of the engine must not leave the client without an answer
            return 500, f"a fault in the engine, {type(error).__name__}: {error}"

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


def completions(lm: LocalModel, body: dict[str, Any]) -> dict[str, Any]:
    """Answer of ``/v1/completions``. ``echo`` with ``max_tokens`` 0 and ``logprobs`` scores the prompts."""
    prompt = body.get("prompt", "")
    prompts = prompt if isinstance(prompt, list) else [prompt]
    if not prompts or len(prompts) > _MOST_PROMPTS or not all(isinstance(p, str) for p in prompts):
        raise BadRequest(f"'prompt' must be a text or a list of 1 to {_MOST_PROMPTS} texts")
    most, settings = _settings(body)
    echo, wants_logprobs = body.get("echo") is True, body.get("logprobs") not in (None, False)
    if wants_logprobs and not echo:
        raise BadRequest("'logprobs' is supported together with 'echo' only")
    if wants_logprobs and most:
        raise BadRequest("'logprobs' with 'echo' scores the prompt: 'max_tokens' must be 0")
    allowed = allowed_texts(body)
    if allowed is not None and (echo or wants_logprobs or not most):
        raise BadRequest("a constrained answer goes with neither 'echo' nor 'logprobs' nor a 'max_tokens' of 0")
    scored = lm.prompt_logprobs(prompts) if wants_logprobs else [None] * len(prompts)
    choices, written = [], 0
    for i, (text, tokens) in enumerate(zip(prompts, scored, strict=True)):
        completion = _written(lm, text, most, settings, allowed) if most else None
        written += completion.tokens if completion else 0
        logprobs = None
        if tokens is not None:
            values = [None if math.isnan(t.logprob) else t.logprob for t in tokens]
            logprobs = {
                "tokens": [t.text for t in tokens],
                "token_logprobs": values,
                "top_logprobs": None,
                "text_offset": [t.offset for t in tokens],
            }
        out = (text if echo else "") + (completion.text if completion else "")
        reason = "length" if completion is None or (completion.tokens >= most and allowed is None) else "stop"
        choices.append({"index": i, "text": out, "logprobs": logprobs, "finish_reason": reason})
    read = sum(len(lm.tokenizer.encode(p)) for p in prompts)
    return _envelope(lm, "text_completion", choices, read, written)


def chat(lm: LocalModel, body: dict[str, Any]) -> dict[str, Any]:
    """Answer of ``/v1/chat/completions``."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
        raise BadRequest("'messages' must be a list of {'role', 'content'}")
    most, settings = _settings(body, default=256)
    prompt = lm.chat_prompt(messages)
    allowed = allowed_texts(body)
    completion = _written(lm, prompt, most, settings, allowed)
    reason = "length" if completion.tokens >= most and allowed is None else "stop"
    message = {"role": "assistant", "content": completion.text}
    choices = [{"index": 0, "message": message, "finish_reason": reason}]
    return _envelope(lm, "chat.completion", choices, len(lm.tokenizer.encode(prompt)), completion.tokens)


def _written(lm: LocalModel, prompt: str, most: int, settings: dict[str, Any], allowed: list[str] | None) -> Completion:
    """What the model writes; one of ``allowed`` in full, whatever ``most`` is, if there are such."""
    if allowed is None:
        return lm.complete(prompt, most, **settings)
    texts = dict(zip(with_ends(allowed), allowed, strict=True))
    heat, seed = settings["temperature"], settings["seed"]
    out = lm.write_actions(
        prompt, lambda said: [] if said else list(texts), 1, temperature=heat, seed=seed, special=True
    )
    return Completion(texts[out.actions[0]], out.tokens, out.logprob)


def _settings(body: dict[str, Any], default: int = 16) -> tuple[int, dict[str, Any]]:
    most = body.get("max_tokens", default)
    temperature, seed, stop = body.get("temperature", 1.0), body.get("seed", 0), body.get("stop") or []
    stop = [stop] if isinstance(stop, str) else stop
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        raise BadRequest("'max_tokens' must be a whole number of at least 0")
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 100:
        raise BadRequest("'temperature' must be a number from 0 to 100")
    if seed is None:
        seed = 0
    if not isinstance(seed, int) or not -(2**63) <= seed < 2**63:
        raise BadRequest("'seed' must be a 64-bit whole number")
    if not isinstance(stop, list) or not all(isinstance(s, str) and s for s in stop):
        raise BadRequest("'stop' must be a text or a list of texts, none empty")
    if body.get("n", 1) != 1 or body.get("stream"):
        raise BadRequest("'n' other than 1 and 'stream' are not supported")
    return most, {"temperature": float(temperature), "seed": seed, "stop": stop}


def _envelope(lm: LocalModel, kind: str, choices: list[Any], read: int, written: int) -> dict[str, Any]:
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    stamp = int(time.time())
    head = {"id": f"cmpl-{stamp}", "object": kind, "created": stamp, "model": lm.name}
    return {**head, "choices": choices, "usage": usage}
