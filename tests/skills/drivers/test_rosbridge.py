"""The rosbridge driver: without a server, and against a server of ours for the protocol in another process."""

from __future__ import annotations

import sys
import time

import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost, MotionCode
from skills.driver_config import ConfigError, make_driver
from skills.drivers.rosbridge import RosbridgeDriver
from tests.peers.start import arm_options, rosbridge_peer
from tests.skills.drivers.ros_bench import CONSENT, connected, staged

LONELY = "127.9.9.8"  # a loopback address where nobody listens


def test_the_configuration_is_strict():
    with pytest.raises(ConfigError, match="host"):
        make_driver(RosbridgeDriver, arm_options())
    with pytest.raises(ConfigError, match="version: 3 is none of 1, 2"):
        make_driver(RosbridgeDriver, arm_options(host=LONELY, version=3))


def test_types_are_named_as_each_ros_wants_them():
    one, two = (make_driver(RosbridgeDriver, arm_options(host=LONELY, version=v)) for v in (1, 2))
    assert one._type("sensor_msgs", "JointState") == "sensor_msgs/JointState"
    assert two._type("sensor_msgs", "JointState") == "sensor_msgs/msg/JointState"
    assert two._type("std_srvs", "Trigger") == "std_srvs/srv/Trigger"


def test_a_missing_kit_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "roslibpy", None)
    with pytest.raises(DriverError, match=r"groundplan\[ros\]"):
        make_driver(RosbridgeDriver, arm_options(host=LONELY)).connect()


@pytest.fixture(scope="module")
def peer():
    pytest.importorskip("roslibpy", reason="roslibpy is not installed")
    with rosbridge_peer() as running:
        yield running


@pytest.mark.peer
@pytest.mark.slow
def test_the_contract_holds(peer):
    results = check_driver(staged(RosbridgeDriver, peer), CONSENT, arm_options(host=peer.address))
    assert all(r.verdict is Verdict.PASS for r in results), [r for r in results if r.verdict is not Verdict.PASS]


@pytest.mark.peer
@pytest.mark.slow
def test_a_killed_server_is_reported_and_nothing_more_is_sent():
    pytest.importorskip("roslibpy", reason="roslibpy is not installed")
    with rosbridge_peer() as running:
        driver = make_driver(RosbridgeDriver, arm_options(host=running.address))
        driver.connect()
        sent = []
        publish = driver._publish
        driver._publish = lambda topic, knots: (sent.append(topic), publish(topic, knots))
        motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.02))
        driver.wait(10)
        running.kill()
        began = time.monotonic()
        with pytest.raises(LinkLost, match=r"closed the connection|silent"):
            driver.wait(600)
        assert time.monotonic() - began < 0.5
        assert motion.result().code is MotionCode.LOST_LINK
        driver.stop()
        motion.cancel()
        assert sent == ["/arm/joint_trajectory"]
        driver.close()


@pytest.mark.peer
@pytest.mark.slow
def test_a_thing_is_held_air_is_not():
    pytest.importorskip("roslibpy", reason="roslibpy is not installed")
    with (
        rosbridge_peer("--thing", "0.05") as running,
        connected(RosbridgeDriver, arm_options(host=running.address)) as driver,
    ):
        got = driver.gripper(0.0, 0.1, 10.0)
        assert (got.stalled, driver.read_state().holding) == (True, True)
        assert driver.gripper(0.08, 0.1, 10.0).reached
        assert driver.read_state().holding is False


def test_the_end_of_an_earlier_connection_is_no_news():
    driver = make_driver(RosbridgeDriver, arm_options(host=LONELY))
    driver._ros, driver._open_now = object(), True
    driver._gone("here", object())
    assert not driver._lost
    driver._gone("here", driver._ros)
    assert "closed the connection" in driver._lost
