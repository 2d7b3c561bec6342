"""Measurements of the engine and of detection, each against a baseline in the same run."""
