"""The key-value cache of one sequence: preallocated, growing in steps, within a budget."""

from __future__ import annotations

import torch

from planner.lm.config import ModelConfig
from planner.lm.errors import ModelError


class KVCache:
    """Keys and values of every layer, each of shape (kv_heads, capacity, head_dim).

    Keys lie in memory the other way round, because that is how the product with the queries reads them. Unused room
    is zero (never uninitialised: masked positions must not be NaN).

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
        self._keys = self._values = torch.empty(0, dtype=dtype)
        self.reserve(min(capacity, limit))

    @property
    def bytes(self) -> int:
        """Memory held [bytes]."""
        return (self._keys.numel() + self._values.numel()) * self._keys.element_size()

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
        keys = torch.zeros(layers, heads, width, capacity, dtype=self._dtype).transpose(2, 3)
        values = torch.zeros(layers, heads, capacity, width, dtype=self._dtype)
        if self.capacity:
            keys[:, :, : self.capacity] = self._keys
            values[:, :, : self.capacity] = self._values
        self._keys, self._values, self.capacity = keys, values, capacity
        self.keys, self.values = list(keys.unbind(0)), list(values.unbind(0))

    def move(self, sources: list[int], start: int) -> None:
        """Copy the entries at positions ``sources`` to ``start, start + 1, ...`` in every layer."""
        if sources != list(range(start, start + len(sources))):
            index = torch.tensor(sources)
            for store in (self._keys, self._values):
                store[:, :, start : start + len(sources)] = store.index_select(2, index)

    def take(self, other: KVCache, count: int) -> None:
        """Copy the first ``count`` entries of another cache of the same model."""
        self.reserve(count)
        self._keys[:, :, :count] = other._keys[:, :, :count]
        self._values[:, :, :count] = other._values[:, :, :count]
