from __future__ import annotations

import errno

import pytest

from planner.cli import exits
from skills.driver import ConsentError, DriverError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (exits.UsageError("x"), exits.USAGE),
        (DriverError("no link"), exits.DRIVER),
        (ConsentError("no consent"), exits.DRIVER),
        (PermissionError(errno.EACCES, "Permission denied", "/somewhere"), exits.USAGE),
        (FileNotFoundError(errno.ENOENT, "No such file", "/nowhere"), exits.USAGE),
    ],
)
def test_errors_a_person_can_mend_have_a_code_and_one_line(error, code):
    found = exits.explain(error)
    assert found is not None
    assert found[0] == code
    assert "\n" not in found[1]


def test_every_known_error_exists():
    from importlib import import_module

    for module, name, _ in exits._KNOWN:
        assert issubclass(getattr(import_module(module), name), Exception)


def test_faults_of_the_program_are_not_explained_away():
    assert exits.explain(KeyError("x")) is None
    assert exits.explain(OSError("no file named")) is None


def test_messages_become_one_line():
    assert exits.one_line(ValueError("a\n  b")) == "a b"
    assert exits.one_line(KeyError("no 'x'")) == "no 'x'"
    assert exits.one_line(ValueError()) == "ValueError"
