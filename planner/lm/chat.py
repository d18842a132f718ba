"""Conversations as prompts: the model's own chat template, rendered in a sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.lm.errors import ModelError


def render(template: str | None, messages: Sequence[Mapping[str, str]]) -> str:
    """The prompt that ends where the assistant's answer begins.

    Args:
        template: a Jinja chat template as checkpoints carry it, or None for ChatML.
        messages: ``{"role": ..., "content": ...}``, oldest first.

    Raises:
        ModelError: a message without role or content, or a template that cannot be rendered.
    """
    for message in messages:
        if not isinstance(message.get("role"), str) or not isinstance(message.get("content"), str):
            raise ModelError("every chat message needs a 'role' and a 'content', both text")
    if template is None:
        turns = [f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages]
        return "".join(turns) + "<|im_start|>assistant\n"
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    try:
        return environment.from_string(template).render(
            messages=[dict(m) for m in messages], add_generation_prompt=True, bos_token="", eos_token=""
        )
    except Exception as error:  # a template is foreign code: it may fail in any way
        raise ModelError(f"the model's chat template cannot be rendered ({error}); use plain prompts") from None
