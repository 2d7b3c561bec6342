"""Rules, lists and users by any part of their names, typo-tolerant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, Select, select

from risk.store.db.tables import lists, rules, users
from risk.store.search.hits import Hit, HitKind, match_of

_MOST_NAMES = 5_000
_CLOSE = 0.75


def find_rules(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """Rules by name."""
    return _named(connection, HitKind.RULE, select(rules.c.id, rules.c.name), wanted, most)


def find_lists(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """Lists by name."""
    c = lists.c
    return _named(connection, HitKind.LIST, select(c.name.label("id"), c.name, c.description), wanted, most)


def find_users(connection: Connection, wanted: str, *, most: int) -> list[Hit]:
    """People by e-mail address."""
    c = users.c
    return _named(connection, HitKind.USER, select(c.id, c.email.label("name"), c.role), wanted, most)


def _named(connection: Connection, kind: HitKind, query: Select[Any], wanted: str, most: int) -> list[Hit]:
    rows = connection.execute(query.limit(_MOST_NAMES)).all()
    by_name = {row.name.lower(): row for row in rows}
    folded = wanted.lower()
    holding = sorted((name for name in by_name if folded in name), key=lambda name: (not name.startswith(folded), name))
    found = holding or _close(by_name, folded, most)
    return [
        Hit(
            kind=kind,
            id=str(by_name[name].id),
            name=by_name[name].name,
            detail=by_name[name][2] if len(by_name[name]) > 2 else None,
            match=match_of(by_name[name].name, wanted),
        )
        for name in found[:most]
    ]


def _close(names: Iterable[str], wanted: str, most: int) -> list[str]:
    """Names that are similar to ``wanted``, or contain a similar word."""
    words: dict[str, list[str]] = {}
    for name in names:
        for word in {name, *name.replace("_", " ").replace("@", " ").split()}:
            words.setdefault(word, []).append(name)
    close = get_close_matches(wanted, words, n=most, cutoff=_CLOSE)
    return list(dict.fromkeys(name for word in close for name in sorted(words[word])))
