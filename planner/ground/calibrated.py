"""The shipped calibration of affordances: curves fitted on trials, in ``configs/affordance.yaml``."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

from envs.strict import FileError, read_yaml
from skills.calibration import Calibration, CalibrationError

FILE = "affordance.yaml"


def read_calibration(path: Path | str) -> Calibration:
    """Curves from a file; raises FileError naming it and what is wrong."""
    document = read_yaml(path)
    data = document.data.get("curves") if isinstance(document.data, dict) else None
    if data is None:
        raise FileError("the key 'curves' is missing (skill: list of [score, probability])", str(path))
    try:
        return Calibration.from_data(data)
    except CalibrationError as error:
        raise FileError(str(error), str(path)) from None


@lru_cache(maxsize=1)
def shipped_calibration() -> Calibration:
    """The curves that come with the package, read once."""
    return read_calibration(Path(str(resources.files("configs"))) / FILE)
