from __future__ import annotations

import socket
import threading

import pytest

from sim.twin_wire import LONGEST, Wire, WireError


@pytest.fixture
def ends():
    a, b = socket.socketpair()
    # a pair is no TCP connection; only the option that TCP has is missing
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    for s in (a, b, listener):
        s.close()
    wires = Wire(client), Wire(server)
    yield wires
    for wire in wires:
        wire.close()


def all_of(wire, count):
    found = []
    while len(found) < count:
        found += wire.receive(1.0)
    return found


def test_messages_arrive_whole_and_in_order(ends):
    one, other = ends
    sent = [{"n": i, "text": "ä\n" * i} for i in range(50)] + [{"big": [0.5] * 60000}]
    for message in sent:
        one.send(message)
    assert all_of(other, len(sent)) == sent
    assert other.receive(0.0) == []


@pytest.mark.parametrize("line", [b"[1]\n", b"nonsense\n", b'{"a": NaN}\n', b"\xff\xfe\n", b"[" * 5000 + b"\n"])
def test_what_is_not_agreed_ends_the_connection(ends, line):
    one, other = ends
    one._socket.sendall(line)
    with pytest.raises(WireError):
        other.receive(1.0)


def test_a_line_without_end_is_not_collected_for_ever(ends):
    one, other = ends
    threading.Thread(target=lambda: one._socket.sendall(b"x" * (LONGEST + 100_000)), daemon=True).start()
    with pytest.raises(WireError, match="longer than"):
        all_of(other, 1)


def test_numbers_that_are_none_are_not_sent(ends):
    with pytest.raises(ValueError, match="JSON"):
        ends[0].send({"x": float("inf")})


def test_the_end_of_the_other_is_noticed(ends):
    one, other = ends
    other.close()
    other.close()
    with pytest.raises(WireError, match="closed the connection"):
        one.receive(1.0)
