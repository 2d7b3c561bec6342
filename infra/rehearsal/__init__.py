"""Rehearsals of what goes wrong: hostile records, killed processes, services that are away, a restore.

They run real parts (Postgres, Valkey, the Kinesis API, the engine) and end with a verdict. May import everything.
"""
