from __future__ import annotations

from dataclasses import replace

import pytest

from envs.stage import StageError
from envs.tasks import make_task, task_from_data
from planner.settings import Settings, SettingsError
from planner.workplace import FAKE, open_workplace
from skills.driver import ConsentError, DriverError, Embodiment
from skills.drivers.fake import FakeDriver, FakePerception
from skills.drivers.fake_kinematics import FAKE_SPEC, FakeKinematics
from skills.executor import execute
from skills.guard import Guard
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.resolve import ResolveError
from skills.symbols import parse_literal
from skills.types import Mode

TASK = make_task("put the red block in the blue bowl", objects=["red block", "blue bowl"])


class RealArm(FakeDriver):
    """A gantry that says it is real, with surroundings of its own: what somebody else's driver looks like."""

    def __init__(self) -> None:
        super().__init__(spec=replace(FAKE_SPEC, name="real gantry", simulated=False))

    def embody(self, regions):
        return Embodiment(self, FakeKinematics(regions), FakePerception(self.world), dict(regions))


class NotAnArm:
    """No driver at all."""


def test_the_simulator_and_the_fake_show_the_same_things():
    with open_workplace(TASK, 3, Settings()) as sim, open_workplace(TASK, 3, Settings(), FAKE) as fake:
        seen, imagined = sim.body.observe(), fake.body.observe()
        assert set(seen.objects) == set(imagined.objects) == {"red block", "blue bowl"}
        assert set(seen.regions) == set(imagined.regions)
        assert sim.stage is not None
        assert fake.stage is None
        assert isinstance(sim.body.driver, Guard)
        assert isinstance(fake.body.driver, Guard)
        assert sim.robot == "panda (simulated)"


def test_the_fake_robot_drives_where_the_scene_has_places_to_drive_to():
    data = {"id": "k", "instruction": "bring me the apple", "scene": "kitchen", "goal": {"any": [["at(apple, user)"]]},
            "start": {"robot": {"at": "user"}, "objects": [{"name": "apple", "at": "far counter"}]}}  # fmt: skip
    with open_workplace(task_from_data(data, "test"), 0, Settings(), FAKE) as place:
        body, library = place.body, default_library()
        assert body.observe().robot_at == "user"
        for text in ("go_to(far counter)", "pick(apple)", "go_to(user)", "place_at(apple, user)"):
            report = execute(library.parse(text), body)
            assert report.ok, report.failure
        assert symbolic_state(body.observe()).holds(parse_literal("at(apple, user)"))


def test_the_seed_decides_the_start():
    def start(seed):
        with open_workplace(TASK, seed, Settings(), FAKE) as place:
            return place.body.observe().objects

    assert start(1) == start(1) != start(2)


def test_after_closing_nothing_answers_and_closing_again_is_harmless():
    place = open_workplace(TASK, 0, Settings())
    place.close()
    place.close()
    with pytest.raises(DriverError):
        place.body.observe()


def test_a_driver_of_ones_own_works_behind_the_guard_and_with_consent_only():
    name = f"{__name__}:RealArm"
    with open_workplace(TASK, 0, Settings(), name) as place:
        assert place.robot == "real gantry"
        with pytest.raises(ConsentError, match="real robot"):
            place.body.driver.gripper(0.0, 0.1, 10.0)
    with open_workplace(TASK, 0, Settings(), name, consent=True) as place:
        assert place.body.driver.gripper(0.0, 0.1, 10.0).reached
        assert place.body.driver.read_state().mode is Mode.IDLE


@pytest.mark.parametrize(
    ("driver", "says"),
    [
        ("nosuch", "no groundplan.drivers named 'nosuch'"),
        (f"{__name__}:NotAnArm", "which is no skills.driver:RobotDriver"),
        ("skills.drivers.fake:FakeDriver", "embody"),
    ],
)
def test_other_drivers_are_refused_by_name(driver, says):
    with pytest.raises(ResolveError, match=says):
        open_workplace(TASK, 0, Settings(), driver)


def test_what_the_fake_cannot_do_is_said():
    data = {
        "id": "a",
        "instruction": "x",
        "scene": "tabletop",
        "start": {"robot": {"at": None, "holding": "red block"}, "objects": [{"name": "red block"}]},
        "goal": {"any": [["at(red block, middle)"]]},
    }
    with pytest.raises(StageError, match="cannot start with something in its hand"):
        open_workplace(task_from_data(data), 0, Settings(), FAKE)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("slipp", "faults: fault: no kind 'slipp'"),
        ({"kind": "slip", "wen": "tick"}, "did you mean 'when'"),
        ({"kind": "slip", "at": "soon"}, "faults: "),
    ],
)
def test_a_fault_that_cannot_be_read_is_named(fault, says):
    with pytest.raises(SettingsError, match=says):
        open_workplace(TASK, 0, replace(Settings(), faults=(fault,)))


def test_faults_need_the_simulator():
    with pytest.raises(SettingsError, match="in simulations only"):
        open_workplace(TASK, 0, replace(Settings(), faults=("slip",)), FAKE)
