from __future__ import annotations

import json
import sys

import pytest

from planner.evaluate.export_mcap import SCHEMAS, write_mcap
from planner.evaluate.export_trace import ExportError

reader = pytest.importorskip("mcap.reader")


@pytest.fixture(scope="module")
def log(tmp_path_factory, trace, real_lines):
    return write_mcap(trace, tmp_path_factory.mktemp("mcap") / "one.mcap", real_lines.right)


def messages(log, topic):
    with log.open("rb") as stream:
        return [
            (schema.name, message.log_time, json.loads(message.data))
            for schema, _, message in reader.make_reader(stream).iter_messages(topics=[topic])
        ]


def fits(value, schema, path="message"):
    """Whether a message has the types of its schema, and no part that the schema lacks."""
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    assert isinstance(value, kinds[schema["type"]]), path
    for key, inner in value.items() if isinstance(value, dict) and "properties" in schema else ():
        assert key in schema["properties"], f"{path}.{key}"
        fits(inner, schema["properties"][key], f"{path}.{key}")
    for inner in value if isinstance(value, list) else ():
        fits(inner, schema["items"], f"{path}[]")


@pytest.mark.parametrize("topic", SCHEMAS)
def test_messages_fit_their_schemas(log, topic):
    found = messages(log, topic)
    assert found
    for name, _, message in found:
        assert name == SCHEMAS[topic][0]
        fits(message, SCHEMAS[topic][1])


def test_channels_are_json_under_json_schemas(log, trace):
    with log.open("rb") as stream:
        summary = reader.make_reader(stream).get_summary()
    assert {c.topic for c in summary.channels.values()} == set(SCHEMAS)
    assert {c.message_encoding for c in summary.channels.values()} == {"json"}
    assert {s.encoding for s in summary.schemas.values()} == {"jsonschema"}
    assert all(json.loads(s.data)["type"] == "object" for s in summary.schemas.values())
    counts = {c.topic: summary.statistics.channel_message_counts[i] for i, c in summary.channels.items()}
    assert counts == {
        "/joint_states": len(trace.samples),
        "/tf": len(trace.samples),
        "/scene": 1,
        "/events": len(trace.marks),
    }


def test_joints_and_poses_are_those_of_the_trace(log, trace):
    _, stamp, joints = messages(log, "/joint_states")[30]
    assert stamp == 1_000_000_000
    assert joints["timestamp"] == {"sec": 1, "nsec": 0}
    assert joints["position"] == list(trace.samples[30].q)
    assert joints["target"] == list(trace.samples[30].target_q)
    _, _, frames = messages(log, "/tf")[30]
    poses = {t["child_frame_id"]: t for t in frames["transforms"]}
    assert set(poses) == {"tool", "object/red block", "object/green block", "object/blue bowl"}
    block = trace.samples[30].poses["red block"]
    assert list(poses["object/red block"]["translation"].values()) == list(block.position)
    assert list(poses["object/red block"]["rotation"].values()) == list(block.orientation)


def test_things_are_drawn_in_their_own_frames(log):
    (_, _, scene) = messages(log, "/scene")[0]
    entities = {e["id"]: e for e in scene["entities"]}
    assert entities["red block"]["frame_id"] == "object/red block"
    assert entities["red block"]["texts"][0]["text"] == "red block"
    assert len(entities["red block"]["cubes"]) == 1
    assert len(entities["blue bowl"]["cylinders"]) == 1
    assert [e for e in entities.values() if e["frame_id"] == "world"]


def test_events_tell_the_story_in_order(log):
    found = messages(log, "/events")
    assert [t for _, t, _ in found] == sorted(t for _, t, _ in found)
    names = [m["name"] for _, _, m in found]
    assert names[0] == "proposal"
    assert names[-1] == "verdict"
    assert {m["level"] for _, _, m in found} == {2}


def test_the_whole_record_travels_along(log, real_lines):
    with log.open("rb") as stream:
        made = reader.make_reader(stream)
        (attached,) = list(made.iter_attachments())
        (about,) = list(made.iter_metadata())
    assert json.loads(attached.data) == real_lines.right
    assert about.metadata["planner"] == "trials:Scripted"
    assert about.metadata["perception"] == "oracle"


def test_equal_episodes_give_equal_bytes(log, tmp_path, trace, real_lines):
    assert write_mcap(trace, tmp_path / "two.mcap", real_lines.right).read_bytes() == log.read_bytes()


def test_without_the_package_the_remedy_is_named(tmp_path, trace, monkeypatch):
    monkeypatch.setitem(sys.modules, "mcap.writer", None)
    with pytest.raises(ExportError, match=r"pip install 'groundplan\[export\]'"):
        write_mcap(trace, tmp_path / "x.mcap", {})
