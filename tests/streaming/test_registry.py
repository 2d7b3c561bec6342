"""The registry of event types through the real intake, the database, and what is made anew of what is stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from risk.domain.event_types import AmountFlow, EventType, EventTypes, Family
from risk.features.profiles.account import AccountProfile
from risk.store.engine_state import profiles, unregistered_types
from streaming.engine.recovery import states
from tests.services import Services
from tests.streaming.outbox import storing

pytestmark = pytest.mark.integration
NOW = datetime.now(UTC) - timedelta(hours=1)
LOAD = EventType(family=Family.PAYMENT, noun="card load", amounts=AmountFlow.OUTGOING, required=("amount",))
NESTED = {"form": {"fields": [{"name": "e-mail", "seconds": 2.5}], "locale": "de"}, "tags": ["new"]}


def raw(**fields: Any) -> bytes:
    event = {"event_id": str(uuid4()), "account_id": "ada", "occurred_at": NOW.isoformat(), **fields}
    return json.dumps(event).encode()


def test_what_a_type_was_registered_as_is_stored_and_stays_so_for_whoever_makes_profiles_anew(
    services: Services,
) -> None:
    with storing(services) as found:
        registry = EventTypes({"gift_card.load": LOAD})
        found.intake._event_types = lambda: registry
        found.store([
            raw(event_type="gift_card.load", amount="20", currency="EUR"),
            raw(event_type="refund", amount="500", currency="EUR"),
            raw(event_type="signup", attributes=NESTED),
            raw(event_type="gift_card.load"),
        ])  # fmt: skip
        registry = EventTypes()  # the entry is removed
        found.store([raw(event_type="gift_card.load", amount="900", currency="EUR")] * 2)
        rows = found.rows("SELECT event_type, family, amount_flow FROM assessments ORDER BY sequence")
        assert [tuple(row) for row in rows] == [
            ("gift_card.load", "payment", "outgoing"),
            ("refund", "payment", "incoming"),
            ("signup", "other", "none"),
            ("gift_card.load", "other", "none"),
        ]
        [attributes] = found.rows("SELECT attributes FROM assessments WHERE event_type = 'signup'")
        assert attributes[0] == NESTED
        dead = found.rows("SELECT reason, field FROM dead_letters ORDER BY number")
        assert [tuple(row) for row in dead] == [("invalid", "amount"), ("duplicate", "event_id")]
        with found.engine.connect() as connection:
            [seen] = unregistered_types.page(connection)
            met = profiles.met_after(connection, 0, 100)
            made_anew = states(connection, met)[("account", "ada")]
        assert (seen.event_type, seen.events) == ("gift_card.load", 1)
        # As the engine met them, by the registry that was in force at each of them.
        once = AccountProfile()
        for one in met:
            once.observe(one.observation)
        assert [one.observation.amount_flow for one in met] == ["outgoing", "incoming", "none", "none"]
        assert made_anew == once.dump()
