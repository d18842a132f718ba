"""The same bytes whatever ran before: a local model's cache is put back to its warmed state before every episode.

Numbers in the last digits depend on what was cached when they were computed. A worker's earlier episodes must not
show in a later one, or two runs with other workers would differ. What is kept is the head of the prompts.
"""

from __future__ import annotations

from typing import Any


class WarmHeads:
    """Keeps the prompt heads of one model (``LocalModel.forget``). Models without a cache are left as they are."""

    def __init__(self, lm: Any) -> None:
        self._forget = getattr(lm, "forget", None)

    def reset(self, head: str) -> None:
        """Forget everything but ``head``, computing it when it is not there (any more)."""
        if self._forget is not None and head:
            self._forget([head])
