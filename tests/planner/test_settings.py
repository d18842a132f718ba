from __future__ import annotations

from dataclasses import replace

import pytest

from planner.settings import Settings, SettingsError, as_dict, keys, overlay, resolve


def test_pairs_and_file_overlay_the_defaults_in_that_order(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text("budget: {attempts: 9, ticks: 500}\nvideo: {enabled: false}\n")
    found = resolve(Settings(), file, ["budget.attempts=2"])
    assert found.budget.attempts == 2
    assert found.budget.ticks == 500
    assert found.video.enabled is False
    assert found.video.height == Settings().video.height


def test_plain_data_reads_back_to_the_same_settings():
    changed = resolve(Settings(), None, ["model.name=somewhere/model.gguf", "video.width=320"])
    assert overlay(Settings(), as_dict(changed)) == changed != Settings()


def test_every_key_can_be_set_to_its_own_value():
    data = as_dict(Settings())
    for key in keys(Settings()):
        value = data
        for part in key.split("."):
            value = value[part]
        text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        assert resolve(Settings(), None, [f"{key}={text}"]) == Settings()


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("budget.atempts=3", "did you mean 'budget.attempts'?"),
        ("attempts=3", "did you mean 'budget.attempts'"),
        ("zzz=3", "keys: model, propose"),
        ("budget.attempts=many", "budget.attempts: wants a whole number, got 'many'"),
        ("budget.attempts=true", "wants a whole number"),
        ("budget.attempts=1.5", "wants a whole number"),
        ("budget.attempts=0", "budget.attempts: 1 or more"),
        ("budget=3", "budget has parts"),
        ("video.enabled=3", "wants true or false"),
        ("model.dtype=int3", "int8 or int4"),
        ("budget.attempts", "wants key=value"),
        ("=3", "wants key=value"),
        ("model.name=[", "is not a value"),
        ("model.name=[a]", "wants text"),
    ],
)
def test_a_bad_pair_is_one_line_that_names_the_key_and_the_remedy(pair, says):
    with pytest.raises(SettingsError) as caught:
        resolve(Settings(), None, [pair])
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("budgte: {attempts: 3}", "did you mean 'budget'?"),
        ("- 1\n- 2", "settings has parts"),
        ("a: [", "is not YAML"),
        ("!!python/object/apply:os.getcwd []", "is not YAML"),
    ],
)
def test_a_bad_file_is_named(tmp_path, text, says):
    file = tmp_path / "own.yaml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        resolve(Settings(), file)
    assert says in str(caught.value)
    assert str(file) in str(caught.value)


def test_an_empty_file_changes_nothing_and_a_missing_one_is_an_error(tmp_path):
    empty = tmp_path / "own.yaml"
    empty.write_text("")
    assert resolve(Settings(), empty) == Settings()
    with pytest.raises(SettingsError, match="No such file"):
        resolve(Settings(), tmp_path / "none.yaml")


def test_settings_are_values():
    assert replace(Settings()) == Settings()
    with pytest.raises(AttributeError):
        Settings().budget.attempts = 3  # type: ignore[misc]


def test_keys_of_a_driver_are_gathered_from_file_and_line(tmp_path):
    file = tmp_path / "lab.yaml"
    file.write_text("robot: {options: {host: a, faults: {drop: 0.1}}}", encoding="utf-8")
    found = resolve(Settings(), file, ["robot.options.faults.latency=0.02", "robot.options.timeout=2"])
    assert found.robot.options == {"host": "a", "faults": {"drop": 0.1, "latency": 0.02}, "timeout": 2}
