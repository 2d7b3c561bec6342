"""Alerts and the actions of analysts."""
