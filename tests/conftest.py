"""What holds for all tests: processor threads that wait politely, since the tests run beside one another."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
