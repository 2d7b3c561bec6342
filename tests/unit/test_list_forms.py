"""Entries and events go through one normal form: an entry in any equivalent form holds what it means, and no more."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from unicodedata import normalize

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from risk.domain.errors import InvalidInput
from risk.domain.events import Event
from risk.domain.field_rules import is_known_country
from risk.rules.lists import ListEntry, ListSubject, Membership, checked_value

AT = 1_790_000_000.0
FIELDS = {
    ListSubject.ACCOUNT: "account_id",
    ListSubject.COUNTERPARTY: "counterparty_id",
    ListSubject.DEVICE: "device_id",
}
PADS = st.sampled_from(["", " ", "\t"])
V4 = st.integers(0, 2**32 - 1).map(IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(IPv6Address)


def event(**changes: object) -> Event:
    base = {
        "event_id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "event_type": "payment", "account_id": "ada",
        "occurred_at": "2026-09-21T10:00:00Z", "amount": "10", "currency": "EUR",
    }  # fmt: skip
    return Event.model_validate(base | changes)


def holds(subject: ListSubject, entry: str, seen: str) -> bool:
    """Whether an entry that is written so holds for an event that is sent so, as both are stored."""
    stored = ListEntry("a_list", subject, checked_value(subject, entry), None)
    field = {ListSubject.IP: "ip", ListSubject.COUNTRY: "country"}.get(subject) or FIELDS[subject]
    return Membership([stored]).holds("a_list", str(getattr(event(**{field: seen}), field)), AT)


def v4_forms(address: IPv4Address) -> list[str]:
    mapped = IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    return [str(address), f"::ffff:{address}", str(mapped), mapped.exploded, mapped.exploded.upper()]


def v6_forms(address: IPv6Address) -> list[str]:
    return [str(address), address.exploded, address.exploded.upper()]


@given(V4, PADS)
def test_an_ipv4_address_is_held_in_whatever_form_entry_and_event_come(address: IPv4Address, pad: str) -> None:
    forms = v4_forms(address)
    assert all(holds(ListSubject.IP, f"{pad}{entry}{pad}", seen) for entry in forms for seen in forms)


@given(V6, PADS)
@example(IPv6Address("::1.2.3.4"), "")
@example(IPv6Address("64:ff9b::1.2.3.4"), " ")
def test_an_ipv6_address_is_held_in_whatever_form_entry_and_event_come(address: IPv6Address, pad: str) -> None:
    assume(address.ipv4_mapped is None)
    forms = v6_forms(address)
    assert all(holds(ListSubject.IP, f"{pad}{entry}{pad}", seen) for entry in forms for seen in forms)


@given(V4, st.integers(0, 32), V4)
def test_an_ipv4_range_holds_what_lies_in_it_and_nothing_else_mapped_or_not(
    address: IPv4Address, length: int, other: IPv4Address
) -> None:
    network = IPv4Network((address, length), strict=False)
    entries = [str(network), f"::ffff:{network.network_address}/{96 + length}"]
    for seen in (address, network[0], network[-1], other):
        for entry in entries:
            for form in v4_forms(seen):
                assert holds(ListSubject.IP, entry, form) is (seen in network), (entry, form)


@given(V6, st.integers(0, 128), V6)
def test_an_ipv6_range_holds_what_lies_in_it_and_nothing_else(
    address: IPv6Address, length: int, other: IPv6Address
) -> None:
    network = IPv6Network((address, length), strict=False)
    assume(network.network_address.ipv4_mapped is None and other.ipv4_mapped is None)
    assume(address.ipv4_mapped is None and network[-1].ipv4_mapped is None)
    for seen in (address, network[0], network[-1], other):
        assert all(holds(ListSubject.IP, network.exploded, form) is (seen in network) for form in v6_forms(seen))


@given(V4 | V6, st.integers(1, 127))
def test_a_range_with_bits_beyond_its_prefix_is_refused_with_the_reason(
    address: IPv4Address | IPv6Address, length: int
) -> None:
    assume(length < address.max_prefixlen)
    assume(ip_network(f"{address}/{length}", strict=False).network_address != address)
    with pytest.raises(InvalidInput, match="give an address or a range"):
        checked_value(ListSubject.IP, f"{address}/{length}")


@given(
    st.text(st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=2, max_size=2), st.sampled_from(["", " "])
)
@example("dE", "")
@example("xk", " ")
def test_a_country_is_held_in_whatever_case_or_is_refused(code: str, beside: str) -> None:
    if not is_known_country(code.upper()):
        with pytest.raises(InvalidInput, match="ISO 3166"):
            checked_value(ListSubject.COUNTRY, code)
        return
    entries = [f"{beside}{one}{beside}" for one in (code, code.lower(), code.upper())]
    assert all(holds(ListSubject.COUNTRY, entry, seen) for entry in entries for seen in (code.upper(), code.lower()))


IDS = st.text(
    st.characters(categories=["L", "N", "P", "S", "M"]) | st.sampled_from("aé@.+-_:/ ﬁＡßıİ\u00e5\u212b\u1e69"),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize("subject", FIELDS)
@given(wanted=IDS, pad=st.sampled_from(["", " ", "\t", "  "]))
@example(wanted="Ada.Lovelace+shop@Example.COM", pad=" ")
@example(wanted="cafe\u0301", pad="")
@example(wanted="\u212bngstro\u0308m", pad="")
@example(wanted="4613314721966000001", pad=" ")
@example(wanted="AA:bb:CC:dd", pad="")
def test_an_id_is_held_in_whatever_form_both_accept(subject: ListSubject, wanted: str, pad: str) -> None:
    forms = {wanted, normalize("NFC", wanted), normalize("NFD", wanted)}
    entries = [f"{pad}{one}{pad}" for one in forms]
    for entry in entries:
        for seen in entries:
            try:
                stored = str(getattr(event(**{FIELDS[subject]: seen}), FIELDS[subject]))
            except ValueError:
                with pytest.raises(InvalidInput):  # what no event can carry is on no list either
                    checked_value(subject, seen)
                continue
            same = checked_value(subject, seen)
            assert stored == same, "an event and an entry that are written alike are stored alike"
            try:
                assert holds(subject, entry, seen), (entry, seen)
            except InvalidInput:
                continue


@given(IDS, IDS)
def test_an_id_holds_no_other(one: str, other: str) -> None:
    try:
        first, second = (checked_value(ListSubject.ACCOUNT, each) for each in (one, other))
    except InvalidInput:
        assume(False)
    assert holds(ListSubject.ACCOUNT, one, other) is (first == second)


@given(st.text(max_size=20))
@example("1.2.3")
@example("fe80::1%eth0")
@example("1.2.3.4/33")
@example("01.2.3.4")
@example("1.2.3.4:80")
def test_what_is_no_address_is_refused_and_never_kept(text: str) -> None:
    try:
        stored = checked_value(ListSubject.IP, text)
    except InvalidInput:
        return
    assert str(ip_network(stored)) == stored
    assert Membership([ListEntry("a_list", ListSubject.IP, stored, None)]).holds(
        "a_list", str(ip_address(ip_network(stored)[0])), AT
    )
