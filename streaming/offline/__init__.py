"""The engine's graph over files, with no stream and no database."""
