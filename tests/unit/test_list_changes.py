"""Lists that are changed entry by entry are what all entries would make of them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from risk.rules.lists import ListEntry, ListSubject, Membership

AT = datetime(2026, 7, 1, tzinfo=UTC)
SUBJECTS = {"accounts": ListSubject.ACCOUNT, "nets": ListSubject.IP, "countries": ListSubject.COUNTRY}
VALUES = {
    "accounts": ["ada", "bob"],
    "nets": ["10.1.0.0/16", "10.1.2.3/32", "2001:db8::/32", "::ffff:10.1.2.3"],
    "countries": ["DE", "de"],
}
ASKED = ["ada", "bob", "10.1.2.3", "10.1.9.9", "2001:db8::1", "DE"]
EXPIRIES = st.sampled_from([None, AT, datetime(2027, 1, 1, tzinfo=UTC)])
CHANGES = st.lists(
    st.sampled_from([(name, value) for name, values in VALUES.items() for value in values]).flatmap(
        lambda of: st.tuples(st.just(of), st.one_of(st.just("remove"), EXPIRIES))
    ),
    max_size=6,
)

Stored = dict[tuple[str, str], ListEntry]


def entry(name: str, value: str, expires_at: datetime | None = None) -> ListEntry:
    return ListEntry(name, SUBJECTS[name], value, expires_at)


def answers(lists: Membership) -> list[bool]:
    return [lists.holds(name, value, AT.timestamp()) for name in SUBJECTS for value in ASKED]


@given(st.lists(CHANGES, max_size=5))
def test_lists_changed_step_by_step_hold_what_all_their_entries_hold(
    steps: list[list[tuple[tuple[str, str], object]]],
) -> None:
    stored: Stored = {}
    lists = Membership(())
    for step in steps:
        before, earlier = answers(lists), lists
        removed: set[tuple[str, str]] = set()
        touched: set[tuple[str, str]] = set()
        for key, change in step:
            if stored.pop(key, None) is not None:
                removed.add(key)
            touched.add(key)
            if change != "remove":
                assert change is None or isinstance(change, datetime)
                stored[key] = entry(*key, change)
        changed = lists.changed(removed, [stored[key] for key in touched if key in stored])
        whole = Membership(stored.values())
        lists = changed or whole
        assert answers(lists) == answers(whole)
        assert answers(earlier) == before, "batches may still be judged by the lists before"


def test_a_change_takes_only_the_list_that_it_changes() -> None:
    lists = Membership([entry("accounts", "ada"), entry("nets", "10.1.0.0/16")])
    changed = lists.changed({("accounts", "ada")}, [entry("accounts", "bob")])
    assert changed is not None
    assert changed._ranges["nets"] is lists._ranges["nets"]
    assert [changed.holds("accounts", name, 0.0) for name in ("ada", "bob")] == [False, True]


def test_a_removal_of_what_is_not_there_needs_all_entries() -> None:
    """Its text was erased in the meantime, or it came and went between two looks."""
    assert Membership([entry("accounts", "ada")]).changed({("accounts", "erased-1")}, []) is None


def test_entries_that_are_written_in_another_way_than_now_need_all_entries() -> None:
    lists = Membership([entry("nets", "::ffff:10.1.2.3"), entry("nets", "10.1.2.3/32")])
    assert lists.changed({("nets", "10.1.2.3/32")}, []) is None
