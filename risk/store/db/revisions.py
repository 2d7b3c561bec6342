"""The revision of rules and lists: a counter that rises with every change."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.store.db.tables import rules_revision


def revision(connection: Connection) -> int:
    """A number that rises with every change of a rule or a list."""
    return connection.scalar(select(rules_revision.c.revision)) or 0


def touch(connection: Connection) -> int:
    """Increment the revision before a change, and return it; writers queue here."""
    raised: int = connection.execute(
        upsert(rules_revision)
        .values(id=1, revision=1)
        .on_conflict_do_update(index_elements=[rules_revision.c.id], set_={"revision": rules_revision.c.revision + 1})
        .returning(rules_revision.c.revision)
    ).scalar_one()
    return raised
