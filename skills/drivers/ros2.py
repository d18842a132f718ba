"""An arm behind ROS 2, by ``rclpy``: from a sourced ROS 2 installation, or from its wheels (extra ``ros2``).

Topics and services need no message package beyond the common ones; actions need ``control_msgs``. See
`skills.drivers.ros_arm`. Subscriptions run in a thread of this driver's own ROS context, so that several can live side
by side.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from skills.driver import DriverError
from skills.drivers.ros2_actions import Ros2Actions, trajectory
from skills.drivers.ros_actions import Knots
from skills.drivers.ros_arm import RosArmConfig, RosArmDriver

FINDING = 5.0  # [s] for the robot's topics to be found
KIT = "rclpy is missing: source your ROS 2 installation, or pip install 'groundplan[ros2]' (Linux, x86_64)"
_LEFT: list[Any] = []  # what a thread that does not end still uses, kept until the process ends


@dataclass(frozen=True)
class Ros2Config(RosArmConfig):
    """``domain``: ROS domain id (default: that of the environment); ``node``: name of our node."""

    domain: int | None = None
    node: str = "groundplan"


class Ros2Driver(RosArmDriver):
    """An arm behind a ROS 2 trajectory controller."""

    Config: ClassVar[type | None] = Ros2Config

    def __init__(self, config: Ros2Config) -> None:
        super().__init__(config)
        self.config = config
        self._node: Any = None
        self._context: Any = None
        self._executor: Any = None
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._publishers: dict[str, Any] = {}
        self._clients: dict[str, Any] = {}
        self._names: list[str] = []

    def _open(self) -> None:
        try:
            import rclpy
            from rclpy.context import Context
            from rclpy.executors import SingleThreadedExecutor
            from rclpy.qos import qos_profile_sensor_data
            from sensor_msgs.msg import JointState
            from std_msgs.msg import Bool
            from std_srvs.srv import Trigger
            from trajectory_msgs.msg import JointTrajectory
        except ImportError as error:
            raise DriverError(f"{KIT} ({error})") from error
        self._reading, self._names = None, []
        self._flags = dict.fromkeys(self._flags, False)
        self._context = Context()
        rclpy.init(context=self._context, domain_id=self.config.domain)
        self._node = rclpy.create_node(self.config.node, context=self._context)
        topics = self.topics
        self._node.create_subscription(JointState, topics.joint_states, self._joints, qos_profile_sensor_data)
        for flag in ("protective", "emergency"):
            if getattr(topics, flag):
                self._node.create_subscription(
                    Bool, getattr(topics, flag), lambda m, flag=flag: self.flagged(flag, bool(m.data)), 1
                )
        self._publishers = {
            t: self._node.create_publisher(JointTrajectory, t, 1) for t in (topics.command, topics.gripper_command) if t
        }
        self._clients = {s: self._node.create_client(Trigger, s) for s in (topics.stop, topics.recover) if s}
        if topics.trajectory_action or topics.gripper_action:
            self._actions = Ros2Actions(self._node, topics.trajectory_action, topics.gripper_action)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._ending = threading.Event()
        spin, what = self._spin, (self._executor, self._ending)
        self._thread = threading.Thread(target=spin, args=what, name=f"ros2 {self.config.node}", daemon=True)
        self._thread.start()
        self._find()

    @staticmethod
    def _spin(executor: Any, ending: threading.Event) -> None:
        """Until it is told to end; what a shutdown breaks is no news."""
        with suppress(Exception):
            while not ending.is_set():
                executor.spin_once(timeout_sec=0.2)

    def _find(self) -> None:
        """Wait until everything that the configuration names is there."""
        until = time.monotonic() + FINDING
        while True:
            lacking = [f"nobody listens to {t}" for t, p in self._publishers.items() if p.get_subscription_count() == 0]
            lacking += [f"no service {s}" for s, c in self._clients.items() if not c.service_is_ready()]
            lacking += self._actions.lacking() if self._actions is not None else []
            if self._reading is None:
                unheard = f"no message on {self.topics.joint_states}"
                lacking.append(self.missing(self._names) if self._names else unheard)
            if not lacking:
                return
            if time.monotonic() > until:
                raise DriverError(f"{self._spec.name} was not found within {FINDING:g} s: {'; '.join(lacking)}")
            time.sleep(0.02)

    def _joints(self, message: Any) -> None:
        self._names = list(message.name)
        stamp = message.header.stamp.sec + message.header.stamp.nanosec * 1e-9
        self.heard(message.name, message.position, message.velocity, stamp or time.monotonic())

    def _publish(self, topic: str, knots: Knots) -> None:
        publisher = self._publishers.get(topic)
        if publisher is None or self._lost:
            raise DriverError(f"{self._spec.name} is not connected: call connect() first")
        publisher.publish(trajectory(knots))

    def _call(self, service: str, seconds: float) -> str:
        from std_srvs.srv import Trigger

        answered = threading.Event()
        future = self._clients[service].call_async(Trigger.Request())
        future.add_done_callback(lambda _: answered.set())
        if seconds <= 0:
            return ""
        if not answered.wait(seconds):
            return f"{service} does not answer within {seconds:g} s"
        result = future.result()
        return "" if result.success else (result.message or f"{service} says no")

    def _shut(self) -> None:
        """The spinning thread ends first, of itself: what it waits on is taken down only when it waits no more."""
        executor, node, context, thread = self._executor, self._node, self._context, self._thread
        self._executor = self._node = self._context = self._thread = None
        actions, self._actions, self._goals = self._actions, None, {}
        self._publishers, self._clients = {}, {}
        self._ending.set()
        if thread is not None and thread is not threading.current_thread():
            with suppress(Exception):
                executor.wake()
            thread.join(2.0)
            if thread.is_alive():
                _LEFT.append((node, executor, context))
                return
        steps: list[Callable[[], object]] = [
            lambda: executor.remove_node(node),
            lambda: executor.shutdown(timeout_sec=1.0),
            lambda: None if actions is None else actions.close(),
            lambda: node.destroy_node(),
            lambda: context.try_shutdown(),
        ]
        for step in steps:
            with suppress(Exception):
                step()
