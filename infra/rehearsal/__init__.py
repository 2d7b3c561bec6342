"""Failure rehearsals: hostile records, killed processes, unavailable services, a restore.

They run real services (Postgres, Valkey, the Kinesis API, the engine) and end with a verdict. May import everything.
"""
