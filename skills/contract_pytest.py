"""The driver contract as pytest tests in anybody's package: one test per promise.

```python
from skills.contract_pytest import DriverContract

class TestMyArm(DriverContract):
    driver = MyArm                      # the class, or a function that makes one
    options = {"host": "127.0.0.1"}     # of the class's Config
    consent = "move my arm"             # only for a robot that is not simulated: the tests move it
```

Tests of one class share one connection. Promises that do not apply are skipped with the reason. Nothing here needs
pytest itself: it works by pytest's naming of hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from unittest import SkipTest

from skills.contract import CHECKS, bench_for, run_check
from skills.contract_bench import Bench, Verdict
from skills.driver import RobotDriver


class DriverContract:
    """Subclass it, name the class ``Test...``, set ``driver``; every promise of the contract becomes a test."""

    driver: ClassVar[type[RobotDriver] | Callable[[], RobotDriver] | None] = None
    options: ClassVar[Mapping[str, Any]] = {}
    consent: ClassVar[str | None] = None
    _bench: ClassVar[Bench | None] = None

    @classmethod
    def setup_class(cls) -> None:
        """Before the first test: nothing is connected yet."""
        made: Any = cls.__dict__.get("driver", cls.driver)
        made = made.__func__ if isinstance(made, (staticmethod, classmethod)) else made
        if made is None:
            raise TypeError(f"{cls.__name__}: set driver = YourDriver in the class")
        cls._bench = bench_for(made, cls.consent, cls.options)

    @classmethod
    def teardown_class(cls) -> None:
        """After the last test: close the robot."""
        if cls._bench is not None:
            cls._bench.done()

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """One test per promise."""
        if "promise" in metafunc.fixturenames:
            metafunc.parametrize("promise", list(CHECKS), ids=[name.replace(" ", "-") for name in CHECKS])

    def test_promise(self, promise: str) -> None:
        """The promise is kept, or does not apply; else the finding and what to do about it."""
        assert self._bench is not None
        result = run_check(promise, self._bench)
        if result.verdict is Verdict.SKIP:
            raise SkipTest(result.detail)
        assert result.ok, f"{result.detail}\n{result.advice}"
