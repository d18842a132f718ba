"""Special tokens in text that goes to a server: spelled so that no tokenizer reads them as such.

Here (``TextTokenizer.encode(special=False)``) they are encoded as the characters they are. A server is sent text,
and most servers read special tokens in it; so the spelling is broken by a space, for every family's markup.
"""

from __future__ import annotations

import re

_MARKUP = re.compile(
    r"<(?=\|)|(?<=\|)>"  # <|im_end|>, <|eot_id|>, ...
    r"|<(?=/?(?:s|bos|eos|pad|unk|mask|think|tool_call|start_of_turn|end_of_turn|end_of_utterance)>)"
    r"|<(?=｜)|\[(?=/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])"
)


def without_markup(text: str) -> str:
    """``text`` with a space inside everything that a model family may read as a special token."""
    return _MARKUP.sub(lambda m: " >" if m[0] == ">" else m[0] + " ", text)
