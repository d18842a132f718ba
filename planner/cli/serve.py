"""``groundplan serve-lm``: our engine as an OpenAI-compatible server on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("serve-lm", help="serve a language model (OpenAI-compatible, loopback)")
    parser.add_argument(
        "--model", default="default", metavar="MODEL", help="default, a GGUF file, a folder or a hub name"
    )
    parser.add_argument(
        "--dtype",
        default="auto",
        help="float32, float16, bfloat16, int8, int4 or auto (default: bfloat16, or float16 where that is faster)",
    )
    parser.add_argument(
        "--draft", default="auto", help="who guesses ahead: auto (default), none, lookup, early, early:LAYERS, model"
    )
    parser.add_argument("--draft-model", metavar="MODEL", help="a smaller model of the same tokenizer to guess with")
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads (default: all)")
    parser.add_argument("--port", type=int, default=8080, metavar="N", help="0: any free one (default: 8080)")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: 127.0.0.1)")
    parser.add_argument(
        "--allow-remote", action="store_true", help="any host: there is no authentication, who gets in may use it"
    )
    parser.add_argument("--queue", type=int, default=16, metavar="N", help="most requests at a time (default: 16)")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: served until interrupted; before the weights are loaded, everything else has been checked."""
    for name, value, low, high in (
        ("--port", args.port, 0, 65535),
        ("--queue", args.queue, 1, 10_000),
        ("--threads", args.threads, 1, 256),
    ):
        if value is not None and not low <= value <= high:
            raise exits.UsageError(f"{name} takes {low} to {high}, not {value}")
    from planner.lm.serve import ModelServer, check_host

    check_host(args.host, args.allow_remote)
    console = options.console_of(args)
    from planner.lm.engine import lasting_dtype, load_language_model

    lm = load_language_model(
        *(args.model, lasting_dtype() if args.dtype == "auto" else args.dtype, args.threads),
        progress=sys.stderr.isatty() and not args.quiet,
        draft=args.draft,
        draft_model=args.draft_model,
    )
    server = ModelServer(lm, args.host, args.port, args.queue, allow_remote=args.allow_remote)
    try:
        if args.json:
            print(json.dumps({"url": server.url, "model": lm.name, "context": lm.context}), flush=True)
        if not args.quiet:
            _tell(console, server.url, lm.name, lm.context)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    if not args.quiet:
        console.print("stopped", markup=False)
    return exits.REACHED


def _tell(console: Any, url: str, name: str, context: int) -> None:
    console.print(f"{name} at {url} ({context} tokens of context); Ctrl-C stops it", markup=False)
    console.print(f'  groundplan plan "put the red block in the blue bowl" --model {url}', markup=False, soft_wrap=True)
    body = '{"prompt": "The robot", "max_tokens": 8, "temperature": 0}'
    line = f"  curl {url}/completions -H 'Content-Type: application/json' -d '{body}'"
    console.print(line, markup=False, soft_wrap=True)
