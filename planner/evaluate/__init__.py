"""Measuring planners: suites, baselines, intervals, blame, reports and exports."""
