"""A process beside the planner: heard, spoken to, ended, killed, never left over."""

from __future__ import annotations

import io
import queue
import sys
import time

import pytest

from skills.driver import DriverError
from skills.drivers.pilot import Mouth, Pilot, messages

ECHO = """
import sys
from skills.drivers.pilot import Ear, speak_alone
mouth, ear = speak_alone(), Ear(sys.stdin.buffer)
print("what a kit prints does not disturb")
while not ear.closed.is_set():
    message = ear.next(0.01)
    if message is not None and message["do"] == "die":
        raise SystemExit(3)
    if message is not None:
        mouth.say("heard", what=message)
"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    (tmp_path / "echo_pilot.py").write_text(ECHO, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    heard: queue.Queue = queue.Queue()
    ended: queue.Queue = queue.Queue()
    pilot = Pilot("echo_pilot", {"host": "somewhere"}, heard.put, lambda: ended.put(True))
    yield pilot, heard, ended
    pilot.kill()
    pilot.close()


def test_it_answers_and_leaves_with_its_input(echo):
    pilot, heard, ended = echo
    assert heard.get(timeout=20) == {"is": "heard", "what": {"do": "open", "host": "somewhere"}}
    pilot.send({"do": "more", "values": [1.5, 2.5]})
    assert heard.get(timeout=20)["what"]["values"] == [1.5, 2.5]
    pilot.close(10.0)
    pilot.close()
    assert ended.get(timeout=10)
    assert not pilot.alive()
    with pytest.raises(DriverError, match="gone"):
        pilot.send({"do": "more"})


def test_its_death_is_news(echo):
    pilot, heard, ended = echo
    heard.get(timeout=20)
    pilot.send({"do": "die"})
    assert ended.get(timeout=20)
    until = time.monotonic() + 5
    while pilot.alive() and time.monotonic() < until:
        time.sleep(0.01)
    assert not pilot.alive()


@pytest.mark.parametrize("junk", [b"not json\n", b"[1, 2]\n", b'{"half": '])
def test_a_line_that_is_no_message_ends_the_talk(junk):
    assert list(messages(io.BytesIO(b'{"is": "good"}\n' + junk + b'{"is": "late"}\n'))) == [{"is": "good"}]


def test_speaking_to_nobody_is_no_error():
    stream = io.BytesIO()
    stream.close()
    Mouth(stream).say("state", q=[0.0])
