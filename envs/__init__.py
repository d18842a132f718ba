"""Scenes and tasks: what is asked, where, and the judge that reads ground truth. Knows no language model."""

from envs.registry import register_when_wanted

register_when_wanted()
