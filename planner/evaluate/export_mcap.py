"""An episode as an MCAP log that Foxglove opens: JSON messages under JSON schemas, times from the simulation.

Channels: ``/joint_states`` (measured and commanded, for plots), ``/tf`` (things and tool, `foxglove.FrameTransforms`),
``/scene`` (what things look like, once, fixed to their frames, `foxglove.SceneUpdate`), ``/events`` (what the planner
thought, did and measured, `foxglove.Log`). The whole episode record is attached as ``episode.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.evaluate.export_trace import ERROR, INFO, WARNING, ExportError, Sample, Thing, Trace
from skills.types import Form, Pose

LEVELS = {INFO: 2, WARNING: 3, ERROR: 4}  # of foxglove.Log
FOREVER = {"sec": 0, "nsec": 0}

_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}
_TIME = {
    "type": "object",
    "title": "time",
    "properties": {"sec": {"type": "integer", "minimum": 0}, "nsec": {"type": "integer", "minimum": 0}},
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_VECTOR = _object(x=_NUMBER, y=_NUMBER, z=_NUMBER)
_QUATERNION = _object(x=_NUMBER, y=_NUMBER, z=_NUMBER, w=_NUMBER)
_POSE = _object(position=_VECTOR, orientation=_QUATERNION)
_COLOUR = _object(r=_NUMBER, g=_NUMBER, b=_NUMBER, a=_NUMBER)
_SOLID = _list(_object(pose=_POSE, size=_VECTOR, color=_COLOUR))
_CONE = _list(_object(pose=_POSE, size=_VECTOR, bottom_scale=_NUMBER, top_scale=_NUMBER, color=_COLOUR))
_FLAG = {"type": "boolean"}
_WORDS = _list(
    _object(pose=_POSE, billboard=_FLAG, font_size=_NUMBER, scale_invariant=_FLAG, color=_COLOUR, text=_TEXT)
)
_ENTITY = _object(
    timestamp=_TIME,
    frame_id=_TEXT,
    id=_TEXT,
    lifetime=_TIME,
    frame_locked=_FLAG,
    metadata=_list(_object(key=_TEXT, value=_TEXT)),
    arrows=_list({"type": "object"}),
    cubes=_SOLID,
    spheres=_SOLID,
    cylinders=_CONE,
    lines=_list({"type": "object"}),
    triangles=_list({"type": "object"}),
    texts=_WORDS,
    models=_list({"type": "object"}),
)
_NUMBERS = _list(_NUMBER)

SCHEMAS: dict[str, tuple[str, dict[str, Any]]] = {
    "/joint_states": (
        "groundplan.JointStates",
        _object(
            timestamp=_TIME,
            name=_list(_TEXT),
            position=_NUMBERS,
            velocity=_NUMBERS,
            target=_NUMBERS,
            gripper_width=_NUMBER,
            gripper_target=_NUMBER,
        ),
    ),
    "/tf": (
        "foxglove.FrameTransforms",
        _object(
            transforms=_list(
                _object(
                    timestamp=_TIME,
                    parent_frame_id=_TEXT,
                    child_frame_id=_TEXT,
                    translation=_VECTOR,
                    rotation=_QUATERNION,
                )
            )
        ),
    ),
    "/scene": (
        "foxglove.SceneUpdate",
        _object(deletions=_list(_object(timestamp=_TIME, type={"type": "integer"}, id=_TEXT)), entities=_list(_ENTITY)),
    ),
    "/events": (
        "foxglove.Log",
        _object(
            timestamp=_TIME,
            level={"type": "integer"},
            message=_TEXT,
            name=_TEXT,
            file=_TEXT,
            line={"type": "integer"},
        ),
    ),
}


def write_mcap(trace: Trace, path: Path, episode: Mapping[str, Any]) -> Path:
    """Write one episode to one file. Equal episodes give equal bytes. Raises ExportError without the mcap package."""
    Writer, CompressionType = require_mcap()
    with path.open("wb") as stream:
        writer = Writer(stream, compression=CompressionType.ZSTD)
        writer.start(profile="", library="groundplan")
        channels = {}
        for topic, (name, schema) in SCHEMAS.items():
            text = json.dumps({"title": name, **schema}).encode()
            number = writer.register_schema(name=name, encoding="jsonschema", data=text)
            channels[topic] = writer.register_channel(topic=topic, message_encoding="json", schema_id=number)
        said = ("planner", "suite", "task", "seed", "instruction", "perception")
        writer.add_metadata("groundplan", {k: str(episode.get(k, "")) for k in said})
        for time, topic, message in sorted(_messages(trace), key=lambda m: m[0]):
            data = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
            stamp = _nanoseconds(time)
            writer.add_message(channels[topic], log_time=stamp, data=data, publish_time=stamp)
        record = json.dumps(episode, ensure_ascii=False).encode()
        writer.add_attachment(0, 0, "episode.json", "application/json", record)
        writer.finish()
    return path


def _messages(trace: Trace) -> list[tuple[float, str, dict[str, Any]]]:
    found: list[tuple[float, str, dict[str, Any]]] = [(0.0, "/scene", _scene(trace.things))]
    for sample in trace.samples:
        found += [(sample.time, "/joint_states", _joints(trace, sample)), (sample.time, "/tf", _frames(sample))]
    for mark in trace.marks:
        line = {"level": LEVELS[mark.level], "message": mark.text, "name": mark.name, "file": "", "line": 0}
        found.append((mark.time, "/events", {"timestamp": _stamp(mark.time), **line}))
    return found


def _joints(trace: Trace, sample: Sample) -> dict[str, Any]:
    return {
        "timestamp": _stamp(sample.time),
        "name": list(trace.joints),
        "position": list(sample.q),
        "velocity": list(sample.dq),
        "target": list(sample.target_q),
        "gripper_width": sample.width,
        "gripper_target": sample.target_width,
    }


def _frames(sample: Sample) -> dict[str, Any]:
    stamp = _stamp(sample.time)
    poses = {"tool": sample.pose_world_tool, **{_frame(name): pose for name, pose in sample.poses.items()}}
    return {
        "transforms": [
            {
                "timestamp": stamp,
                "parent_frame_id": "world",
                "child_frame_id": name,
                "translation": _xyz(pose.position),
                "rotation": dict(zip("xyzw", pose.orientation, strict=True)),
            }
            for name, pose in poses.items()
        ]
    }


def _frame(name: str) -> str:
    return f"object/{name}"


def _scene(things: tuple[Thing, ...]) -> dict[str, Any]:
    return {"deletions": [], "entities": [_entity(t) for t in things]}


def _entity(thing: Thing) -> dict[str, Any]:
    """Furniture stands in the world, an object in its own frame, which ``/tf`` moves."""
    pose = thing.pose_world or Pose()
    solid = {"pose": _pose(pose), "size": _xyz(thing.size), "color": dict(zip("rgba", thing.rgba, strict=True))}
    shapes: dict[str, list[Any]] = {"cubes": [], "spheres": [], "cylinders": [], "texts": []}
    if thing.form is Form.SPHERE:
        shapes["spheres"].append(solid)
    elif thing.form in (Form.CYLINDER, Form.BOWL):
        narrow = 0.6 if thing.form is Form.BOWL else 1.0
        shapes["cylinders"].append({**solid, "bottom_scale": narrow, "top_scale": 1.0})
    else:
        shapes["cubes"].append(solid)
    if thing.pose_world is None:
        above = Pose((0.0, 0.0, thing.size[2] / 2 + 0.03))
        look = {"billboard": True, "font_size": 12, "scale_invariant": True, "color": {"r": 1, "g": 1, "b": 1, "a": 1}}
        shapes["texts"].append({"pose": _pose(above), "text": thing.name, **look})
    empty: dict[str, list[Any]] = {"metadata": [], "arrows": [], "lines": [], "triangles": [], "models": []}
    return {
        "timestamp": _stamp(0.0),
        "frame_id": "world" if thing.pose_world is not None else _frame(thing.name),
        "id": thing.name,
        "lifetime": FOREVER,
        "frame_locked": True,
        **empty,
        **shapes,
    }


def _pose(pose: Pose) -> dict[str, Any]:
    return {"position": _xyz(pose.position), "orientation": dict(zip("xyzw", pose.orientation, strict=True))}


def _xyz(values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip("xyz", values, strict=True))


def _nanoseconds(time: float) -> int:
    return round(time * 1e9)


def _stamp(time: float) -> dict[str, int]:
    sec, nsec = divmod(_nanoseconds(time), 10**9)
    return {"sec": sec, "nsec": nsec}


def require_mcap() -> tuple[Any, Any]:
    """The package's writer and compressions; raises ExportError when it is not installed."""
    try:
        from mcap.writer import CompressionType, Writer
    except ImportError:
        raise ExportError("an MCAP log needs the mcap package: pip install 'groundplan[export]'") from None
    return Writer, CompressionType
