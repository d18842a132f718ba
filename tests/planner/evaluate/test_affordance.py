"""Fitting and measuring the calibration of affordances, on trials made by hand; the shipped curves; the page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from envs.affordance_trials import draw_choice, draw_scene, read_records, unseen
from envs.strict import FileError
from planner.evaluate.affordance import choose, fit, measured, page, yaml_of
from planner.ground.affordances import AffordanceCache
from planner.ground.calibrated import read_calibration, shipped_calibration
from planner.ground.grounder import GroundConfig
from skills.library import default_library
from skills.skill import GroundSkill


def trials(count: int = 2000) -> list[dict[str, Any]]:
    """A skill that says 0.05 to 1 and succeeds more often than it says."""
    rng = np.random.default_rng(1)
    out = []
    for seed in range(count):
        value = 0.0 if seed % 10 == 0 else float(rng.uniform(0.05, 1.0))
        ok = value > 0 and bool(rng.random() < 0.5 + 0.5 * value)
        out.append(
            {"seed": seed, "skill": "pick", "noun": f"n{seed % 50}", "unseen": seed % 3 == 0, "value": value, "ok": ok}
        )
    return out


def test_calibration_halves_the_error_on_what_was_not_fitted(tmp_path):
    records = trials()
    curves = fit(records)
    found = measured(records, curves)
    groups = found["groups"]["without hard noes"]
    assert groups["analytic"]["ece"] > 0.15
    assert groups["calibrated"]["ece"] < 0.06
    assert found["false_no"]["k"] == 0
    file = tmp_path / "curves.yaml"
    file.write_text(yaml_of(curves), encoding="utf-8")
    assert read_calibration(file) == curves
    text = page(found, None, "abc")
    assert "2000 trials" in text
    assert "| pick |" in text


def test_a_file_that_is_no_calibration_is_named(tmp_path):
    file = tmp_path / "curves.yaml"
    file.write_text("pick: []\n", encoding="utf-8")
    with pytest.raises(FileError, match="'curves' is missing"):
        read_calibration(file)
    (tmp_path / "trials.jsonl").write_text('{"seed": 1}\nnot json\n', encoding="utf-8")
    with pytest.raises(ValueError, match=":2: not a record"):
        read_records(tmp_path / "trials.jsonl")


def test_shipped_curves_cover_picking_and_placing_and_are_off_by_default():
    assert {"pick", "place_at", "place_in", "place_on"} <= set(shipped_calibration().curves)
    assert not GroundConfig().calibrated


def test_the_cache_applies_the_curves(make_body):
    body = make_body
    obs = body.observe()
    step = GroundSkill(default_library()["pick"], ("red block",))
    plain = AffordanceCache(obs, body.kinematics).along([step])[0]
    better = AffordanceCache(obs, body.kinematics, shipped_calibration()).along([step])[0]
    assert better.value == pytest.approx(shipped_calibration().probability("pick", plain.value))
    assert better.factors["analytic"] == plain.value


@pytest.fixture
def make_body():
    from skills.drivers.fake import fake_embodiment
    from skills.types import Form, ObjectState, Pose, Shape

    block = ObjectState("red block", "block", Shape(Form.BOX, (0.04, 0.04, 0.04)), Pose((0.5, 0.1, 0.02)))
    return fake_embodiment([block])


def test_scenes_are_drawn_by_their_seed_and_unseen_nouns_stay_apart():
    assert draw_scene(7) == draw_scene(7)
    assert draw_scene(7) != draw_scene(8)
    placed, names = draw_choice(3)
    assert placed == draw_choice(3)[0]
    assert 1 <= len(names) <= 3
    assert unseen("sponge") == unseen("scrubber")  # one shape and size: one thing


@pytest.mark.slow
def test_one_of_three_is_taken_whatever_affordance_is_used():
    found = [choose(1_000_000, config) for config in (GroundConfig(affordance=0.0), GroundConfig(calibrated=True))]
    assert all(f is None or not f["false"] for f in found)
