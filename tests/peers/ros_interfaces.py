"""Builds the ROS 2 interfaces of ``control_msgs`` that the driver uses, from the definitions beside this file.

The package is not among the wheels of ROS 2, but their generators and headers are: they write the sources, gcc does the
rest (a minute). Run with the interpreter of the environment ``ros``, whose folders it installs into. Fields and types
are those of the public package, so the type hashes are, too; nothing else of it is here.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

PACKAGE = "control_msgs"
HERE = Path(__file__).resolve().parent / PACKAGE
ROOT = Path(sys.prefix)
NEEDS = (
    "action_msgs", "builtin_interfaces", "geometry_msgs", "service_msgs", "std_msgs", "trajectory_msgs",
    "unique_identifier_msgs",
)  # fmt: skip
SUPPORTS = ("rosidl_typesupport_c", "rosidl_typesupport_fastrtps_c")


def build(work: Path) -> None:
    """Generate, compile and install, with intermediate files in ``work``."""
    os.environ.setdefault("AMENT_PREFIX_PATH", str(ROOT))
    sources = generate(work)
    include = _includes(work / "c")
    lib = ROOT / "lib"
    needed = [f"-l{n}__{kind}" for n in NEEDS for kind in ("rosidl_generator_c", *SUPPORTS)]
    base = compile_(work, "generator", _all(sources, "c", ".c"), include)
    c = link(lib / f"lib{PACKAGE}__rosidl_generator_c.so", base, needed, "rosidl_runtime_c", "rcutils")
    fast = compile_(work, "fast", _all(sources, "fast", ".cpp"), [*include, f"-I{work / 'fast'}"])
    fast = link(
        lib / f"lib{PACKAGE}__{SUPPORTS[1]}.so", fast, [str(c), *needed], "rosidl_typesupport_fastrtps_c",
        "rosidl_typesupport_fastrtps_cpp", "rosidl_runtime_c", "fastcdr", "rmw", "rcutils",
    )  # fmt: skip
    face = compile_(work, "face", _all(sources, "face", ".cpp"), [*include, f"-I{work / 'fast'}"])
    face = link(lib / f"lib{PACKAGE}__{SUPPORTS[0]}.so", face, [str(c), str(fast), *needed], "rosidl_typesupport_c")
    module(work, include, (c, face, fast))


def generate(work: Path) -> dict[str, list[Path]]:
    """Sources of every kind, below folders of ``work`` that have the package's name."""
    import rosidl_cli.entry_points as points
    from rosidl_adapter.action import convert_action_to_idl
    from rosidl_adapter.msg import convert_msg_to_idl
    from rosidl_cli.command.generate.api import generate
    from rosidl_cli.command.hash.api import generate_type_hashes

    logging.getLogger("rosidl_cli.entry_points").setLevel(logging.ERROR)
    real = points.get_entry_points
    # the wheels carry the metadata of each generator twice
    points.get_entry_points = lambda group, *, specs=None, strict=False: real(group, specs=specs)
    files: dict[str, list[str]] = {"msg": [], "action": []}
    for kind, convert in (("msg", convert_msg_to_idl), ("action", convert_action_to_idl)):
        folder = work / "idl" / kind
        folder.mkdir(parents=True)
        for path in sorted((HERE / kind).iterdir()):
            convert(HERE, PACKAGE, path.relative_to(HERE), folder)
            files[kind].append(f"{work / 'idl'}:{kind}/{path.stem}.idl")
    every = [*files["msg"], *files["action"]]
    shared: dict[str, Any] = {"package_name": PACKAGE, "include_paths": [str(ROOT / "share")]}
    hashes = generate_type_hashes(interface_files=every, output_path=work / "hash", **shared)
    for kind, some in files.items():  # apart: GripperCommand is the name of a message and of an action
        its = [str(h) for h in hashes if Path(h).parent.name == kind]
        generate(interface_files=some, output_path=work / "c" / PACKAGE, types=["c"], type_description_files=its,
                 **shared)  # fmt: skip
    for folder, what in (
        ("face", {"typesupports": [f"c[typesupport_implementations: [{SUPPORTS[1]}]]"]}),
        ("fast", {"typesupports": ["fastrtps_c"]}),
        ("py", {"types": [f"py[typesupport_implementations: [{', '.join(SUPPORTS)}]]"]}),
    ):
        generate(interface_files=every, output_path=work / folder / PACKAGE, **what, **shared)
    return {k: sorted(p for p in (work / k).rglob("*") if p.is_file()) for k in ("c", "face", "fast", "py")}


def module(work: Path, include: Sequence[str], libraries: Sequence[Path]) -> None:
    """The Python package."""
    target = Path(sysconfig.get_paths()["purelib"]) / PACKAGE
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(work / "py" / PACKAGE, target)
    (target / "__init__.py").touch()
    numpy = subprocess.run(
        [sys.executable, "-c", "import numpy; print(numpy.get_include())"], check=True, capture_output=True, text=True
    ).stdout.strip()
    headers = [*include, f"-I{numpy}", f"-I{sysconfig.get_paths()['include']}"]
    python = [f"-l{n}__rosidl_generator_py" for n in NEEDS]
    objects = compile_(work, "python", sorted(target.rglob("*_s.c")), headers)
    convert = link(ROOT / "lib" / f"lib{PACKAGE}__rosidl_generator_py.so", objects, [str(libraries[0]), *python])
    for support in SUPPORTS:
        entry = compile_(work, support, [target / f"_{PACKAGE}_s.ep.{support}.c"], headers)
        link(target / f"{PACKAGE}_s__{support}.so", entry, [str(convert), *map(str, libraries)], "rosidl_runtime_c")


def compile_(work: Path, name: str, sources: Iterable[Path], include: Sequence[str]) -> list[Path]:
    """One object per source, one after the other."""
    objects = []
    for i, source in enumerate(sources):
        out = work / f"{name}{i}.o"
        language = ["g++", "-std=c++17"] if source.suffix == ".cpp" else ["gcc", "-std=c11", "-D_GNU_SOURCE"]
        subprocess.run([*language, "-O1", "-fPIC", "-w", "-c", str(source), "-o", str(out), *include], check=True)
        objects.append(out)
    return objects


def link(out: Path, objects: Sequence[Path], more: Sequence[str], *names: str) -> Path:
    """A library that finds the others beside it."""
    rest = [f"-L{ROOT / 'lib'}", *more, *(f"-l{n}" for n in names), f"-Wl,-rpath,{ROOT / 'lib'}"]
    subprocess.run(["g++", "-shared", "-o", str(out), *map(str, objects), *rest], check=True)
    return out


def _includes(generated: Path) -> list[str]:
    """Every package of the wheels has its headers in a folder of its own."""
    root = ROOT / "include"
    return [f"-I{generated}", f"-I{root}", *(f"-I{p}" for p in sorted(root.iterdir()) if p.is_dir())]


def _all(sources: dict[str, list[Path]], kind: str, suffix: str) -> list[Path]:
    return [p for p in sources[kind] if p.suffix == suffix]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
