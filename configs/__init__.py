"""Data only: robots, scenes, tasks, suites, models as small flat YAML files, shipped in the wheel."""
