"""A server of ours for the rosbridge protocol (topics, services, actions), an arm behind it.

Written from the protocol's public description; it is no rosbridge_server, so it proves the driver against the protocol
as we read it. Its standard input takes "protective", "emergency", "release", "hold" (someone holds the arm), "free",
"thing WIDTH" (lies between the fingers), "thing" (nothing does).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from autobahn.exception import Disconnected
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor, task

sys.path.insert(0, str(Path(__file__).resolve().parent))
from arm_model import FINGER, JOINTS, ArmModel
from bridge_actions import TYPES, Actions

PORT = 9090
STOPS = ("protective", "emergency")
MODEL = ArmModel()
ACTIONS = Actions(MODEL)


class Bridge(WebSocketServerProtocol):
    """One client."""

    clients: ClassVar[set[Bridge]] = set()

    def onOpen(self) -> None:
        self.topics: set[str] = set()
        self.advertised: set[str] = set()
        Bridge.clients.add(self)

    def onClose(self, wasClean: bool, code: int, reason: str) -> None:
        Bridge.clients.discard(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        message = json.loads(payload)
        what = message.get("op")
        if what == "advertise":
            self.advertised.add(message["topic"])
        elif what == "subscribe":
            self.topics.add(message["topic"])
        elif what in ("unsubscribe", "unadvertise"):
            (self.topics if what == "unsubscribe" else self.advertised).discard(message["topic"])
        elif what == "publish":
            self.publish(message)
        elif what == "call_service":
            self.serve(message)
        elif what == "send_action_goal":
            ACTIONS.send(message, self.say)
        elif what == "cancel_action_goal":
            ACTIONS.cancel(message["id"])
        else:
            print(f"unknown operation {what}", file=sys.stderr)

    def publish(self, message: dict[str, Any]) -> None:
        if message["topic"] not in self.advertised:
            print(f"{message['topic']} was not advertised", file=sys.stderr)
            return
        if ACTIONS.publish(message["topic"], message["msg"], tell):
            return
        points = message["msg"]["points"]
        times = []
        for point in points:
            after = point["time_from_start"]
            times.append(after.get("sec", after.get("secs")) + 1e-9 * after.get("nanosec", after.get("nsecs")))
        places, speeds = [p["positions"] for p in points], [p["velocities"] for p in points]
        complaint = MODEL.take(message["msg"]["joint_names"], times, places, speeds)
        if complaint:
            print(complaint, file=sys.stderr)

    def serve(self, message: dict[str, Any]) -> None:
        service = message["service"]
        values: dict[str, Any] = {"success": True, "message": ""}
        if service == "/arm/stop":
            MODEL.halt()
        elif service == "/arm/recover" and MODEL.stop != "emergency":
            MODEL.release()
        elif service == "/arm/recover":
            values = {"success": False, "message": "the button is pressed"}
        else:
            self.say(
                op="service_response", service=service, id=message.get("id"), values="no such service", result=False
            )
            return
        self.say(op="service_response", service=service, id=message.get("id"), values=values, result=True)

    def say(self, **message: Any) -> None:
        with suppress(Disconnected):  # it may be leaving
            self.sendMessage(json.dumps(message).encode())


def tell(topic: str, message: Any) -> None:
    """To everybody who has subscribed."""
    for client in list(Bridge.clients):
        if topic in client.topics:
            client.say(op="publish", topic=topic, msg=message)


class Clock:
    """Moves the arm and tells everybody who wants to know."""

    def __init__(self) -> None:
        self.last = time.monotonic()
        self.count = 0

    def tick(self) -> None:
        now = time.monotonic()
        steps = max(1, round((now - self.last) * 500))
        for _ in range(steps):
            MODEL.step((now - self.last) / steps)
        self.last = now
        self.count += 1
        ACTIONS.tick()
        state = {
            "header": {"stamp": {"sec": int(now), "nanosec": int(now % 1 * 1e9)}, "frame_id": ""},
            "name": [*JOINTS, FINGER],
            "position": [*MODEL.q.tolist(), MODEL.finger],
            "velocity": [*MODEL.dq.tolist(), 0.0],
            "effort": [],
        }
        messages: dict[str, Any] = {"/joint_states": state}
        messages |= {f"/arm/{k}": {"data": MODEL.stop == k} for k in STOPS}
        if self.count % 20 == 0:  # as actionlib's servers do, whether there is a goal or not
            messages |= {f"{a}/status": {"status_list": []} for a in TYPES}
        for topic, message in messages.items():
            tell(topic, message)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--thing", type=float)
    args = parser.parse_args()
    MODEL.thing = args.thing
    with suppress(OSError):  # it stands for hardware, which no other load slows down
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    factory = WebSocketServerFactory(f"ws://{args.host}:{PORT}")
    factory.protocol = Bridge
    reactor.listenTCP(PORT, factory, interface=args.host)
    task.LoopingCall(Clock().tick).start(0.01)

    def hear() -> None:
        for line in sys.stdin:
            word = line.strip()
            if word in ("hold", "free"):
                MODEL.held = word == "hold"
            elif word.startswith("thing"):
                MODEL.thing = float(word[5:]) if word[5:] else None
            elif word == "release":
                reactor.callFromThread(MODEL.release)
            else:
                reactor.callFromThread(MODEL.halt, word if word in STOPS else "")
        os._exit(0)

    threading.Thread(target=hear, daemon=True).start()
    reactor.callWhenRunning(lambda: print("ready", flush=True))
    reactor.run()


if __name__ == "__main__":
    main()
