"""The long-lived engine: sources, the Pathway graph with its stages, and the sink.

``main`` starts it, ``graph`` puts the stages together, ``policy`` holds what batches are scored by.
"""
