"""A loopback server that answers what a test wants, and a remote model that waits for nobody."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from planner.lm.api import ScriptedLM
from planner.lm.remote import RemoteLM


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Script:
    """A loopback server that answers with what ``reply(path, body, count)`` gives: (status, bytes or dict)."""

    def __init__(self, reply) -> None:
        script = self
        self.seen: list[tuple[str, dict, dict]] = []
        self.release = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args) -> None:
                return

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                script.seen.append((self.path, body, dict(self.headers)))
                status, out = reply(self.path, body, len(script.seen))
                if status == "hang":
                    script.release.wait(20)
                    return
                if status == "trickle":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                    while not script.release.wait(0.05):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                    return
                raw = out if isinstance(out, bytes) else json.dumps(out).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw) + (50 if status == 200 and out == b"{" else 0)))
                self.end_headers()
                self.wfile.write(raw)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


def local() -> ScriptedLM:
    return ScriptedLM(lambda prefix, option: -7.0, lambda prompt: "from the fallback")


def remote(server: Script, clock: Clock | None = None, **settings) -> RemoteLM:
    clock = clock or Clock()
    return RemoteLM(server.url, "m", clock=clock, sleep=clock.sleep, **{"timeout": 5.0, **settings})


def text(content: str) -> dict:
    return {"choices": [{"index": 0, "text": content}], "usage": {"completion_tokens": 2}}


def echo(prompts: list[str], change=lambda entry: entry) -> dict:
    """An honest answer: every character is a token of log-probability -1."""
    choices = []
    for i, prompt in enumerate(prompts):
        logprobs = {
            "tokens": list(prompt),
            "token_logprobs": [None] + [-1.0] * (len(prompt) - 1),
            "text_offset": list(range(len(prompt))),
        }
        choices.append(change({"index": i, "text": prompt, "logprobs": logprobs}))
    return {"choices": choices[::-1]}
