from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from skills.driver_config import HIDDEN, ConfigError, make_driver, read_config, without_secrets
from skills.drivers.fake import FakeDriver
from skills.types import Mode


@dataclass(frozen=True)
class Inner:
    port: int = 1


@dataclass(frozen=True)
class Lab:
    host: str
    rate: float = 60.0
    names: tuple[str, ...] = ()
    box: tuple[float, float, float] | None = None
    start: Mode = Mode.IDLE
    inner: Inner = field(default_factory=Inner)
    map: Mapping[str, float] = field(default_factory=dict)
    on: bool = True

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError(f"rate: above 0, not {self.rate}")


def test_plain_data_becomes_the_typed_configuration():
    data = {"host": "h", "rate": "1e2", "names": ["a"], "box": [1, 2, 3], "start": "moving", "inner": {"port": 7},
            "map": {"x": 1}, "on": False}  # fmt: skip
    assert read_config(Lab, data) == Lab("h", 100.0, ("a",), (1.0, 2.0, 3.0), Mode.MOVING, Inner(7), {"x": 1.0}, False)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"hots": "h"}, "unknown key 'hots', did you mean 'host'?; keys: host, rate"),
        ({}, "needs 'host'"),
        ([], "expected keys and values"),
        ({"host": 5}, "host: expected text, got 5; put it in quotes"),
        ({"host": "h", "rate": float("nan")}, "rate: expected a finite number"),
        ({"host": "h", "rate": True}, "rate: expected a finite number"),
        ({"host": "h", "rate": "fast"}, "rate: expected a number"),
        ({"host": "h", "rate": -1}, "rate: above 0, not -1.0"),
        ({"host": "h", "names": "abc"}, "names: expected a list"),
        ({"host": "h", "box": [1, 2]}, "box: expected 3 values, got 2"),
        ({"host": "h", "start": "flying"}, "'flying' is none of idle, moving"),
        ({"host": "h", "inner": {"prt": 1}}, "inner: unknown key 'prt', did you mean 'port'?"),
        ({"host": "h", "inner": {"port": 1.5}}, "port: expected a whole number"),
        ({"host": "h", "map": {"x": "y"}}, "map.x: expected a number"),
        ({"host": "h", "on": "yes"}, "on: expected true or false"),
    ],
)
def test_what_cannot_be_used_is_named(data, says):
    with pytest.raises(ConfigError, match="arm: ") as caught:
        read_config(Lab, data, "arm")
    assert says in str(caught.value)


def test_a_driver_without_a_configuration_takes_none():
    assert isinstance(make_driver(FakeDriver), FakeDriver)
    with pytest.raises(ConfigError, match="FakeDriver takes no configuration, got speed"):
        make_driver(FakeDriver, {"speed": 1})
    ready = FakeDriver()
    assert make_driver(ready) is ready
    with pytest.raises(ConfigError, match="ready-made"):
        make_driver(ready, {"speed": 1})


def test_secrets_are_left_out_of_records_at_any_depth():
    data = {"host": "h", "token": "s3", "deep": [{"user_password": "s3", "n": 1}], "API_KEY": "s3"}
    kept = without_secrets(data)
    assert "s3" not in str(kept)
    assert kept["host"] == "h"
    assert kept["deep"][0] == {"user_password": HIDDEN, "n": 1}
