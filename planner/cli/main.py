"""``groundplan``: reads the arguments, hands over to one command, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from planner.cli import exits

COMMANDS = (
    *("run", "plan", "replay", "evaluate", "compare", "list", "driver", "model", "serve-lm", "bench"),
    *("robot", "report", "export", "train", "data", "weigh"),
)
COLLECTOR = (50_000, 20, 50)  # objects made between two looks for garbage; looks between two longer ones
_FILES = {"list": "listing", "serve-lm": "serve", "robot": "robot_check"}

_ABOUT = """A robot task planner: a small language model proposes, skills ground, physics verifies.

exit codes: 0 goal measured true, 1 not reached, 2 usage, 3 asked or refused, 4 driver trouble"""


class _Parser(argparse.ArgumentParser):
    """Errors in the same form as all others."""

    def error(self, message: str) -> NoReturn:
        raise exits.UsageError(f"{message} (see: {self.prog} --help)")


def parser() -> argparse.ArgumentParser:
    """The whole command line; building it imports nothing heavy."""
    top = _Parser(prog="groundplan", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name in COMMANDS:
        import_module(f"planner.cli.{_FILES.get(name, name)}").add_to(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and never raises for what a person can cause."""
    words = list(sys.argv[1:] if argv is None else argv)
    # torch's threads must not spin at barriers: beside any other busy process that costs a factor of 10 to 40
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # importing torch makes a million objects that stay; looking for garbage among them is an eighth of the start
    gc.set_threshold(*COLLECTOR)
    debug = "--debug" in words
    # a terminated run must stop the robot as a Ctrl-C does
    before = _on_terminate(signal.default_int_handler)
    try:
        args = parser().parse_args(words)
        if args.version:
            return _print_version()
        if args.command is None:
            parser().print_help()
            return exits.USAGE
        return int(args.execute(args))
    except KeyboardInterrupt:
        return _fail("interrupted", exits.NOT_REACHED)
    except BrokenPipeError:  # the reader of our output has gone, for example `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.NOT_REACHED
    except Exception as error:
        if debug:
            raise
        known = exits.explain(error)
        if known is not None:
            return _fail(known[1], known[0])
        what = f"{type(error).__name__}: {exits.one_line(error)}"
        return _fail(f"a fault in the program, {what}; see the whole trace with --debug", exits.NOT_REACHED)
    finally:
        _on_terminate(before)


def _on_terminate(handler: object) -> object:
    try:
        return signal.signal(signal.SIGTERM, handler)  # type: ignore[arg-type]
    except (ValueError, TypeError):  # not the main thread, or the old handler was set outside Python
        return signal.SIG_DFL


def _fail(message: str, code: int) -> int:
    print(f"groundplan: error: {message}", file=sys.stderr)
    return code


def _print_version() -> int:
    from planner.identity import code_identity

    identity = code_identity()
    commit = f" ({identity['commit'][:12]})" if identity["commit"] else ""
    print(f"groundplan {identity['version']}{commit}")
    return exits.REACHED


if __name__ == "__main__":
    sys.exit(main())
