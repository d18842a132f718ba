"""A model's name that is an address: what it may hold, and the remote model behind it.

``http://HOST:PORT/v1`` asks the server which model it serves; ``http://HOST:PORT/v1#NAME`` says which one. A key
comes from the environment (``GROUNDPLAN_API_KEY``) and from nowhere else: addresses go into records.
"""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.lm.api import LanguageModel
    from planner.lm.remote import RemoteLM

KEY = "GROUNDPLAN_API_KEY"


@dataclass(frozen=True)
class Address:
    """``url``: base address without credentials, up to ``/v1``; ``model``: the name after ``#``, or None."""

    url: str
    model: str | None


def is_address(name: str) -> bool:
    """Is this model a server, and not a file, folder or hub name?"""
    return name.lower().startswith(("http://", "https://"))


def parse_address(name: str) -> Address:
    """Read an address; a bare host gets ``/v1``. Raises ValueError, which never repeats credentials."""
    try:
        parts = urllib.parse.urlsplit(name)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host:
        raise ValueError("a model's address reads http://HOST:PORT/v1, with #NAME behind it to choose a model")
    if parts.username is not None or parts.password is not None or parts.query:
        raise ValueError(
            f"the address of {host} holds a key or a query; addresses go into records: "
            f"put the key into the environment as {KEY} and leave the address bare"
        )
    shown = f"[{host}]" if ":" in host else host
    base = f"{parts.scheme.lower()}://{shown}" + (f":{port}" if port else "") + (parts.path.rstrip("/") or "/v1")
    return Address(base, urllib.parse.unquote(parts.fragment) or None)


def open_remote(
    name: str,
    *,
    timeout: float = 60.0,
    retries: int = 2,
    fallback: Callable[[], LanguageModel] | None = None,
) -> RemoteLM:
    """The remote model at an address; nothing is sent yet. ``fallback`` is called when it is first needed."""
    from planner.lm.errors import ModelError
    from planner.lm.remote import RemoteLM

    try:
        address = parse_address(name)
    except ValueError as error:
        raise ModelError(str(error)) from None
    key = os.environ.get(KEY) or None
    return RemoteLM(address.url, address.model, api_key=key, timeout=timeout, retries=retries, fallback=fallback)
