from __future__ import annotations

import pytest

from skills.driver import RobotDriver
from skills.drivers.fake import FakeDriver
from skills.resolve import ResolveError, available, resolve

GROUP = "groundplan.drivers"


def test_module_and_class():
    assert resolve("skills.drivers.fake:FakeDriver", GROUP, RobotDriver) is FakeDriver


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("skills.drivers.fake:FakeDrivr", "did you mean 'FakeDriver'"),
        ("skills.no_such:Thing", "cannot import module 'skills.no_such'"),
        ("skills.types:Pose", "which is no skills.driver:RobotDriver"),
        ("no such driver", "no groundplan.drivers named"),
        ("", "must be a word"),
        (":x", "cannot import"),
    ],
)
def test_misses_name_the_choices(name, words):
    with pytest.raises(ResolveError, match=words.replace("(", r"\(")):
        resolve(name, GROUP, RobotDriver)


def test_an_unknown_group_has_nothing():
    assert available("groundplan.nothing") == {}


def test_an_installed_entry_point_is_found(monkeypatch):
    from importlib.metadata import EntryPoint

    import skills.resolve as module

    points = {"fake": "skills.drivers.fake:FakeDriver", "gone": "skills.gone:Driver"}
    monkeypatch.setattr(module, "entry_points", lambda group: [EntryPoint(n, v, group) for n, v in points.items()])
    assert resolve("fake", GROUP, RobotDriver) is FakeDriver
    with pytest.raises(ResolveError, match=r"cannot be loaded"):
        resolve("gone", GROUP)
    with pytest.raises(ResolveError, match=r"did you mean 'fake'.*known: fake, gone"):
        resolve("fak", GROUP)
