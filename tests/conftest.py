"""What holds for all tests: processor threads that wait politely, since the tests run beside one another; and Ctrl-C
that works, for a shell's background jobs ignore it, and so do the programs that they start."""

from __future__ import annotations

import os
import signal

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
