"""``groundplan model``: fetch the weights ahead of time, or say what a model is."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("model", help="fetch the language model's weights, or describe them")
    parser.add_argument(
        "what", choices=("fetch", "info"), help="fetch: get and verify; info: also describe the network"
    )
    parser.add_argument(
        "--model", default="default", metavar="MODEL", help="default, a GGUF file, a folder or a hub name"
    )
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Fetch or describe; both verify."""
    from planner.lm.weights import find_model

    file = find_model(args.model, progress=not (args.json or args.quiet) and sys.stderr.isatty())
    facts: dict[str, Any] = {"model": file.name, "path": str(file.path)}
    if args.what == "info":
        facts |= _describe(file.path)
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
        return exits.REACHED
    console = options.console_of(args)
    for key, value in facts.items():
        console.print(f"[bold]{key:<12}[/bold] {value}", soft_wrap=True)
    return exits.REACHED


def _describe(path: Any) -> dict[str, Any]:
    from planner.identity import model_digest
    from planner.lm.checkpoint import open_source

    config = open_source(path).config
    return {
        "sha256": model_digest(path),
        "family": config.family,
        "layers": config.layers,
        "width": config.dim,
        "heads": f"{config.heads} ({config.kv_heads} for keys and values)",
        "vocabulary": config.vocab,
        "context": f"{config.context} tokens",
    }
