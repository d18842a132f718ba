"""A model's shape and choices, read from a Hugging Face ``config.json`` or from GGUF metadata."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from planner.lm.errors import ModelError

POSITIONS = ("rotary", "alibi", "t5", "learned", "none")


@dataclass(frozen=True)
class ModelConfig:
    """Everything the transformer needs to know besides its weights.

    ``heads`` queries share ``kv_heads`` keys and values (grouped-query attention; equal numbers give
    multi-head, 1 gives multi-query). ``window_layers`` lists the layers that see only the last ``window``
    positions. ``plain_layers`` lists the layers without any position encoding. ``local_theta`` is the rotary
    base of the window layers where it differs (Gemma 3). ``position`` comes from the key ``position_encoding``
    of a ``config.json``: "rotary" (if it is missing), "alibi", "t5" (one table of relative biases for all layers,
    tensor ``relative_bias.weight``), "learned" (``position_embeddings.weight``) or "none".
    """

    family: str
    vocab: int
    dim: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    context: int
    norm_eps: float = 1e-5
    tied: bool = True
    position: str = "rotary"
    theta: float = 10000.0
    local_theta: float | None = None
    rope_scaling: tuple[tuple[str, Any], ...] = ()
    relative_buckets: int = 32
    relative_distance: int = 128
    activation: str = "silu"
    qk_norm: bool = False
    post_norms: bool = False
    embed_scale: float = 1.0
    query_scale: float | None = None
    window: int | None = None
    window_layers: tuple[int, ...] = ()
    plain_layers: tuple[int, ...] = ()
    bos: int | None = None
    eos: tuple[int, ...] = ()
    add_bos: bool = False
    chat_template: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        for key in ("vocab", "dim", "layers", "heads", "kv_heads", "head_dim", "ffn", "context"):
            value = getattr(self, key)
            if not isinstance(value, int) or not 0 < value < 2**31:
                raise ModelError(f"bad model configuration: {key} = {value!r}; use an intact model file")
        for key in ("norm_eps", "theta", "local_theta", "embed_scale", "query_scale"):
            value = getattr(self, key)
            if value is not None and (isinstance(value, complex) or not 0 < value < math.inf):
                raise ModelError(f"bad model configuration: {key} = {value!r}; use an intact model file")
        if self.heads % self.kv_heads:
            raise ModelError(
                f"bad model configuration: {self.heads} query heads are not a multiple of {self.kv_heads} "
                "key heads; use an intact model file"
            )
        if self.position not in POSITIONS:
            raise ModelError(f"unknown position encoding {self.position!r}; known: {', '.join(POSITIONS)}")

    @property
    def group(self) -> int:
        """Query heads per key head."""
        return self.heads // self.kv_heads

    def to_json(self) -> dict[str, Any]:
        """Plain data; ``from_json`` reads it back."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> ModelConfig:
        """Read what ``to_json`` wrote."""
        known = {f.name for f in fields(ModelConfig)}
        values = {k: v for k, v in data.items() if k in known}
        for key in ("window_layers", "plain_layers", "eos"):
            values[key] = tuple(values.get(key) or ())
        values["rope_scaling"] = tuple((k, v) for k, v in values.get("rope_scaling") or ())
        return ModelConfig(**values)


_HF_FAMILIES = {
    "llama": "llama",
    "mistral": "llama",
    "smollm3": "smollm3",
    "qwen2": "qwen2",
    "qwen3": "qwen3",
    "gemma3_text": "gemma3",
}


def from_hf(raw: Mapping[str, Any]) -> ModelConfig:
    """Read a Hugging Face ``config.json`` (already parsed). Raises ``ModelError`` for what is not known."""
    kind = str(raw.get("model_type"))
    if kind == "gemma3" and isinstance(raw.get("text_config"), Mapping):
        raw = raw["text_config"]
        kind = str(raw.get("model_type"))
    family = _HF_FAMILIES.get(kind)
    if family is None:
        raise ModelError(f"unknown architecture {kind!r}; known: {', '.join(sorted(_HF_FAMILIES))}")
    try:
        return _from_hf(raw, family)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ModelError(f"config.json is incomplete or malformed ({error!r}); fetch the model again") from None


def _from_hf(raw: Mapping[str, Any], family: str) -> ModelConfig:
    heads, dim, layers = int(raw["num_attention_heads"]), int(raw["hidden_size"]), int(raw["num_hidden_layers"])
    kinds = raw.get("layer_types")
    window = raw.get("sliding_window")
    if raw.get("use_sliding_window") is False:
        window = None
    if kinds:
        window_layers = tuple(i for i, kind in enumerate(kinds) if kind == "sliding_attention")
    elif family == "gemma3":
        pattern = int(raw.get("sliding_window_pattern", 6))
        window_layers = tuple(i for i in range(layers) if (i + 1) % pattern)
    elif window and family in ("qwen2", "qwen3"):
        window_layers = tuple(range(int(raw.get("max_window_layers", 0)), layers))
    else:
        window_layers = tuple(range(layers)) if window else ()
    plain = raw.get("no_rope_layers") or ()
    theta, local_theta, scaling = _rope(raw, family)
    eos = raw.get("eos_token_id")
    act = str(raw.get("hidden_activation") or raw.get("hidden_act") or "silu")
    query_scalar = raw.get("query_pre_attn_scalar") if family == "gemma3" else None
    return ModelConfig(
        family=family,
        vocab=int(raw["vocab_size"]),
        dim=dim,
        layers=layers,
        heads=heads,
        kv_heads=int(raw.get("num_key_value_heads") or heads),
        head_dim=int(raw.get("head_dim") or dim // heads),
        ffn=int(raw["intermediate_size"]),
        context=_stretched(int(raw.get("max_position_embeddings", 2048)), scaling),
        norm_eps=float(raw.get("rms_norm_eps", 1e-6)),
        tied=bool(raw.get("tie_word_embeddings", family == "gemma3")),
        position=str(raw.get("position_encoding", "rotary")),
        relative_buckets=int(raw.get("relative_attention_num_buckets", 32)),
        relative_distance=int(raw.get("relative_attention_max_distance", 128)),
        theta=theta,
        local_theta=local_theta,
        rope_scaling=scaling,
        activation="gelu" if act.startswith("gelu") else act,
        qk_norm=family in ("qwen3", "gemma3"),
        post_norms=family == "gemma3",
        embed_scale=math.sqrt(dim) if family == "gemma3" else 1.0,
        query_scale=None if query_scalar is None else float(query_scalar) ** -0.5,
        window=int(window) if window and window_layers else None,
        window_layers=window_layers if window else (),
        plain_layers=tuple(i for i, uses in enumerate(plain) if not uses) if family == "smollm3" else (),
        bos=raw.get("bos_token_id"),
        eos=tuple(eos) if isinstance(eos, list | tuple) else (() if eos is None else (int(eos),)),
    )


def _rope(raw: Mapping[str, Any], family: str) -> tuple[float, float | None, tuple[tuple[str, Any], ...]]:
    """Rotary base, base of the window layers, scaling; older and newer spellings of the same thing."""
    parameters = raw.get("rope_parameters") or {}
    local = None
    if "full_attention" in parameters:
        local = float((parameters.get("sliding_attention") or {}).get("rope_theta", 10000.0))
        parameters = parameters["full_attention"]
    elif family == "gemma3":
        local = float(raw.get("rope_local_base_freq", 10000.0))
    default = 1e6 if family == "gemma3" else 10000.0
    theta = float(parameters.get("rope_theta") or raw.get("rope_theta") or default)
    scaling = dict(raw.get("rope_scaling") or {}) or dict(parameters)
    kind = scaling.get("rope_type") or scaling.get("type") or "default"
    if kind == "default":
        return theta, local, ()
    scaling = {k: v for k, v in scaling.items() if k not in ("rope_theta", "type") and v is not None}
    longest = raw.get("original_max_position_embeddings") or raw.get("max_position_embeddings")
    if kind == "yarn" and longest is not None:
        scaling.setdefault("original_max_position_embeddings", longest)
    return theta, local, checked_scaling({**scaling, "rope_type": kind})


_NEEDED = {
    "linear": ("factor",),
    "llama3": ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"),
    "yarn": ("factor", "original_max_position_embeddings"),
}


def checked_scaling(scaling: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """A rotary scaling as it is kept, or ``ModelError``: unknown kind, missing or impossible numbers."""
    kind = scaling["rope_type"]
    if kind not in _NEEDED:
        raise ModelError(f"unknown rotary scaling {kind!r}; known: default, {', '.join(_NEEDED)}")
    if float(scaling.get("partial_rotary_factor", 1.0)) != 1.0:
        raise ModelError("rotary positions on a part of the head's width are not known; use another model")
    optional = [k for k in ("beta_fast", "beta_slow", "attention_factor") if k in scaling]
    for key in (*_NEEDED[kind], *optional):
        value = scaling.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
            raise ModelError(f"rotary scaling {kind!r}: {key} = {value!r} is no number above 0; fetch the model again")
    if kind == "llama3" and scaling["high_freq_factor"] <= scaling["low_freq_factor"]:
        raise ModelError("rotary scaling 'llama3': high_freq_factor must be above low_freq_factor")
    return tuple(sorted(scaling.items()))


def _stretched(context: int, scaling: tuple[tuple[str, Any], ...]) -> int:
    """The context that a scaling was made for, where the file still names the original one."""
    values = dict(scaling)
    if values.get("rope_type") != "yarn":
        return context
    return max(context, int(values["factor"] * values["original_max_position_embeddings"]))


_GGUF_FAMILIES = {"llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "smollm3": "smollm3", "gemma3": "gemma3"}


def from_gguf(meta: Mapping[str, Any], tensors: Mapping[str, tuple[int, ...]]) -> ModelConfig:
    """Read GGUF metadata; ``tensors`` maps names to shapes (rows first) for what the keys leave open."""
    arch = str(meta.get("general.architecture"))
    family = _GGUF_FAMILIES.get(arch)
    if family is None:
        raise ModelError(f"unknown architecture {arch!r}; known: {', '.join(sorted(_GGUF_FAMILIES))}")
    try:
        return _from_gguf(meta, tensors, arch, family)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ModelError(f"GGUF metadata is incomplete or malformed ({error!r}); fetch the file again") from None


def _begins_with_bos(meta: Mapping[str, Any]) -> bool:
    """Does this kind of tokenizer put its first token in front of every text, where the file does not say?"""
    return meta.get("tokenizer.ggml.model") == "llama" or meta.get("tokenizer.ggml.pre") in ("llama-bpe", "llama3")


def _gguf_scaling(get: Callable[..., Any], context: int) -> tuple[tuple[str, Any], ...]:
    """Rotary scaling by the keys ``rope.scaling.*``; YaRN's gain is a factor on the paper's there."""
    kind = get("rope.scaling.type") or "none"
    if kind == "none":
        return ()
    scaling: dict[str, Any] = {"rope_type": kind, "factor": float(get("rope.scaling.factor", 1.0))}
    if kind == "yarn":
        if get("rope.scaling.yarn_log_multiplier"):
            raise ModelError("rotary scaling 'yarn' with a log multiplier is not known; use another model")
        factor = scaling["factor"]
        gain = 0.1 * math.log(factor) + 1.0 if factor > 1 else 1.0
        scaling["attention_factor"] = float(get("rope.scaling.attn_factor", 1.0)) * gain
        scaling["original_max_position_embeddings"] = int(get("rope.scaling.original_context_length", context))
        scaling["beta_fast"] = float(get("rope.scaling.yarn_beta_fast", 32.0))
        scaling["beta_slow"] = float(get("rope.scaling.yarn_beta_slow", 1.0))
    elif kind != "linear":
        raise ModelError(f"unknown rotary scaling {kind!r}; known: none, linear, yarn")
    return checked_scaling(scaling)


def _from_gguf(meta: Mapping[str, Any], tensors: Mapping[str, tuple[int, ...]], arch: str, family: str) -> ModelConfig:
    def get(key: str, default: Any = None) -> Any:
        return meta.get(f"{arch}.{key}", default)

    dim, heads, layers = int(get("embedding_length")), int(get("attention.head_count")), int(get("block_count"))
    head_dim = int(get("attention.key_length") or dim // heads)
    if get("rope.dimension_count", head_dim) != head_dim:
        raise ModelError("rotary positions on a part of the head's width are not known; use another model")
    scaling = _gguf_scaling(get, int(get("context_length")))
    window = get("attention.sliding_window")
    window_layers: tuple[int, ...] = ()
    if family == "gemma3" and window:
        window_layers = tuple(i for i in range(layers) if (i + 1) % 6)
    # every fourth layer of SmolLM3 has no rotary embedding; the file format has no key for it
    plain = tuple(range(3, layers, 4)) if family == "smollm3" else ()
    eos = meta.get("tokenizer.ggml.eos_token_id")
    return ModelConfig(
        family=family,
        vocab=int(tensors["token_embd.weight"][0]),
        dim=dim,
        layers=layers,
        heads=heads,
        kv_heads=int(get("attention.head_count_kv") or heads),
        head_dim=head_dim,
        ffn=int(get("feed_forward_length")),
        context=_stretched(int(get("context_length")), scaling),
        norm_eps=float(get("attention.layer_norm_rms_epsilon")),
        tied="output.weight" not in tensors,
        theta=float(get("rope.freq_base", 1e6 if family == "gemma3" else 10000.0)),
        local_theta=10000.0 if family == "gemma3" else None,
        rope_scaling=scaling,
        activation="gelu" if family == "gemma3" else "silu",
        qk_norm=family in ("qwen3", "gemma3"),
        post_norms=family == "gemma3",
        embed_scale=math.sqrt(dim) if family == "gemma3" else 1.0,
        # the file has no key for it: the largest Gemma 3 (62 layers) scales by the width per head, not the head's
        query_scale=(dim / heads) ** -0.5 if family == "gemma3" and layers == 62 else None,
        window=int(window) if window_layers else None,
        window_layers=window_layers,
        plain_layers=plain,
        bos=meta.get("tokenizer.ggml.bos_token_id"),
        eos=() if eos is None else (int(eos),),
        add_bos=bool(meta.get("tokenizer.ggml.add_bos_token", _begins_with_bos(meta))),
        chat_template=meta.get("tokenizer.chat_template"),
        name=str(meta.get("general.name") or ""),
    )
