"""Queries over assessments and labels: by id, history, overview, connections, threshold previews."""
