"""The same bytes whatever ran before: a local model's cache is put back to its warmed state before every episode.

Numbers in the last digits depend on what was cached when they were computed. A worker's earlier episodes must not
show in a later one, or two runs with other workers would differ. What is kept is the head of the prompts.
"""

from __future__ import annotations

from typing import Any


class WarmHeads:
    """Holds one sequence per prompt head of one model. Models without such a cache are left as they are."""

    def __init__(self, lm: Any) -> None:
        self._lm = lm if hasattr(lm, "_sequences") and hasattr(lm, "encode_prompt") else None
        self._kept: dict[str, tuple[list[int], Any]] = {}

    def reset(self, head: str) -> None:
        """Forget everything but ``head``, computing it when it is not there (any more)."""
        lm = self._lm
        if lm is None or not head:
            return
        tokens, sequence = self._kept.get(head, ([], None))
        if sequence is None or sequence.shared(tokens) < len(tokens) - 1:
            lm._sequences[:] = []
            tokens = lm.encode_prompt(head)
            lm.score(head, ["\n"])
            sequence = lm._sequences[-1]
            self._kept[head] = tokens, sequence
        sequence.rewind(tokens[:-1])
        lm._sequences[:] = [sequence]
