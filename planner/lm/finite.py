"""What a request to our server holds an answer to, as the list of texts it may be.

``guided_choice``, ``structured_outputs: {choice}``, ``grammar`` with alternatives of literals, and JSON schemas whose
values are finite (``enum``, ``const``, booleans, null, objects of these). Anything else is refused with a sentence:
a constraint that is silently ignored would be worse.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

MOST = 20_000
_ONLY = 'a grammar may hold alternatives of literals only: root ::= "one text" | "another"'
_LITERAL = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*')
_KEYS = {"type", "properties", "required", "additionalProperties", "enum", "const", "title", "description", "$schema"}


class NotFinite(ValueError):
    """The constraint is malformed, or allows more than a list of texts; the message says what is known."""


def allowed_texts(body: dict[str, Any]) -> list[str] | None:
    """The texts that the answer must be one of, in order and without repetition; None: anything."""
    found = [(key, body[key]) for key in _READERS if body.get(key) is not None]
    found = [(k, v) for k, v in found if not (k == "response_format" and _type_of(v) == "text")]
    if len(found) > 1:
        raise NotFinite(f"one constraint at a time, not {' and '.join(k for k, _ in found)}")
    if not found:
        return None
    key, value = found[0]
    texts = list(dict.fromkeys(_READERS[key](value)))
    if not texts or len(texts) > MOST or not all(texts):
        raise NotFinite(f"{key!r} allows {len(texts)} texts; 1 to {MOST} are possible, none of them empty")
    return texts


def _type_of(value: object) -> object:
    return value.get("type") if isinstance(value, dict) else None


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise NotFinite("a choice must be a list of texts")
    return value


def _structured(value: object) -> list[str]:
    if isinstance(value, dict) and len(value) == 1:
        kind, inner = next(iter(value.items()))
        readers = {"choice": _texts, "grammar": _grammar, "json": _json_texts}
        if kind in readers:
            return readers[kind](inner)
    raise NotFinite("'structured_outputs' must hold one of choice, grammar, json")


def _grammar(value: object) -> list[str]:
    """``root ::= "a" | "b"``: alternatives of literals only."""
    head = re.match(r"\s*root\s*::=", value) if isinstance(value, str) else None
    if head is None or not isinstance(value, str):
        raise NotFinite(_ONLY)
    texts: list[str] = []
    at = head.end()
    while True:
        literal = _LITERAL.match(value, at)
        if literal is None:
            raise NotFinite(_ONLY)
        try:
            texts.append(json.loads(literal[1]))
        except ValueError:
            raise NotFinite(_ONLY) from None
        at = literal.end()
        if at == len(value):
            return texts
        if value[at] != "|":
            raise NotFinite(_ONLY)
        at += 1


def _response_format(value: object) -> list[str]:
    inner = value.get("json_schema") if isinstance(value, dict) and value.get("type") == "json_schema" else None
    if not isinstance(inner, dict):
        raise NotFinite("'response_format' must be of type text, or json_schema with a schema")
    return _json_texts(inner.get("schema"))


def _json_texts(schema: object) -> list[str]:
    if isinstance(schema, str):  # some clients send the schema as text
        schema = json.loads(schema)
    return [json.dumps(value, ensure_ascii=False) for value in _values(schema, 0)]


def _values(schema: object, depth: int) -> list[Any]:
    """All values that a schema allows."""
    if not isinstance(schema, dict) or depth > 8:
        raise NotFinite("a JSON schema must be an object, at most eight levels deep")
    if unknown := schema.keys() - _KEYS:
        raise NotFinite(f"the schema holds {', '.join(sorted(unknown))}; known: {', '.join(sorted(_KEYS))}")
    if "const" in schema:
        return [schema["const"]]
    if isinstance(schema.get("enum"), list):
        return list(schema["enum"])
    kind = schema.get("type")
    if kind == "boolean":
        return [True, False]
    if kind == "null":
        return [None]
    if kind == "object":
        return _objects(schema, depth)
    raise NotFinite(f"values of type {kind!r} have no list; known: enum, const, boolean, null, object of these")


def _objects(schema: dict[str, Any], depth: int) -> list[Any]:
    properties = schema.get("properties") or {}
    required = schema.get("required") or []
    if not isinstance(properties, dict) or set(_texts(required)) != set(properties):
        raise NotFinite("every property of an object must be required, and no other")
    lists = [_values(inner, depth + 1) for inner in properties.values()]
    count = 1
    for values in lists:
        count *= len(values)
    if count > MOST:
        raise NotFinite(f"the schema allows {count} objects; at most {MOST} are possible")
    return [dict(zip(properties, row, strict=True)) for row in itertools.product(*lists)]


def with_ends(texts: Sequence[str]) -> list[str]:
    """``texts``, with a line end behind each if one of them is the beginning of another: then each has its own end."""
    ordered = sorted(texts)
    open_ended = any(b.startswith(a) for a, b in itertools.pairwise(ordered))
    return [t + "\n" for t in texts] if open_ended else list(texts)


_READERS = {
    "guided_choice": _texts,
    "structured_outputs": _structured,
    "grammar": _grammar,
    "guided_grammar": _grammar,
    "json_schema": _json_texts,
    "guided_json": _json_texts,
    "response_format": _response_format,
}
