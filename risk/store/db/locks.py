"""Advisory locks at which writers queue. A table lock would need the right to change or delete its rows."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, text


class Hold(IntEnum):
    """Resources changed by one transaction at a time."""

    CONFIGURATION = 7_215_010
    MODEL_STAGE = 7_215_011
    WEBHOOKS = 7_215_012


def hold(connection: Connection, what: Hold) -> None:
    """Lock ``what`` until this transaction ends, waiting for others."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": int(what)})
