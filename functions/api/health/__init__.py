"""Health of the system."""
