"""The fencing lease: at most one engine writes; one that lost it cannot commit.

A holder's ``epoch`` is checked inside every transaction of the engine; taking over raises the epoch, so
the loser's next commit fails however late it wakes up. The heartbeat is the lease's renewal.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, text, update

from risk.domain.errors import Fenced
from risk.store.db.tables import leases

ENGINE = "engine"


def acquire(connection: Connection, holder: str, seconds: float) -> int | None:
    """Take the lease if it is free or expired; the new epoch, or None while another holds it."""
    epoch: int | None = connection.scalar(
        text(
            """
            INSERT INTO leases AS l (name, epoch, holder, renewed_at, expires_at)
            VALUES (:name, 1, :holder, clock_timestamp(), clock_timestamp() + make_interval(secs => :seconds))
            ON CONFLICT (name) DO UPDATE
            SET epoch = l.epoch + 1, holder = excluded.holder,
                renewed_at = excluded.renewed_at, expires_at = excluded.expires_at
            WHERE l.expires_at < clock_timestamp()
            RETURNING epoch
            """
        ),
        {"name": ENGINE, "holder": holder, "seconds": seconds},
    )
    return epoch


def check(connection: Connection, epoch: int) -> None:
    """Inside a transaction: raise ``Fenced`` unless the lease is still ours, and keep it so until commit."""
    held = connection.scalar(select(leases.c.epoch).where(leases.c.name == ENGINE).with_for_update(read=True))
    if held != epoch:
        raise Fenced(f"the engine's lease is at epoch {held}, this engine's was {epoch}; it stops here")


def renew(connection: Connection, epoch: int, seconds: float) -> None:
    """Renew the lease; ``Fenced`` if it was lost."""
    renewed = connection.execute(
        update(leases)
        .where(leases.c.name == ENGINE, leases.c.epoch == epoch)
        .values(
            renewed_at=func.clock_timestamp(),
            expires_at=func.clock_timestamp() + timedelta(seconds=seconds),
        )
    )
    if renewed.rowcount != 1:
        raise Fenced("another engine has taken the lease; this one stops")


def release(connection: Connection, epoch: int) -> None:
    """Let the next engine start at once."""
    connection.execute(
        update(leases)
        .where(leases.c.name == ENGINE, leases.c.epoch == epoch)
        .values(expires_at=datetime.fromisoformat("1970-01-01T00:00:00+00:00"), renewed_at=func.clock_timestamp())
    )


def engine_is_active(connection: Connection) -> bool:
    """Whether an engine holds the lease now (it expires within seconds of the engine's death)."""
    return bool(connection.scalar(select(leases.c.expires_at > func.clock_timestamp()).where(leases.c.name == ENGINE)))
