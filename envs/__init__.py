"""Scenes and tasks: what is asked, where, and the judge that reads ground truth. Knows no language model."""
