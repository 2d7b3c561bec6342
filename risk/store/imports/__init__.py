"""Imports of history: begun, put up in chunks, loaded, taken back."""
