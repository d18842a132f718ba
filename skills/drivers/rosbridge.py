"""An arm behind ROS 1 or 2 by a rosbridge server, with ``roslibpy``: extra ``ros``; no ROS on this side.

The rosbridge protocol (version 2) carries ROS messages as JSON over a websocket; see `skills.drivers.ros_arm`.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from skills.driver import DriverError
from skills.driver_config import ConfigError
from skills.drivers.ros_actions import Knots
from skills.drivers.ros_arm import RosArmConfig, RosArmDriver
from skills.drivers.rosbridge_actions import RosbridgeActions, trajectory

FINDING = 4.0  # [s] for the server to answer


@dataclass(frozen=True, kw_only=True)
class RosbridgeConfig(RosArmConfig):
    """``host``, ``port`` of the server; ``secure``: wss instead of ws; ``version``: of ROS behind it, 1 or 2."""

    host: str
    port: int = 9090
    secure: bool = False
    version: int = 2

    def __post_init__(self) -> None:
        if self.version not in (1, 2):
            raise ConfigError(f"version: {self.version} is none of 1, 2")
        if not 0 < self.port < 65536:
            raise ConfigError(f"port: {self.port} is none")


class RosbridgeDriver(RosArmDriver):
    """An arm behind a rosbridge server."""

    Config: ClassVar[type | None] = RosbridgeConfig

    def __init__(self, config: RosbridgeConfig) -> None:
        super().__init__(config)
        self.config = config
        self._ros: Any = None
        self._publishers: dict[str, Any] = {}
        self._names: list[str] = []

    def _type(self, package: str, name: str) -> str:
        between = "msg" if package != "std_srvs" else "srv"
        return f"{package}/{between}/{name}" if self.config.version == 2 else f"{package}/{name}"

    def _open(self) -> None:
        try:
            import roslibpy
        except ImportError as error:
            raise DriverError(f"roslibpy is missing ({error}): pip install 'groundplan[ros]'") from error
        self._reading, self._names = None, []
        self._flags = dict.fromkeys(self._flags, False)
        config, topics = self.config, self.topics
        where = f"{config.host}:{config.port}"
        self._ros = roslibpy.Ros(config.host, config.port, is_secure=config.secure)
        try:
            self._ros.run(timeout=FINDING)
        except Exception as error:
            raise DriverError(f"no rosbridge server answers at {where}: {error}") from error
        ros = self._ros
        ros.on("close", lambda *_: self._gone(where, ros))
        joint_states = roslibpy.Topic(self._ros, topics.joint_states, self._type("sensor_msgs", "JointState"))
        joint_states.subscribe(self._joints)
        for flag in ("protective", "emergency"):
            if getattr(topics, flag):
                topic = roslibpy.Topic(self._ros, getattr(topics, flag), self._type("std_msgs", "Bool"))
                topic.subscribe(lambda m, flag=flag: self.flagged(flag, bool(m["data"])))
        kind = self._type("trajectory_msgs", "JointTrajectory")
        self._publishers = {
            t: roslibpy.Topic(self._ros, t, kind, reconnect_on_close=False)
            for t in (topics.command, topics.gripper_command)
            if t
        }
        for publisher in self._publishers.values():
            publisher.advertise()
        if topics.trajectory_action or topics.gripper_action:
            self._actions = RosbridgeActions(self._ros, config.version, topics.trajectory_action, topics.gripper_action)
        self._find(where)

    def _find(self, where: str) -> None:
        until = time.monotonic() + FINDING
        while self._reading is None:
            if time.monotonic() > until:
                unheard = f"no message on {self.topics.joint_states} at {where}"
                raise DriverError(self.missing(self._names) if self._names else unheard)
            time.sleep(0.02)

    def _gone(self, where: str, ros: Any) -> None:
        if self._open_now and ros is self._ros:  # news of an earlier connection may come late
            self.lose(f"the server at {where} closed the connection")

    def _joints(self, message: dict[str, Any]) -> None:
        self._names = list(message["name"])
        stamp = message.get("header", {}).get("stamp", {})
        seconds = stamp.get("sec", stamp.get("secs", 0)) + 1e-9 * stamp.get("nanosec", stamp.get("nsecs", 0))
        self.heard(message["name"], message["position"], message.get("velocity", []), seconds or time.monotonic())

    def _publish(self, topic: str, knots: Knots) -> None:
        publisher = self._publishers.get(topic)
        if publisher is None or self._lost or not self._ros.is_connected:
            raise DriverError(f"{self._spec.name} is not connected: call connect() first")
        publisher.publish(trajectory(knots, self.config.version))

    def _call(self, service: str, seconds: float) -> str:
        import roslibpy

        answered, said = threading.Event(), [f"{service} does not answer within {seconds:g} s"]

        def answer(result: Any) -> None:
            said[0] = "" if result.get("success") else str(result.get("message") or f"{service} says no")
            answered.set()

        def wrong(error: Any) -> None:
            said[0] = str(error)
            answered.set()

        caller = roslibpy.Service(self._ros, service, self._type("std_srvs", "Trigger"))
        caller.call(roslibpy.ServiceRequest(), callback=answer, errback=wrong)
        if seconds <= 0:
            return ""
        answered.wait(seconds)
        return said[0]

    def _shut(self) -> None:
        ros, self._ros, self._publishers, self._goals = self._ros, None, {}, {}
        actions, self._actions = self._actions, None
        if ros is None:
            return
        if actions is not None and ros.is_connected:
            actions.close()
        with suppress(Exception):
            ros.factory.stopTrying()
        if ros.is_connected:
            with suppress(Exception):
                ros.close(timeout=1.0)
