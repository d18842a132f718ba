"""Stored lines for tests of reports and exports."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any


def like(line: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of a line with some values changed; the copy may be changed further."""
    return copy.deepcopy(dict(line)) | changes
