"""Alerts, their workflow, timeline and statistics; webhooks and their deliveries."""
