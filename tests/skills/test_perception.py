"""When a look is taken, how other eyes plug in, and the contract that all keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from skills.contract_bench import Verdict
from skills.driver import Embodiment, FeelingPerception
from skills.drivers.fake import fake_embodiment
from skills.perception import CameraPerception, PerceptionSetup, make_perception
from skills.perception_contract import CHECKS, check_perception
from skills.resolve import ResolveError
from skills.types import Mode, ObjectState, Pose, Region, RobotState
from tests.skills.perception_scene import FRONT, LEFT, MODELS, resting, take

REGIONS = {"table": Region("table", (0.0, -1.0), (1.0, 1.0))}
HAND = Pose((0.3, 0.0, 0.6)) @ Pose.of((0, 0, 0), (1, 0, 0, 0))
THINGS = {"can": resting("can", 0.45, 0.1), "block": resting("block", 0.55, -0.1, 0.4)}


class Eyes:
    """Two cameras over a table that never changes."""

    def __init__(self, things: Mapping[str, Pose] = THINGS) -> None:
        self.things, self.around = things, 0

    def look(self, tick: int, around: bool = False):
        self.around += around
        return [take(self.things, eye, 0.001, tick + k, tick) for k, eye in enumerate((LEFT, FRONT))]


def eyes_for_tests(setup: PerceptionSetup) -> CameraPerception:
    return CameraPerception(Eyes(), setup.models, setup.regions)


def not_eyes(setup: PerceptionSetup) -> str:
    return "blind"


def reading(tick: int, mode: Mode = Mode.IDLE) -> RobotState:
    return RobotState(tick, tick / 60, (0.0,), (0.0,), 0.08, False, mode)


def test_a_look_is_taken_when_it_can_tell_something_new():
    eyes = CameraPerception(Eyes(), MODELS, REGIONS, still=10, moving=40)
    looks = []
    for tick, mode in (
        (0, Mode.IDLE),  # the first
        (0, Mode.IDLE),  # no time has passed
        (6, Mode.IDLE),
        (10, Mode.IDLE),  # ten ticks at rest
        (30, Mode.MOVING),
        (50, Mode.MOVING),  # forty ticks of motion
        (52, Mode.IDLE),  # the motion has ended
        (53, Mode.IDLE),
    ):
        eyes.feel(reading(tick, mode), HAND)
        looks.append(eyes.looks)
    assert looks == [1, 1, 1, 2, 2, 3, 4, 4]


def test_the_first_look_goes_all_around():
    cameras = Eyes()
    eyes = CameraPerception(cameras, MODELS, REGIONS)
    for tick in (0, 20, 40):
        eyes.feel(reading(tick), HAND)
    assert eyes.looks == 3
    assert cameras.around == 1


def test_what_it_sees_is_an_observation():
    eyes = CameraPerception(Eyes(), MODELS, REGIONS)
    assert isinstance(eyes, FeelingPerception)
    assert dict(eyes.objects()) == {}
    eyes.feel(reading(0), HAND)
    assert list(eyes.objects()) == ["block", "can"]
    assert eyes.objects()["block"].colour == "red"
    assert eyes.track("can").looks == 1
    with pytest.raises(KeyError, match="nothing is known of 'cup'; known: block, can"):
        eyes.track("cup")


def test_looks_are_at_least_a_tick_apart():
    with pytest.raises(ValueError, match="at least one tick"):
        CameraPerception(Eyes(), MODELS, REGIONS, still=0)


def test_other_eyes_are_named_by_module_and_callable():
    made = make_perception(f"{__name__}:eyes_for_tests", PerceptionSetup(MODELS, REGIONS))
    assert made.name == "camera"


def test_what_is_no_perception_is_refused():
    setup = PerceptionSetup(MODELS, REGIONS)
    with pytest.raises(ResolveError, match="needs a name and objects"):
        make_perception(f"{__name__}:not_eyes", setup)
    with pytest.raises(ResolveError, match="must be callable"):
        make_perception(f"{__name__}:THINGS", setup)
    with pytest.raises(ResolveError, match=r"no groundplan.perception named 'eyes'"):
        make_perception("eyes", setup)


@pytest.fixture
def body() -> Embodiment:
    """The fake robot, with and among things that cameras see."""
    things = [MODELS[n].state(p, 0) for n, p in THINGS.items()]
    return fake_embodiment(things, list(REGIONS.values()))


def test_cameras_and_the_fake_keep_the_contract(body):
    seeing = replace(body, perception=CameraPerception(Eyes(), MODELS, REGIONS))
    for keeper in (body, seeing):
        results = check_perception(keeper)
        assert [r.verdict for r in results] == [Verdict.PASS] * len(CHECKS), results


class Broken:
    """Breaks one promise."""

    name = "broken"

    def __init__(self, how: str) -> None:
        self.how, self.calls = how, 0
        self.things = {n: MODELS[n].state(p, 0) for n, p in THINGS.items()}

    def objects(self) -> dict[str, ObjectState]:
        self.calls += 1
        if self.how == "keeps its own memory":
            return self.things
        can = self.things["can"]
        if self.how == "sees things by name":
            return {"tin": can}
        if self.how == "gives sound poses":
            return {"can": replace(can, pose_world=Pose((450.0, 0.0, 0.0)))}
        if self.how == "is steady at rest":
            return {"can": replace(can, pose_world=can.pose_world.moved(0.05 * self.calls))}
        if self.how == "stamps sightings":
            return {"can": replace(can, seen_tick=-self.calls)}
        return {}


@pytest.mark.parametrize(
    "promise",
    [
        "sees things by name",
        "gives sound poses",
        "is steady at rest",
        "stamps sightings",
        "keeps its own memory",
    ],
)
def test_a_broken_promise_is_found(body, promise):
    results = {r.name: r for r in check_perception(replace(body, perception=Broken(promise)))}
    assert results[promise].verdict is Verdict.FAIL, results
    assert results[promise].detail


def test_a_perception_that_raises_fails_the_check(body):
    class Raises:
        name = "raises"

        def objects(self):
            raise RuntimeError("no camera")

    (only,) = check_perception(replace(body, perception=Raises()))
    assert only.verdict is Verdict.FAIL
    assert "no camera" in only.detail
