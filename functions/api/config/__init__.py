"""Thresholds and alert policy, in versions."""
