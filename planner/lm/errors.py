"""The one exception of the engine."""

from __future__ import annotations


class ModelError(RuntimeError):
    """A model cannot be had or used as asked: broken file, unknown architecture, prompt too long.

    The message names the thing and says what to do; the command line prints it as it is.
    """
