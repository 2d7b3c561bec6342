"""Lists of accounts, counterparties, devices, IP ranges and countries, queried by rules with ``in_list``.

A list does nothing by itself: what being on it means is said by a rule. ``purpose`` tells people what
it is for. Whether an entry has expired is judged by the time of the event, so that the same event is
judged the same whenever it is scored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from risk.domain import field_rules
from risk.domain.errors import InvalidInput

MAX_VALUE = field_rules.ID_LENGTH
_MAPPED_PREFIX = 96
"""Bits before the IPv4 address in ``::ffff:1.2.3.4``."""
LIST_NAME = re.compile(r"[a-z][a-z0-9_]{2,47}")


class ListPurpose(StrEnum):
    """What a list is for."""

    ALLOW = "allow"
    DENY = "deny"
    WATCH = "watch"


class ListSubject(StrEnum):
    """What the entries of a list are."""

    ACCOUNT = "account"
    COUNTERPARTY = "counterparty"
    DEVICE = "device"
    IP = "ip"
    COUNTRY = "country"


FIELDS = {
    ListSubject.ACCOUNT: "account_id",
    ListSubject.COUNTERPARTY: "counterparty_id",
    ListSubject.DEVICE: "device_id",
    ListSubject.IP: "ip",
    ListSubject.COUNTRY: "country",
}
"""The field of an event that can be on a list of each subject."""


class ListEntry(NamedTuple):
    """One thing on a list, as the engine needs it; ``expires_at`` bounds the events it holds for."""

    list_name: str
    subject: ListSubject
    value: str
    expires_at: datetime | None


def checked_value(subject: ListSubject, value: str) -> str:
    """``value`` in the one way it is written on a list of ``subject``; ``InvalidInput`` if it is none."""
    try:
        if subject is ListSubject.IP:
            return str(_network(value.strip()))
        if subject is ListSubject.COUNTRY:
            return _country(value)
        return field_rules.identifier(value)
    except PydanticCustomError as error:
        came = (error.context or {}).get("came", error.message())
        raise InvalidInput(f"an entry has 1 to {MAX_VALUE} visible characters; {came}") from error


def _country(value: str) -> str:
    code = value.strip().upper()
    if not field_rules.is_known_country(code):
        raise InvalidInput(f"{field_rules.shown(value)} is not an ISO 3166-1 alpha-2 country code, such as DE")
    return code


def _network(value: str) -> IPv4Network | IPv6Network:
    """The range as events' addresses are written: IPv4 also where it came mapped into IPv6."""
    try:
        found = ip_network(value, strict=True)
    except ValueError as error:
        raise InvalidInput(f"{error}; give an address or a range such as 10.1.0.0/16") from error
    if isinstance(found, IPv4Network):
        return found
    if found.network_address.scope_id is not None:
        raise InvalidInput(f"{field_rules.shown(value)} has a zone, which no event's address has; leave it out")
    mapped = found.network_address.ipv4_mapped
    if mapped is None or found.prefixlen < _MAPPED_PREFIX:
        return found
    return IPv4Network((mapped, found.prefixlen - _MAPPED_PREFIX))


def normal_value(subject: ListSubject, value: str) -> str | None:
    """``value`` as ``checked_value`` writes it; None for what was stored once and can match nothing."""
    try:
        return checked_value(subject, value)
    except InvalidInput:
        return None


@lru_cache(maxsize=8192)
def _address(value: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(field_rules.address(value))
    except (PydanticCustomError, ValueError):
        return None


def _prefix(value: str) -> tuple[tuple[int, int], int]:
    """The version and the bits left open of a range, and its prefix."""
    network = ip_network(value)
    shift = network.max_prefixlen - network.prefixlen
    return (network.version, shift), int(network.network_address) >> shift


class _Ranges:
    """IP ranges by version and length of prefix: as many look-ups as there are lengths, however long the list."""

    def __init__(self) -> None:
        self._by_length: dict[tuple[int, int], dict[int, float]] = {}

    def copy(self) -> _Ranges:
        copied = _Ranges()
        copied._by_length = {length: dict(prefixes) for length, prefixes in self._by_length.items()}
        return copied

    def __bool__(self) -> bool:
        return any(self._by_length.values())

    def __setitem__(self, value: str, until: float) -> None:
        length, prefix = _prefix(value)
        self._by_length.setdefault(length, {})[prefix] = until

    def pop(self, value: str, otherwise: None) -> float | None:
        length, prefix = _prefix(value)
        return self._by_length.get(length, {}).pop(prefix, otherwise)

    def holds(self, value: str, at: float) -> bool:
        address = _address(value)
        if address is None:
            return False
        version, number = address.version, int(address)
        return any(
            at < prefixes.get(number >> shift, -math.inf)
            for (of, shift), prefixes in self._by_length.items()
            if of == version
        )


class Membership:
    """All lists, for looking up. Times are seconds since 1970; a list that is not there holds nothing."""

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        self._values: dict[str, dict[str, float]] = {}
        self._ranges: dict[str, _Ranges] = {}
        self._subjects: dict[str, ListSubject] = {}
        # Lists with entries that were stored before there was a normal form: two of them can mean the same.
        self._odd: set[str] = set()
        for entry in entries:
            self._add(entry)

    def _add(self, entry: ListEntry) -> None:
        value = normal_value(entry.subject, entry.value)
        if value != entry.value:
            self._odd.add(entry.list_name)
        if value is None:
            return
        self._subjects[entry.list_name] = entry.subject
        until = math.inf if entry.expires_at is None else entry.expires_at.timestamp()
        if entry.subject is ListSubject.IP:
            self._ranges.setdefault(entry.list_name, _Ranges())[value] = until
        else:
            self._values.setdefault(entry.list_name, {})[value] = until

    def changed(self, removed: Collection[tuple[str, str]], added: Sequence[ListEntry]) -> Membership | None:
        """These lists without the values ``removed``, by list, and with ``added``; None if that needs all entries.

        Lists that did not change are shared with this one, which stays as it is.
        """
        names = {name for name, _ in removed} | {entry.list_name for entry in added}
        new = Membership(())
        new._subjects, new._odd = dict(self._subjects), set(self._odd)
        new._values = {name: dict(kept) if name in names else kept for name, kept in self._values.items()}
        new._ranges = {name: kept.copy() if name in names else kept for name, kept in self._ranges.items()}
        for name, value in removed:
            kept = new._values.get(name) or new._ranges.get(name)
            if kept is None or kept.pop(value, None) is None:
                return None  # its text was erased since, or it came and went before it was read
        for name in names:
            if not new._values.get(name) and not new._ranges.get(name):
                for of_lists in (new._values, new._ranges, new._subjects):
                    of_lists.pop(name, None)
        for entry in added:
            new._add(entry)
        return None if names & new._odd else new

    def holds(self, name: str, value: str, at: float) -> bool:
        """Whether ``value`` is on the list ``name`` for an event at ``at``; an address is when a range has it."""
        ranges = self._ranges.get(name)
        if ranges is not None:
            return ranges.holds(value, at)
        if self._subjects.get(name) is ListSubject.COUNTRY:
            value = value.upper()
        return at < self._values.get(name, {}).get(value, -math.inf)

    def first_with(self, names: Iterable[str], event: Mapping[str, Any], at: float) -> tuple[str, str] | None:
        """The first of the lists ``names`` that ``event`` is on ``at`` then, and by which field."""
        for name in names:
            subject = self._subjects.get(name)
            field = None if subject is None else FIELDS[subject]
            value = None if field is None else event.get(field)
            if field is not None and value and self.holds(name, value, at):
                return name, field
        return None
