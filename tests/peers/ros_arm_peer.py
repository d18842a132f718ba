"""A ROS 2 node that simulates an arm behind a trajectory controller: topics, and actions with ``--actions``.

Its standard input takes "protective", "emergency", "release", "hold" (someone holds the arm), "free", "thing WIDTH"
(lies between the fingers) and "thing" (nothing does); anything else makes it forget its trajectory.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import rclpy
from builtin_interfaces.msg import Time
from rclpy.executors import MultiThreadedExecutor, SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool
from std_srvs.srv import Trigger
from trajectory_msgs.msg import JointTrajectory

sys.path.insert(0, str(Path(__file__).resolve().parent))
from arm_model import FINGER, JOINTS, ArmModel

RATE = 100.0
STOPS = ("protective", "emergency")


class ArmNode(Node):
    def __init__(self, model: ArmModel) -> None:
        super().__init__("arm")
        self.model, self.clock = model, time.monotonic()
        self.joints = self.create_publisher(JointState, "/joint_states", 10)
        self.flags = {k: self.create_publisher(Bool, f"/arm/{k}", 1) for k in ("protective", "emergency")}
        for topic in ("/arm/joint_trajectory", "/gripper/joint_trajectory"):
            self.create_subscription(JointTrajectory, topic, self.take, 10)
        self.create_service(Trigger, "/arm/stop", self.stop)
        self.create_service(Trigger, "/arm/recover", self.recover)
        self.create_timer(1 / RATE, self.tick)

    def take(self, message: JointTrajectory) -> None:
        times = [p.time_from_start.sec + p.time_from_start.nanosec * 1e-9 for p in message.points]
        complaint = self.model.take(
            message.joint_names, times, [p.positions for p in message.points], [p.velocities for p in message.points]
        )
        if complaint:
            self.get_logger().warning(complaint)

    def stop(self, _: Trigger.Request, answer: Trigger.Response) -> Trigger.Response:
        self.model.halt()
        answer.success = True
        return answer

    def recover(self, _: Trigger.Request, answer: Trigger.Response) -> Trigger.Response:
        answer.success = self.model.stop != "emergency"
        answer.message = "" if answer.success else "the button is pressed"
        if answer.success:
            self.model.release()
        return answer

    def tick(self) -> None:
        now = time.monotonic()
        for _ in range(max(1, round((now - self.clock) * 500))):
            self.model.step((now - self.clock) / max(1, round((now - self.clock) * 500)))
        self.clock = now
        message = JointState(name=[*JOINTS, FINGER])
        message.header.stamp = Time(sec=int(now), nanosec=int(now % 1 * 1e9))
        message.position = [*self.model.q.tolist(), self.model.finger]
        message.velocity = [*self.model.dq.tolist(), 0.0]
        self.joints.publish(message)
        for kind, publisher in self.flags.items():
            publisher.publish(Bool(data=self.model.stop == kind))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--thing", type=float)
    parser.add_argument("--actions", action="store_true", help="needs control_msgs")
    args = parser.parse_args()
    with suppress(OSError):  # it stands for hardware, which no other load slows down
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    model = ArmModel(args.thing)
    rclpy.init()
    node = ArmNode(model)
    executor = MultiThreadedExecutor(4) if args.actions else SingleThreadedExecutor()
    executor.add_node(node)
    if args.actions:
        from ros_action_servers import Servers

        servers = Servers(node, model)  # noqa: F841 - they live as long as the node spins

    def hear() -> None:
        for line in sys.stdin:
            word = line.strip()
            if word in ("hold", "free"):
                model.held = word == "hold"
            elif word.startswith("thing"):
                model.thing = float(word[5:]) if word[5:] else None
            elif word == "release":
                model.release()
            else:
                model.halt(word if word in STOPS else "")
        os._exit(0)

    threading.Thread(target=hear, daemon=True).start()
    print("ready", flush=True)
    executor.spin()


if __name__ == "__main__":
    main()
