from __future__ import annotations

import pytest

from planner.lm.chat import render
from planner.lm.errors import ModelError

MESSAGES = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}]


def test_chatml_without_a_template():
    assert render(None, MESSAGES) == (
        "<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_template_is_rendered():
    template = (
        "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}>{% endif %}"
    )
    assert render(template, MESSAGES) == "[system] be brief\n[user] hi\n>"


@pytest.mark.parametrize("template", ["{% for %}", "{{ ''.__class__.__mro__ }}", "{{ raise_exception('no') }}"])
def test_broken_and_hostile_templates_are_errors_or_empty(template):
    try:
        out = render(template, MESSAGES)
    except ModelError as error:
        assert "template" in str(error)  # noqa: PT017
    else:
        assert "object" not in out


def test_messages_must_have_role_and_content():
    for bad in ({"role": "user"}, {"content": "x"}, {"role": "user", "content": 3}):
        with pytest.raises(ModelError, match="role"):
            render(None, [bad])
