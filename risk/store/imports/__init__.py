"""Imports of history: started, queued in chunks, loaded, undone."""
