"""Versions of the run-time configuration."""
