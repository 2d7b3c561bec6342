"""Batches split by key over several processes: wire format, stages of one partition, and the graph between them.

``splitting`` runs in the first process, which has the sources and the outbox; ``partition`` runs in every process.
"""
