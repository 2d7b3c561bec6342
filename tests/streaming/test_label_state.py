"""Whatever is said of an event in whatever order, everybody who asks afterwards hears the label that counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk.domain.event_ids import EventId
from risk.domain.events import Event, Label, to_json
from risk.domain.label_precedence import Said, counting_label
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.observation import Learned, Observation, Outcome
from risk.store.assessments import labels
from risk.store.explanations import context
from streaming.engine.sources.label_changes import said_of
from streaming.engine.stages.profile_features import learned
from streaming.training.labelled_examples import from_database, from_records
from tests.services import Services
from tests.streaming.outbox import Storing, storing

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
DAY_AGO = datetime.now(UTC).replace(microsecond=0) - 24 * HOUR
SAID = st.tuples(
    st.integers(0, 2),  # of which event
    st.booleans(),  # whether a fraud
    st.integers(4, 6),  # known so many hours after the first event
    st.sampled_from(["bank", "desk"]),
    st.booleans(),  # whether it is withdrawn
)


@dataclass
class Everything:
    """A store that goes on from example to example, and how many frauds it must hold."""

    store: Storing
    frauds: int = 0
    labelled: int = 0


@pytest.fixture(scope="module")
def world(services: Services) -> Iterator[Everything]:
    with storing(services) as store:
        yield Everything(store)


def payment(account: str, hours: int) -> Event:
    return Event.model_validate(
        {
            "event_id": str(uuid4()),
            "event_type": "payment",
            "occurred_at": DAY_AGO + hours * HOUR,
            "account_id": account,
            "counterparty_id": "shop",
            "amount": "10.5",
            "currency": "EUR",
        }
    )


def label(event: Event, fraud: bool, hours: int, source: str, withdrawn: bool) -> Label:
    at = DAY_AGO + hours * HOUR
    taken_back = {"withdrawn": True} if withdrawn else {}
    return Label(kind="label", event_id=event.event_id, fraud=fraud, known_at=at, source=source, **taken_back)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=st.lists(SAID, max_size=10), reads=st.integers(1, 4))
def test_profiles_training_quality_explanations_and_desk_agree_after_any_labels_corrections_and_withdrawals(
    world: Everything, said: list[tuple[int, bool, int, str, bool]], reads: int
) -> None:
    account = f"account-{uuid4()}"
    made = [payment(account, hours) for hours in range(3)]
    explained = payment(account, 20)
    given_labels = [label(made[of], fraud, hours, source, withdrawn) for of, fraud, hours, source, withdrawn in said]
    items: list[Any] = []

    def keep(item: Any) -> Any:
        items.append(item)
        return item

    world.store.store([to_json(event) for event in [*made, explained]])
    for start in range(0, len(given_labels), reads):
        world.store.store([to_json(one) for one in given_labels[start : start + reads]], change=keep)

    counting = {
        event.event_id.key: counting_label(said_of(one) for one in given_labels if one.event_id == event.event_id)
        for event in made
    }
    wanted = {key: one.fraud for key, one in counting.items() if one is not None}
    assert {key: found for key, found in desk(world.store, made).items() if found is not None} == wanted
    assert explanations(world.store, explained) == (len(wanted), sum(wanted.values()))
    assert profile(made, [change for item in items if (change := learned(item)) is not None]) == profile(
        made, [alone(event, one) for event in made if (one := counting[event.event_id.key]) is not None]
    )
    training = from_records([*made, explained, *given_labels])
    assert int(training.fraud.sum()) == sum(wanted.values())

    world.frauds += sum(wanted.values())
    world.labelled += len(wanted)
    if world.labelled:
        assert int(from_database(world.store.engine).fraud.sum()) == world.frauds
    assert quality(world.store) == (world.labelled, world.frauds)


def desk(store: Storing, made: list[Event]) -> dict[UUID, bool | None]:
    """What the desk shows first of an event, which is what it calls the truth of several."""
    with store.engine.connect() as connection:
        shown = {one.event_id.key: labels.of_event(connection, EventId.of(one.event_id.text)) for one in made}
        first = {key: found[0].fraud if found else None for key, found in shown.items()}
        assert labels.of_events(connection, list(first)) == {key: one for key, one in first.items() if one is not None}
    return first


def explanations(store: Storing, explained: Event) -> tuple[int, int]:
    """How many events of the account's past an explanation of a later one calls labelled, and frauds."""
    with store.engine.connect() as connection:
        past = context.of_event(connection, explained.event_id).account
    return past.labelled, past.frauds


def profile(made: list[Event], changes: list[Learned]) -> bytes:
    account = AccountProfile()
    for event in made:
        account.observe(Observation.of(event))
    for change in changes:
        account.learn(change)
    return account.dump()


def alone(event: Event, counting: Said) -> Learned:
    outcome = Outcome(int(counting.known_at.timestamp()), counting.fraud)
    return Learned(event.account_id, event.counterparty_id, int(event.occurred_at.timestamp()), outcome)


def quality(store: Storing) -> tuple[int, int]:
    """How many labelled events quality knows, and how many of them are frauds."""
    now = datetime.now(UTC)
    with store.engine.connect() as connection:
        counts = labels._judged_counts(connection, DAY_AGO - HOUR, now, now)
    labelled = [one for one in counts if one.fraud is not None]
    return sum(one.events for one in labelled), sum(one.events for one in labelled if one.fraud)
