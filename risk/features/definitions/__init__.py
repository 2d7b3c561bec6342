"""Definitions: features that are declared (an aggregate over the events that share a key), and their state.

Pure. Imports ``risk.domain`` and what lies beside it in ``risk.features``.
"""
