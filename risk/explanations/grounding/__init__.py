"""Checks that sentences state only what the evidence they cite states."""
