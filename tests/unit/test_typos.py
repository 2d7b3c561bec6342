"""What one mistake is, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.domain.entities import EntityKind, normal_value
from risk.domain.errors import InvalidInput
from risk.domain.typos import LONGEST, one_mistake_away


@pytest.mark.parametrize("typed", ["custmer-1", "custoomer-1", "kustomer-1", "customer1", "customre-1", "customer-12"])
def test_a_letter_missing_doubled_wrong_or_swapped_is_one_mistake(typed: str) -> None:
    assert "customer-1" in one_mistake_away(typed)


def test_two_mistakes_are_not_one() -> None:
    assert "customer-1" not in one_mistake_away("kustmer-1")


@given(st.text(alphabet="abcxyz019-", min_size=4, max_size=12), st.data())
def test_a_swap_is_undone(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 2))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert swapped == text or text in one_mistake_away(swapped)


def test_short_and_long_texts_have_no_neighbours_and_the_longest_not_too_many() -> None:
    assert one_mistake_away("abc") == one_mistake_away("a" * (LONGEST + 1)) == []
    assert len(one_mistake_away("a" * LONGEST)) < 4_000


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (EntityKind.IP, "::ffff:10.1.2.3", "10.1.2.3"),
        (EntityKind.IP, "10.1.2.3/32", "10.1.2.3"),
        (EntityKind.IP, "10.1.2.3/24", "10.1.2.0/24"),
        (EntityKind.EMAIL, " Ada@Example.COM", "ada@example.com"),
        (EntityKind.EMAIL_DOMAIN, "@Example.com", "example.com"),
        (EntityKind.ACCOUNT, " ada ", "ada"),
    ],
)
def test_a_value_is_brought_into_the_form_that_events_have(kind: EntityKind, value: str, stored: str) -> None:
    assert normal_value(kind, value) == stored


@pytest.mark.parametrize("value", ["10.0.0.0/8", "::/0", "nothing", "10.1.2.3/33", "fe80::1%eth0"])
def test_a_range_of_everybody_or_no_address_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        normal_value(EntityKind.IP, value)
