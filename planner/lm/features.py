"""Hidden states of short texts, for probes: what a layer hands on says of a text more than the words that follow it.

The texts of one call share a pass and do not see one another; what else was asked for before changes nothing.
"""

from __future__ import annotations

import numpy as np
import torch

from planner.lm.kv import KVCache
from planner.lm.local import LocalModel

ROWS = 4  # tokens of a pass are filled up to a multiple: few shapes to prepare for


def hidden_states(lm: LocalModel, texts: tuple[str, ...], layer: int) -> list[torch.Tensor]:
    """What the first ``layer`` layers make of every text, all read in one pass and none seeing another.

    Returns:
        (tokens, dim) float32 of each text, without a norm.

    Raises:
        ValueError: the model has fewer layers, or a text is empty.
    """
    model = lm.transformer
    if not 0 < layer <= model.config.layers:
        raise ValueError(f"layer {layer}: the model has layers 1 to {model.config.layers}")
    coded = [lm.tokenizer.encode(t) for t in texts]
    if not all(coded):
        raise ValueError("an empty text has no features")
    ids = [token for c in coded for token in c]
    rows = -(-len(ids) // ROWS) * ROWS
    pad = rows - len(ids)
    owner = np.repeat(np.arange(len(coded) + 1), [*map(len, coded), pad])
    visible = (owner[:, None] == owner[None, :]) & np.tril(np.ones((rows, rows), bool))
    places = torch.tensor([p for c in coded for p in range(len(c))] + [0] * pad)
    cache = KVCache(model.config, model.dtype, rows, rows)
    mask = torch.zeros(rows, rows, dtype=model.dtype).masked_fill_(torch.from_numpy(~visible), float("-inf"))
    with torch.inference_mode():
        out = model.forward(torch.tensor(ids + [0] * pad), places, cache, 0, mask, mask, places, depth=layer)
    lengths = [*map(len, coded), pad]
    return [x.float() for x in torch.split(out, lengths)[: len(coded)]]
