"""Postgres: one module of queries per aggregate, and ``db`` for the schema. Transactions belong to the caller.

May import every pure package; never ``risk.adapters``.
"""
