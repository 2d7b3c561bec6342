"""The registry of event types."""
