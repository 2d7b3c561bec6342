"""Entities and list entries, by their beginning, with one mistake, or by a range of addresses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from risk.domain.entities import EntityKind, address_range
from risk.domain.typos import one_mistake_away
from risk.store.search.hits import Hit, HitKind, match_of

# One index look-up per kind; U+10FFFF ends the prefix range.
_PREFIX = text(
    """
    SELECT kinds.kind, found.value FROM unnest(CAST(:kinds AS text[])) WITH ORDINALITY AS kinds (kind, place)
    CROSS JOIN LATERAL (
        SELECT value FROM entities
        WHERE kind = kinds.kind AND lower(value) >= :low AND lower(value) < :high
        ORDER BY lower(value) LIMIT :most
    ) AS found ORDER BY kinds.place
    """
)
_SIMILAR = text(
    """
    SELECT kinds.kind, found.value FROM unnest(CAST(:kinds AS text[])) WITH ORDINALITY AS kinds (kind, place)
    CROSS JOIN LATERAL (
        SELECT value FROM entities
        WHERE kind = kinds.kind AND lower(value) = ANY(CAST(:meant AS text[])) LIMIT :most
    ) AS found ORDER BY kinds.place
    """
)
_ADDRESSES = text(
    "SELECT value FROM entities WHERE address >= CAST(:low AS inet) AND address <= CAST(:high AS inet) "
    "ORDER BY address LIMIT :most"
)
_ENTRIES = text(
    """
    SELECT list_name, value, purpose FROM list_entries JOIN lists ON name = list_name
    WHERE removed_at IS NULL AND lower(value) >= :low AND lower(value) < :high
    ORDER BY lower(value), list_name LIMIT :most
    """
)
_SIMILAR_ENTRIES = text(
    """
    SELECT list_name, value, purpose FROM list_entries JOIN lists ON name = list_name
    WHERE removed_at IS NULL AND lower(value) = ANY(CAST(:meant AS text[])) ORDER BY value, list_name LIMIT :most
    """
)
_LAST = "\U0010ffff"
_KINDS = [kind.value for kind in EntityKind]


def find_entities(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """Entities whose value begins with ``wanted``, at most ``most`` per kind; if none, similar ones."""
    hits = _addresses(connection, wanted, most)
    given = {"kinds": _KINDS, **_range(wanted), "most": most}
    rows = connection.execute(_PREFIX, given).all()
    meant = [] if rows or hits else one_mistake_away(wanted)
    if meant:
        rows = connection.execute(_SIMILAR, {"kinds": _KINDS, "meant": meant, "most": most}).all()
    found = [Hit(kind=HitKind(kind), id=value, name=value, match=match_of(value, wanted)) for kind, value in rows]
    return list(dict.fromkeys([*hits, *found]))


def find_entries(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """List entries whose value begins with ``wanted``; if none, similar ones."""
    rows = connection.execute(_ENTRIES, {**_range(wanted), "most": most}).all()
    meant = [] if rows else one_mistake_away(wanted)
    if meant:
        rows = connection.execute(_SIMILAR_ENTRIES, {"meant": meant, "most": most}).all()
    return [
        Hit(
            kind=HitKind.LIST_ENTRY,
            id=row.list_name,
            name=row.value,
            detail=f"{row.list_name} ({row.purpose})",
            match=match_of(row.value, wanted),
        )
        for row in rows
    ]


def _range(wanted: str) -> dict[str, Any]:
    folded = wanted.lower()
    return {"low": folded, "high": folded + _LAST}


def _addresses(connection: Connection, wanted: str, most: int) -> list[Hit]:
    found = address_range(wanted)
    if found is None or found.prefixlen == found.max_prefixlen:
        return []
    given = {"low": str(found.network_address), "high": str(found.broadcast_address), "most": most}
    inside = connection.scalars(_ADDRESSES, given).all()
    if not inside:
        return []
    whole = Hit(kind=HitKind.IP, id=str(found), name=str(found), detail="range", match=match_of(str(found), wanted))
    return [whole, *(Hit(kind=HitKind.IP, id=one, name=one, match=match_of(str(found), wanted)) for one in inside)]
