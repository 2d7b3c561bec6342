"""Postgres: one module of queries per aggregate. Transactions belong to the caller."""
