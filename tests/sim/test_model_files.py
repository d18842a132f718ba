"""Model files: found, checked before the physics sees them, completed; a miss names thing, choices and remedy."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from sim import model_files
from sim.chain import read_chain
from sim.model_files import arm_file, find_mesh, library_folder, missing_meshes, package_folder
from sim.robots import RobotConfigError, load_robot
from sim.world import World, WorldSpec
from skills.types import Pose


@pytest.fixture
def own_robot(tmp_path):
    """Writes the iiwa's model and a robot file beside each other; keywords change the robot file."""
    source = library_folder() / "kuka_iiwa"
    shutil.copy(source / "model.urdf", tmp_path / "arm.urdf")
    shutil.copytree(source / "meshes", tmp_path / "meshes")

    def write(**changes: object) -> str:
        from importlib import resources

        row = yaml.safe_load(resources.files("configs").joinpath("robots", "iiwa.yaml").read_text(encoding="utf-8"))
        row |= {"urdf": "arm.urdf", "name": "mine", **changes}
        path = tmp_path / "mine.yaml"
        path.write_text(yaml.safe_dump({k: v for k, v in row.items() if v is not None}), encoding="utf-8")
        return str(path)

    return write


def test_a_robot_file_with_its_model_beside_it_works(own_robot):
    robot = own_robot()
    config = load_robot(robot)
    root = ElementTree.parse(arm_file(config)).getroot()
    assert all(Path(m.get("filename")).is_file() for m in root.iter("mesh"))
    assert arm_file(config) == arm_file(load_robot(robot))  # made once
    with World(WorldSpec(robot=robot)) as world:
        q = list(config.spec.home)
        assert world.arm.pose_world_tool().matrix() == pytest.approx(
            read_chain(config, Pose()).pose(q).matrix(), abs=2e-6
        )


def test_only_the_fingers_of_the_panda_are_changed():
    """Its model is the library's, with boxes for the two finger meshes, which stay as pictures."""

    def meshes(path, what):
        root = ElementTree.parse(path).getroot()
        return [Path(m.get("filename")).name for x in root.iter(what) for m in x.iter("mesh")]

    ours, theirs = arm_file(load_robot("panda")), library_folder() / "franka_panda/panda.urdf"
    assert meshes(ours, "visual") == meshes(theirs, "visual")
    assert meshes(ours, "collision") == [m for m in meshes(theirs, "collision") if m != "finger.obj"]


def test_missing_meshes_are_counted_and_named(own_robot, tmp_path):
    (tmp_path / "meshes" / "link_3.obj").unlink()
    (tmp_path / "meshes" / "link_3.stl").unlink()
    with pytest.raises(RobotConfigError, match=r"[12] mesh file\(s\) that arm.urdf names are not there: meshes/link_3"):
        arm_file(load_robot(own_robot()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<robot name='x'><link name='a'>", "cannot be read as a model .URDF.: .*line 1"),
        ("<sdf><model/></sdf>", "is no model .URDF.: it holds <sdf>"),
        ("no xml", "cannot be read as a model"),
    ],
)
def test_a_file_that_is_no_model(own_robot, tmp_path, text, message):
    (tmp_path / "arm.urdf").write_text(text, encoding="utf-8")
    with pytest.raises(RobotConfigError, match=message):
        arm_file(load_robot(own_robot()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joint_names": [*(f"lbr_iiwa_joint_{i}" for i in range(1, 7)), "lbr_iiwa_joint_9"]},
         "no moving joint 'lbr_iiwa_joint_9' .did you mean 'lbr_iiwa_joint_[1-7]'..; it has lbr_iiwa_joint_1,"),
        ({"gripper": {"flange": "flange"}}, "gripper: flange: its model has no link 'flange'"),
        ({"gripper": None, "tool_link": "tcp", "hand_link": "lbr_iiwa_link_7",
          "finger_joints": ["lbr_iiwa_joint_6", "lbr_iiwa_joint_7"]}, "tool_link: its model has no link 'tcp'"),
        ({"cameras": {"eye": {"link": "head", "eye": [0, 0, 0], "target": [1, 0, 0]}}}, "cameras: eye: link: .*'head'"),
        ({"urdf": "arms.urdf"}, "no model file 'arms.urdf'; looked for .*arms.urdf and"),
        ({"urdf": "package://somewhere/arm.urdf"}, "no package 'somewhere' is known; known: example-robot-data"),
    ],
)  # fmt: skip
def test_names_that_the_model_does_not_have(own_robot, change, message):
    with pytest.raises(RobotConfigError, match=message):
        arm_file(load_robot(own_robot(**change)))


def test_joints_in_another_order_are_refused(own_robot):
    names = [f"lbr_iiwa_joint_{i}" for i in (2, 1, 3, 4, 5, 6, 7)]
    with pytest.raises(RobotConfigError, match="must be those between foot and groundplan_tool, in that order"):
        read_chain(load_robot(own_robot(joint_names=names)), Pose())


def test_a_package_that_is_not_installed_names_the_remedy(own_robot, monkeypatch):
    monkeypatch.setattr(model_files, "package_folder", lambda name: None)
    with pytest.raises(RobotConfigError, match=r"needs the package example-robot-data: pip install"):
        arm_file(load_robot(own_robot(urdf="package://example-robot-data/robots/x.urdf")))


def test_meshes_of_packages_that_lie_beside_each_other(tmp_path):
    model = tmp_path / "my_robot" / "urdf" / "arm.urdf"
    mesh = tmp_path / "my_robot" / "meshes" / "a.stl"
    for path in (model, mesh):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert find_mesh("package://my_robot/meshes/a.stl", model) == mesh
    assert find_mesh("../meshes/a.stl", model).samefile(mesh)
    root = ElementTree.fromstring("<robot><mesh filename='package://my_robot/meshes/b.stl'/></robot>")
    assert missing_meshes(root, model) == ["package://my_robot/meshes/b.stl"]


@pytest.mark.skipif(package_folder("example-robot-data") is None, reason="needs: pip install 'groundplan[robots]'")
@pytest.mark.parametrize("name", ["ur5", "xarm7", "mobile_ur5", "mobile_xarm7"])
def test_arms_of_the_package(name):
    config = load_robot(name)
    with World(WorldSpec(robot=name, base=Pose((0.1, 0.2, 0.0)))) as world:
        world.step(60)
        q, dq, width, _ = world.arm.state()
        assert q == pytest.approx(config.spec.home, abs=2e-3)  # its motors carry it
        assert max(map(abs, dq)) < 0.01
        assert width == pytest.approx(0.085, abs=1e-3)
