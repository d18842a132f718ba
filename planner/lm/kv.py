"""The key-value cache of one sequence: preallocated, growing in steps, within a budget."""

from __future__ import annotations

import torch

from planner.lm.config import ModelConfig
from planner.lm.errors import ModelError


class KVCache:
    """Keys and values of every layer, each of shape (kv_heads, capacity, head_dim).

    Unused room is zero (never uninitialised: masked positions must not be NaN).

    Args:
        limit: most positions the cache may hold; the model's context or less.
    """

    STEP = 512

    def __init__(self, config: ModelConfig, dtype: torch.dtype, limit: int, capacity: int = STEP) -> None:
        self.limit = limit
        self._shape = (config.layers, config.kv_heads, config.head_dim)
        self._dtype = dtype
        self.capacity = 0
        self.keys: list[torch.Tensor] = []
        self.values: list[torch.Tensor] = []
        self._store = torch.empty(0, dtype=dtype)
        self.reserve(min(capacity, limit))

    @property
    def bytes(self) -> int:
        """Memory held [bytes]."""
        return self._store.numel() * self._store.element_size()

    def reserve(self, positions: int) -> None:
        """Make room for ``positions`` in all. Raises ``ModelError`` beyond the limit."""
        if positions <= self.capacity:
            return
        if positions > self.limit:
            raise ModelError(
                f"the sequence needs {positions} positions, the key-value cache may hold {self.limit}; "
                "shorten the prompt or raise the budget"
            )
        layers, heads, width = self._shape
        capacity = min(self.limit, -(-max(positions, self.capacity * 2) // self.STEP) * self.STEP)
        store = torch.zeros(2, layers, heads, capacity, width, dtype=self._dtype)
        if self.capacity:
            store[:, :, :, : self.capacity] = self._store
        self._store, self.capacity = store, capacity
        self.keys, self.values = list(store[0].unbind(0)), list(store[1].unbind(0))

    def move(self, sources: list[int], start: int) -> None:
        """Copy the entries at positions ``sources`` to ``start, start + 1, ...`` in every layer."""
        if sources != list(range(start, start + len(sources))):
            index = torch.tensor(sources)
            self._store[:, :, :, start : start + len(sources)] = self._store.index_select(3, index)

    def take(self, other: KVCache, count: int) -> None:
        """Copy the first ``count`` entries of another cache of the same model."""
        self.reserve(count)
        self._store[:, :, :, :count] = other._store[:, :, :, :count]
