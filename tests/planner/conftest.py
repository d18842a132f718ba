"""Makes this folder importable, so that its tests and those of its subfolders share `stories`."""
