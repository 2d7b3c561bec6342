"""The registry of event types: which words are accepted, and how a type is understood by the engine."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from infra.cli import app
from risk.domain.errors import InvalidInput
from risk.domain.event_types import SHIPPED_TYPES, AmountFlow, EventType, EventTypes, Family
from risk.domain.events import parse_record
from risk.features.catalog import INDEX
from risk.features.event_values import text_reader
from risk.features.lazy_parts import Parts
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.observation import Observation
from risk.features.profiles.velocity import TYPES, observe_velocity
from risk.reason_text.formatting import article, many_of
from streaming.engine.sources.admission import InFlight, Intake, RawRecord
from streaming.engine.sources.kept_profiles import ProfileCache
from streaming.engine.stages.batch import Item, ItemKind
from streaming.offline.offline_graph import Nothing

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def raw(**changes: Any) -> bytes:
    fields = {
        "event_id": str(uuid4()), "event_type": "payment", "occurred_at": "2026-06-01T11:59:00Z", "account_id": "ada",
        "amount": "40", "currency": "EUR",
    }  # fmt: skip
    return json.dumps({key: value for key, value in (fields | changes).items() if value is not None}).encode()


def admit(types: EventTypes, *records: bytes) -> list[Item]:
    intake = Intake(Nothing(), ProfileCache(), InFlight(), lambda: NOW, event_types=lambda: types)
    return intake.admit("test", [RawRecord(str(place), NOW, data) for place, data in enumerate(records)])


@pytest.mark.parametrize("word", ["payment", "gift_card.load", "a", "kyc.check_2.passed", "x1", "a" * 64])
def test_any_lower_snake_dotted_word_is_an_event_type(word: str) -> None:
    assert parse_record(raw(event_type=word), NOW).event_type == word  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "word",
    ["", "Payment", "CASH_OUT", "gift card", "1st", "_x", "x_", "a..b", ".a", "a.", "a-b", "é", "a" * 65, 7, ["a"]],
)
def test_another_word_is_refused_in_one_sentence(word: object) -> None:
    with pytest.raises(InvalidInput, match=r"^event_type must be a word of lower-case letters.*; it was") as refused:
        parse_record(raw(event_type=word), NOW)
    assert refused.value.field == "event_type"


@pytest.mark.parametrize(
    ("name", "family", "amounts"),
    [
        ("refund", Family.PAYMENT, AmountFlow.INCOMING),
        ("reversal", Family.PAYMENT, AmountFlow.INCOMING),
        ("deposit", Family.PAYMENT, AmountFlow.INCOMING),
        ("chargeback", Family.PAYMENT, AmountFlow.INCOMING),
        ("transfer", Family.PAYMENT, AmountFlow.OUTGOING),
        ("withdrawal", Family.PAYMENT, AmountFlow.OUTGOING),
        ("signup", Family.OTHER, AmountFlow.NONE),
        ("metric", Family.METRIC, AmountFlow.NONE),
        ("never.heard_of", Family.OTHER, AmountFlow.NONE),
    ],
)
def test_shipped_types_have_a_family_and_a_flow(name: str, family: Family, amounts: AmountFlow) -> None:
    found = SHIPPED_TYPES.find(name)
    assert (found.family, found.amounts) == (family, amounts)


def test_an_own_entry_goes_before_the_shipped_one() -> None:
    own = EventType(family=Family.PAYMENT, noun="card load", amounts=AmountFlow.OUTGOING)
    types = EventTypes({"gift_card.load": own, "login": own})
    assert types.find("gift_card.load") is types.find("login") is own
    assert types.find("payment") is SHIPPED_TYPES.find("payment")


@pytest.mark.parametrize(
    "entry",
    [
        {"family": "money", "noun": "x"},
        {"family": "other", "noun": ""},
        {"family": "other", "noun": "a <b>"},
        {"family": "other", "noun": "x", "required": ["account"]},
        {"family": "other", "noun": "x", "required": ["attributes.a b"]},
        {"family": "other", "noun": "x", "amounts": "sideways"},
        {"family": "other", "noun": "x", "colour": "red"},
    ],
)
def test_an_entry_that_means_nothing_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EventType.model_validate(entry)


def test_the_engine_understands_an_event_by_the_registry_in_force() -> None:
    own = EventType(family=Family.PAYMENT, noun="card load", amounts=AmountFlow.OUTGOING)
    [loaded, unknown, refund] = admit(
        EventTypes({"gift_card.load": own}),
        raw(event_type="gift_card.load"), raw(event_type="coffee.break"), raw(event_type="refund"),
    )  # fmt: skip
    assert loaded.observation[-3:] == ("payment", "outgoing", "card load")
    assert (loaded.data["family"], loaded.data["amount_flow"]) == ("payment", "outgoing")
    assert "unregistered" not in loaded.data
    assert unknown.observation[-3:] == ("other", "none", "event")
    assert unknown.data["unregistered"] is True
    assert refund.observation[-3:] == ("payment", "incoming", "refund")


def test_an_event_without_what_its_type_requires_is_a_dead_letter_that_names_the_field() -> None:
    kind = EventType(family=Family.PAYMENT, noun="load", required=("currency", "attributes.card"))
    types = EventTypes({"load": kind})
    whole, bare, nested = admit(
        types,
        raw(event_type="load", attributes={"card": "t"}),
        raw(event_type="load", currency=None),
        raw(event_type="load"),
    )
    assert whole.kind is ItemKind.EVENT
    assert (bare.kind, bare.data["field"]) == (ItemKind.DEAD, "currency")
    assert bare.data["detail"] == "currency must be given, since events of type load require it; it is missing"
    assert (nested.kind, nested.data["field"]) == (ItemKind.DEAD, "attributes.card")


def test_a_refund_leaves_what_an_account_usually_pays_as_it_was() -> None:
    at, ratio = 1_780_000_000, INDEX["amount_to_mean_30d"]
    profile = AccountProfile()
    paid = Observation("payment", at, "ada", None, 20.0, "EUR", None, None)
    for day in range(10):
        profile.observe(paid._replace(at=at + day * 86_400))
    back = paid._replace(event_type="refund", amount=2_000.0, amount_flow="incoming", at=at + 10 * 86_400)
    assert math.isnan(profile.observe(back)[ratio])  # nothing came in before
    assert profile.observe(back._replace(at=at + 11 * 86_400))[ratio] == 1.0
    assert profile.observe(paid._replace(at=at + 12 * 86_400))[ratio] == 1.0  # and not 20 over 380


def test_an_amount_that_does_not_move_is_compared_with_nothing() -> None:
    profile = AccountProfile()
    quote = Observation("quote", 1_780_000_000, "ada", None, 20.0, "EUR", None, None, "other", "none")
    for _ in range(3):
        found = profile.observe(quote)
    assert found[INDEX["amount"]] == 20.0
    assert math.isnan(found[INDEX["amount_to_mean_30d"]])


def test_made_up_types_do_not_grow_a_profile_without_end() -> None:
    profile = AccountProfile()
    for number in range(1_000):
        profile.observe(Observation(f"type_{number}", 1_780_000_000 + number, "ada", None, None, None, None, None))
    assert len(profile.dump()) < 4_000


def test_the_types_that_an_account_used_last_are_the_ones_counted() -> None:
    velocity: Parts = {}
    for number in range(TYPES - 1):
        observe_velocity(velocity, f"type_{number}", 1_780_000_000)
        observe_velocity(velocity, "payment", 1_780_000_000)
    observe_velocity(velocity, "another", 1_780_000_000)
    assert observe_velocity(velocity, "payment", 1_780_000_060)[0] == TYPES - 1
    assert len(velocity) == TYPES


def test_rules_and_definitions_read_family_and_flow_even_of_an_event_no_engine_has_seen() -> None:
    assert text_reader("family")({"event_type": "refund"}) == "payment"
    assert text_reader("amount_flow")({"event_type": "refund"}) == "incoming"
    assert text_reader("family")({"event_type": "refund", "family": "other"}) == "other"


def test_nouns_have_articles_and_plurals() -> None:
    assert [many_of(noun) for noun in ("payment", "entry", "purchase", "key", "pass")] == [
        "payments", "entries", "purchases", "keys", "passes",
    ]  # fmt: skip
    assert (article("invoice"), article("payment")) == ("an", "a")


def test_a_file_of_entries_is_checked_by_a_command(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("gift_card.load: {family: payment, noun: gift card load, amounts: outgoing, required: [amount]}\n")
    bad.write_text("Gift: {family: payment, noun: x}\n")
    assert "1 event types, all valid" in CliRunner().invoke(app, ["event-types", "check", str(good)]).output
    assert CliRunner().invoke(app, ["event-types", "check", str(bad)]).exit_code == 2
