"""Locks that writers queue at. A lock on a table would take the right to change or delete what is in it."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, text


class Hold(IntEnum):
    """What is changed by one transaction at a time."""

    CONFIGURATION = 7_215_010
    MODEL_STAGE = 7_215_011
    WEBHOOKS = 7_215_012


def hold(connection: Connection, what: Hold) -> None:
    """Wait until no other transaction holds ``what``, and keep it until this one ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": int(what)})
