"""Delivers webhook messages from the database to external receivers."""
