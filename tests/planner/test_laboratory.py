"""Robots that are not ours: a driver without geometry or eyes of its own, made ready by the settings."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from envs.tasks import make_task
from planner.laboratory import Care
from planner.settings import Settings, SettingsError, overlay
from planner.workplace import open_workplace
from sim.driver import PyBulletDriver
from skills.driver import ConsentError, DriverError
from skills.executor import execute
from skills.library import default_library

TASK = make_task("put the red block in the blue bowl", objects=["red block", "blue bowl"])
TABLE = "objects: [{name: red block, at: [0.45, -0.1]}, {name: blue bowl, at: [0.5, 0.15]}]\n"


class OtherArm(PyBulletDriver):
    """A simulated arm that calls itself real, names its joints otherwise and is slower."""

    def describe(self):
        spec = super().describe()
        slower = tuple(0.8 * v for v in spec.max_velocity)
        return replace(spec, name="lab arm", simulated=False, joint_names=tuple(f"j{i}" for i in range(7)),
                       max_velocity=slower, workspace=None)  # fmt: skip

    def follow(self, trajectory):
        return super().follow(replace(trajectory, joint_names=super().describe().joint_names))


NAME = f"{__name__}:OtherArm"


@pytest.fixture
def lab(tmp_path):
    table = tmp_path / "table.yaml"
    table.write_text(TABLE, encoding="utf-8")

    def settings(**more):
        return overlay(Settings(), {"robot": {"driver": NAME, "objects": str(table), "model": "panda", **more}})

    return settings


def test_eyes_and_geometry_are_asked_for_by_name(lab):
    with pytest.raises(LookupError, match=r"sees nothing: say what lies where with robot\.objects"):
        open_workplace(TASK, 0, lab(objects=None))
    with pytest.raises(SettingsError, match=r"if it is the same arm, say so with robot\.model: panda"):
        open_workplace(TASK, 0, lab(model=None))
    try:
        distribution("example-robot-data")
    except PackageNotFoundError:
        pytest.skip("the UR5's model comes with the extra 'robots'")
    with pytest.raises(SettingsError, match="lab arm has 7 joints, the model 'ur5' has 6"):
        open_workplace(TASK, 0, lab(model="ur5"))


def test_a_real_arm_moves_with_consent_only_under_the_narrower_limits(lab):
    go = default_library().parse("pick(red block)")
    with open_workplace(TASK, 0, lab()) as place:
        assert place.body.kinematics.spec.joint_names == tuple(f"j{i}" for i in range(7))
        assert place.body.kinematics.spec.max_velocity[0] == pytest.approx(0.8 * 2.175)
        report = execute(go, place.body)
        assert "exact words 'move lab arm'" in str(report.failure)
        with pytest.raises(ConsentError):
            place.body.driver.gripper(0.0, 0.1, 5.0)
    typed = []
    for care, settings in (
        (Care(consent=True), lab()),
        (Care(), lab(consent="move lab arm")),
        (Care(phrase=lambda words: typed.append(words) or words), lab()),
    ):
        with open_workplace(TASK, 0, settings, care=care) as place:
            # nothing lies there, whatever the file says: the arm moves, closes on air, and says so
            report = execute(go, place.body)
            assert not report.ok
            assert report.failure.kind.value in ("EFFECT", "INVARIANT")
            assert report.ticks > 50
    assert typed == ["move lab arm"]


def test_a_dry_run_is_locked_and_asks_nobody(lab):
    care = Care(locked="this is a dry run", phrase=lambda words: pytest.fail("nobody is to be asked"))
    with open_workplace(TASK, 0, lab(consent="move lab arm"), care=care) as place:
        with pytest.raises(DriverError, match="this is a dry run"):
            place.body.driver.gripper(0.0, 0.1, 5.0)
        assert place.body.observe().objects["red block"].pose_world.position[:2] == (0.45, -0.1)


def test_boxes_speed_and_payload_of_the_laboratory_hold(lab):
    wall = {"the shelf": [[0.3, -0.3, -0.01], [0.6, 0.02, 0.5]]}
    with open_workplace(TASK, 0, lab(keep_out=wall), care=Care(consent=True)) as place:
        report = execute(default_library().parse("pick(red block)"), place.body)
        assert "the shelf" in str(report.failure)
        assert not report.commands
    with open_workplace(TASK, 0, lab(payload=0.01), care=Care(consent=True)) as place:
        report = execute(default_library().parse("pick(red block)"), place.body)
        assert "more than the payload" in str(report.failure)


def test_the_calibration_says_where_the_foot_stands(lab, tmp_path):
    file = tmp_path / "calibration.yaml"
    file.write_text("base: {position: [0.1, 0.0, 0.02], orientation: [0, 0, 0, 1]}\n", encoding="utf-8")
    with open_workplace(TASK, 0, lab(calibration=str(file))) as place:
        assert place.body.kinematics.mount.position == pytest.approx((0.1, 0.0, 0.02))
    file.write_text("base: {position: [0.1, 0.0, 0.02], orientation: [0, 0, 1, 1]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not a unit quaternion"):
        open_workplace(TASK, 0, lab(calibration=str(file)))
