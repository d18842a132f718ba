from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.config import ModelConfig  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.kv import KVCache  # noqa: E402

CONFIG = ModelConfig("llama", 10, 8, 2, 2, 1, 4, 8, 3000)


def filled(limit: int = 3000) -> KVCache:
    cache = KVCache(CONFIG, torch.float32, limit)
    for layer in range(2):
        cache.keys[layer][:] = torch.arange(cache.capacity)[None, :, None] + 1000.0 * layer
        cache.values[layer][:] = -cache.keys[layer]
    return cache


def test_growing_keeps_the_entries_and_zeroes_the_rest():
    cache = filled()
    cache.reserve(600)
    assert cache.capacity == 1024
    assert cache.keys[1][0, 511, 0] == 1511
    assert float(cache.keys[1][:, 512:].abs().max()) == 0.0
    assert cache.bytes == 2 * 2 * 1024 * 4 * 4


def test_moving_entries_copies_all_layers_even_if_they_overlap():
    cache = filled()
    cache.move([5, 9, 12], 4)
    assert cache.keys[0][0, 4:7, 0].tolist() == [5, 9, 12]
    assert cache.values[1][0, 4:7, 0].tolist() == [-1005, -1009, -1012]


def test_taking_over_another_cache():
    cache = KVCache(CONFIG, torch.float32, 3000)
    cache.take(filled(), 100)
    assert cache.keys[1][0, 99, 0] == 1099
    assert float(cache.keys[1][:, 100:].abs().max()) == 0.0


def test_the_limit_is_an_error_with_both_numbers():
    with pytest.raises(ModelError, match=r"needs 701 positions.*may hold 700"):
        filled(700).reserve(701)
