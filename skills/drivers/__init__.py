"""Bundled robot drivers; each imports its vendor kit late."""
