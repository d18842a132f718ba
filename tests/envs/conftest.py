"""Makes this folder importable, so that its tests share `tabletops`."""
