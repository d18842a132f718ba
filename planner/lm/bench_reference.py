"""The same work done with transformers, as its documentation would have it: what we compare with."""

from __future__ import annotations

import copy
from typing import Any

import torch

from planner.lm.engine import LocalModel

_BATCH = 64


class Reference:
    """The weights of ``ours`` (a Llama model) in transformers, by default in the same number type. Needs transformers.

    The weights are handed over already expanded: transformers would otherwise compute on the packed file and
    be slower than it needs to be.
    """

    _model: Any

    def __init__(self, ours: LocalModel, dtype: torch.dtype | None = None) -> None:
        from transformers import LlamaConfig, LlamaForCausalLM

        c, model = ours.config, ours.transformer
        dtype = model.dtype if dtype is None else dtype
        config = LlamaConfig(
            vocab_size=c.vocab,
            hidden_size=c.dim,
            intermediate_size=c.ffn,
            num_hidden_layers=c.layers,
            num_attention_heads=c.heads,
            num_key_value_heads=c.kv_heads,
            max_position_embeddings=c.context,
            rms_norm_eps=c.norm_eps,
            tie_word_embeddings=c.tied,
            rope_parameters={"rope_type": "default", "rope_theta": c.theta},
            eos_token_id=None,
            bos_token_id=None,
        )
        with torch.device("meta"):
            theirs: Any = LlamaForCausalLM(config)
        theirs = theirs.to_empty(device="cpu").to(dtype)
        theirs.model.rotary_emb = type(theirs.model.rotary_emb)(config=config)  # its table is not a weight
        q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim
        state = {"model.embed_tokens.weight": model.embed, "model.norm.weight": model.norm.to(dtype)}
        state["lm_head.weight"] = model.embed if c.tied else model.head.weight  # type: ignore[attr-defined]
        for i, layer in enumerate(model.layers):
            at = f"model.layers.{i}."
            parts = layer.qkv.weight.split((q, kv, kv))  # type: ignore[attr-defined]
            state |= {f"{at}self_attn.{n}_proj.weight": w for n, w in zip("qkv", parts, strict=True)}
            state[at + "self_attn.o_proj.weight"] = layer.o.weight  # type: ignore[attr-defined]
            gate, up = layer.gate_up.weight.split(c.ffn)  # type: ignore[attr-defined]
            state |= {at + "mlp.gate_proj.weight": gate, at + "mlp.up_proj.weight": up}
            state[at + "mlp.down_proj.weight"] = layer.down.weight  # type: ignore[attr-defined]
            state[at + "input_layernorm.weight"] = layer.norm_attn.to(dtype)
            state[at + "post_attention_layernorm.weight"] = layer.norm_ffn.to(dtype)
        theirs.load_state_dict(state, strict=True)
        self._model = theirs.eval()
        self._past: tuple[tuple[int, ...], Any, torch.Tensor] | None = None
        self._read: dict[tuple[int, ...], Any] = {}

    @torch.inference_mode()
    def prefill(self, ids: list[int]) -> torch.Tensor:
        """Logits behind the last token of ``ids``."""
        logits: torch.Tensor = self._model(torch.tensor([ids]), use_cache=True, logits_to_keep=1).logits
        return logits

    @torch.inference_mode()
    def decode(self, ids: list[int], tokens: int) -> list[int]:
        """Greedy continuation of exactly ``tokens`` tokens; all of ``ids`` but the last is kept from call to call."""
        if tuple(ids) not in self._read:
            read = self._model(torch.tensor([ids[:-1]]), use_cache=True, logits_to_keep=1)
            self._read[tuple(ids)] = read.past_key_values
        out = self._model.generate(
            torch.tensor([ids]),
            past_key_values=copy.deepcopy(self._read[tuple(ids)]),
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            do_sample=False,
            pad_token_id=0,
        )
        written: list[int] = out[0, len(ids) :].tolist()
        return written

    @torch.inference_mode()
    def score_one(self, prefix: list[int], option: list[int]) -> float:
        """One full pass over prefix and option."""
        logits = self._model(torch.tensor([prefix + option])).logits[0, len(prefix) - 1 : -1]
        rows = torch.log_softmax(logits.float(), -1)
        return float(rows[torch.arange(len(option)), torch.tensor(option)].sum())

    @torch.inference_mode()
    def score_batch(self, prefix: list[int], options: list[list[int]]) -> list[float]:
        """All options behind a cached prefix, padded batches."""
        if self._past is None or self._past[0] != tuple(prefix):
            out = self._model(torch.tensor([prefix]), use_cache=True, logits_to_keep=1)
            self._past = (tuple(prefix), out.past_key_values, torch.log_softmax(out.logits[0, -1].float(), -1))
        _, past, first = self._past
        scores: list[float] = []
        for at in range(0, len(options), _BATCH):
            part = options[at : at + _BATCH]
            longest = max(map(len, part))
            ids = torch.tensor([o + [0] * (longest - len(o)) for o in part])
            mask = torch.tensor([[1] * (len(prefix) + len(o)) + [0] * (longest - len(o)) for o in part])
            cache = copy.deepcopy(past)
            cache.batch_repeat_interleave(len(part))
            places = torch.arange(len(prefix), len(prefix) + longest).expand(len(part), -1)
            logits = self._model(ids, attention_mask=mask, position_ids=places, past_key_values=cache).logits
            rows = torch.log_softmax(logits.float(), -1)
            for i, option in enumerate(part):
                steps = torch.arange(len(option) - 1)
                later = rows[i, steps, torch.tensor(option[1:], dtype=torch.long)].sum() if len(option) > 1 else 0.0
                scores.append(float(first[option[0]] + later))
        return scores
