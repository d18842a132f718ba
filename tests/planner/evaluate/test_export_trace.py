from __future__ import annotations

import numpy as np
import pytest

from planner.episode_file import EpisodeError
from planner.evaluate.export_trace import ERROR, ExportError, trace_of
from skills.types import Form
from stored import like


def test_samples_are_evenly_spaced_and_begin_at_the_start(trace, real_lines):
    assert trace.fps == 30
    assert [s.time for s in trace.samples[:3]] == [0.0, 1 / 30, 2 / 30]
    start = real_lines.right["attempts"][0]["seen"]
    assert list(trace.samples[0].q) == start["q"]
    assert trace.samples[0].width == pytest.approx(start["gripper_width"])
    ticks = real_lines.right["cost"]["ticks"]
    assert len(trace.samples) == pytest.approx(ticks / 2, abs=2)  # 60 control ticks a second
    assert trace.equal


def test_targets_lead_where_the_joints_are_next(trace):
    q = np.asarray([s.q for s in trace.samples])
    told = np.asarray([s.target_q for s in trace.samples])
    assert np.abs(told - q).max() < 0.1
    # told until the next frame: a better guess of the next joints than the present joints are
    assert np.abs(told[1:] - q[1:]).mean() < 0.5 * np.abs(q[1:] - q[:-1]).mean()


def test_the_block_goes_where_the_record_says(trace, real_lines):
    last = real_lines.right["attempts"][0]["steps"][-1]["after"]["objects"]["red block"]
    assert np.allclose(trace.samples[-1].poses["red block"].position, last[:3], atol=0.005)
    assert max(s.poses["red block"].position[2] for s in trace.samples) > 0.1  # it was carried


def test_what_happened_is_marked_in_time(trace, real_lines):
    steps = [m for m in trace.marks if m.name == "step"]
    assert steps[0].text.startswith("pick(red block) begins")
    assert steps[1].text == "pick(red block) ends; measured: holding(red block) yes"
    assert steps[1].time == pytest.approx(real_lines.right["attempts"][0]["steps"][0]["after"]["tick"] / 60, abs=0.05)
    assert [m.name for m in trace.marks][-1] == "verdict"
    assert not [m for m in trace.marks if m.level == ERROR]


def test_things_have_shapes(trace):
    things = {t.name: t for t in trace.things}
    assert things["blue bowl"].form is Form.BOWL
    assert things["red block"].pose_world is None
    assert [t for t in trace.things if t.pose_world is not None]  # the table


def test_a_repetition_that_differs_is_refused_unless_drift_is_accepted(real_lines):
    line = like(real_lines.right, digest="0" * 64)
    line["attempts"][0]["steps"][0]["digest"] = "0" * 64
    with pytest.raises(ExportError, match=r"not equal to the record: step 1 of the run.*--drift"):
        trace_of(line, fps=10)
    drifted = trace_of(line, fps=10, drift=True)
    assert not drifted.equal
    line["attempts"][0]["steps"][0]["evidence"][0]["measured"] = False
    with pytest.raises(ExportError, match="tells another story"):
        trace_of(line, fps=10, drift=True)


def test_what_cannot_be_carried_out_again(real_lines):
    with pytest.raises(ValueError, match="240 steps a second"):
        trace_of(real_lines.right, fps=7)
    with pytest.raises(EpisodeError, match="only simulated"):
        trace_of(like(real_lines.right, driver="real arm"))
