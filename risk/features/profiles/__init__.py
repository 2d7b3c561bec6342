"""Profiles: what is remembered of each account and counterparty, and the features computed from it.

Pure. Imports ``risk.domain`` and what lies beside it in ``risk.features``.
"""
