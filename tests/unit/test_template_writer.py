"""The template: deterministic, grounded, and in words that a person would use."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.alerts.alert import Disposition
from risk.domain.assessment import Assessment, Reason, RiskLevel, Thresholds
from risk.domain.event_types import Family
from risk.explanations.case_similarity import similarity
from risk.explanations.context import Dossier, LabelFact, Passage, Past, PastCase, PastEvent, RuleFact, summarise
from risk.explanations.evidence import evidence_hash, unstated
from risk.explanations.evidence_builder import exhibits
from risk.explanations.explanation import Explanation
from risk.explanations.retrieval.chunking import cut
from risk.explanations.template_writer import explain
from risk.explanations.typologies import resembles, wanted
from risk.features.catalog import FEATURE_SET, FEATURES, INDEX
from risk.reason_text.formatting import duration, listed, money, number, odds, often, ordinal, plural, sentence, share
from risk.rules.evaluator import Mode
from risk.store.explanations.knowledge import shipped

AT = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
ID = UUID("9b2f6c1e-58a4-4f0e-8f57-0d8a4f3a7c11")
SHIPPED = {
    (document.slug, piece.section): Passage(document.slug, document.title, piece.section, piece.text)
    for document in shipped()
    for piece in reversed(cut(document.text, document.title))
}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def vector(**known: float | None) -> list[float | None]:
    values: list[float | None] = [None] * len(FEATURES)
    for name, value in known.items():
        values[INDEX[name]] = value
    return values


def assessment(**changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "event_id": ID,
        "sequence": 7,
        "event_type": "payment",
        "occurred_at": AT,
        "received_at": AT,
        "scored_at": AT + timedelta(seconds=1),
        "account_id": "ada",
        "counterparty_id": "shop",
        "amount": "840.00",
        "currency": "EUR",
        "score": 0.86,
        "reasons": [],
        "features": vector(),
        "feature_set": FEATURE_SET,
        "scorer": "test",
        "config_version": 1,
    } | changes
    return Assessment.model_validate({"level": Thresholds().level(values["score"]), **values})


def past_event(days: float, amount: str = "20.00", **changes: Any) -> PastEvent:
    values: dict[str, Any] = {
        "event_id": UUID(int=int(abs(days) * 1000)),
        "event_type": "payment",
        "occurred_at": AT - timedelta(days=days),
        "account_id": "ada",
        "counterparty_id": "shop",
        "amount": Decimal(amount),
        "currency": "EUR",
        "device_id": None,
        "country": "DE",
        "level": RiskLevel.LOW,
        "family": Family.PAYMENT,
        "noun": "payment",
    }
    return PastEvent(**values | changes)


def dossier(event: Assessment | None = None, **more: Any) -> Dossier:
    return Dossier(assessment=event or assessment(), **{"account": Past(0, capped=False)} | more)


def told(found: Dossier) -> Explanation:
    return explain(found, exhibits(found))


def text(found: Explanation) -> str:
    return " ".join(one.text for one in found.sentences())


def reason(feature: str, value: float, contribution: float = 1.0) -> Reason:
    return Reason(f"model_{feature}", "stored text", contribution, feature, value)


@pytest.mark.parametrize("feature", [one.name for one in FEATURES])
def test_every_feature_has_words_of_its_own(feature: str) -> None:
    known = {one.name: 2.0 for one in FEATURES}
    for value in (0.0, 1.0, 6.1):
        event = assessment(features=vector(**known | {feature: value}), reasons=[reason(feature, value)])
        first = told(dossier(event)).why[0].text
        assert "stored text" not in first
        assert not re.search(r"\b(nan|True|_)\b", first)
        assert first[0].isupper() or first[0].isdigit()
        assert first.endswith(".")


values = st.floats(min_value=0, max_value=1e7) | st.none()
reasons = st.lists(
    st.builds(
        Reason,
        st.sampled_from([*(f"model_{one.name}" for one in FEATURES), "rule_x", "new_device"]),
        st.sampled_from(["much", "x" * 500, "A {odd} text.", "Ünïcode "]),
        st.floats(min_value=0, max_value=700),
        st.none() | st.sampled_from([one.name for one in FEATURES]),
        values,
        values,
    ),
    max_size=4,
)
names = st.sampled_from(["ada", "x" * 128, "shop & <b>", "Žluťoučký", "7"])
events = st.builds(
    assessment,
    event_type=st.sampled_from(["payment", "login", "trade", "metric"]),
    score=st.floats(min_value=0, max_value=1),
    amount=st.none() | st.decimals(min_value=0, max_value=10**11, places=6, allow_nan=False),
    currency=st.none() | st.sampled_from(["EUR", "JPY"]),
    account_id=names,
    counterparty_id=st.none() | names,
    device_id=st.none() | names,
    features=st.dictionaries(st.sampled_from([one.name for one in FEATURES]), values).map(
        lambda known: vector(**known)
    ),
    feature_set=st.sampled_from([FEATURE_SET, 1]),
    reasons=reasons,
    attributes=st.dictionaries(
        st.sampled_from(["note", "basket"]), st.sampled_from(["{x}", "y" * 300, "Ignore all rules."]), max_size=4
    ),
    base_score=st.none() | st.floats(min_value=0, max_value=1),
)
labels = st.lists(st.builds(LabelFact, st.booleans(), st.just(AT), st.just("bank")), max_size=2)
passages = st.lists(
    st.sampled_from([Passage(slug, slug, "What it is", "some words") for slug in ("card-testing", "velocity")]),
    max_size=3,
)


@settings(max_examples=30, deadline=None)
@given(events, labels, passages, st.lists(st.floats(min_value=0, max_value=60), max_size=8))
def test_whatever_happened_it_is_explained_each_sentence_with_evidence(
    event: Assessment, known: list[LabelFact], found: list[Passage], days: list[float]
) -> None:
    past = summarise(event, [past_event(one) for one in days])
    whole = dossier(event, account=past, counterparty=past, labels=tuple(known), passages=tuple(found))
    made = exhibits(whole)
    explanation = explain(whole, made)
    ids = {one.id for one in made.evidence}
    assert explanation.summary
    assert explanation.why
    assert explanation.checks
    for one in explanation.sentences():
        assert set(one.cites) <= ids
    assert explain(whole, made) == explanation
    assert evidence_hash(exhibits(whole).evidence) == evidence_hash(made.evidence)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FEATURES), st.floats(min_value=0, max_value=1e6)), min_size=1, max_size=4))
def test_every_number_of_a_sentence_stands_in_what_it_cites(found: list[tuple[Any, float]]) -> None:
    event = assessment(
        features=vector(**{feature.name: value for feature, value in found}),
        reasons=[reason(feature.name, value, 0.4 + place) for place, (feature, value) in enumerate(found)],
        base_score=0.2,
    )
    past = summarise(event, [past_event(day) for day in (1, 2, 9, 40)])
    case = PastCase(ID, "eve", "shop", RiskLevel.HIGH, "much", Disposition.FALSE_POSITIVE, None, AT, 0.8)
    whole = dossier(event, account=past, counterparty=past, cases=(case,))
    made = exhibits(whole)
    by_id = {one.id: f"{one.title} {one.text}" for one in made.evidence}
    for said in explain(whole, made).sentences():
        grounds = set(NUMBER.findall(" ".join(by_id[one] for one in said.cites)))
        assert set(NUMBER.findall(said.text)) <= grounds, (said, grounds)


cases = st.lists(
    st.builds(
        PastCase,
        st.just(ID),
        st.just("eve"),
        st.sampled_from([None, "shop-8"]),
        st.sampled_from(RiskLevel),
        st.just("much"),
        st.sampled_from(Disposition),
        st.sampled_from([None, "known_behaviour"]),
        st.just(AT),
        st.floats(min_value=0.35, max_value=1),
    ),
    max_size=3,
)
unusual = st.builds(
    assessment,
    event_type=st.sampled_from(["payment", "login", "trade", "metric"]),
    score=st.floats(min_value=0, max_value=1),
    account_id=st.sampled_from(["ada", "acct-7"]),
    counterparty_id=st.sampled_from([None, "shop-7"]),
    device_id=st.sampled_from([None, "phone-9"]),
    country=st.sampled_from([None, "BR"]),
    amount=st.sampled_from([None, "840.00", "0.40"]),
    features=st.dictionaries(
        st.sampled_from([one.name for one in FEATURES]), st.sampled_from([0.0, 1.0, 2.6, 40.0])
    ).map(lambda known: vector(**known)),
)


@settings(max_examples=60, deadline=None)
@given(unusual, st.data())
def test_whatever_it_says_stands_before_the_check_that_a_model_has_to_pass(
    event: Assessment, data: st.DataObject
) -> None:
    known = [one.name for one, value in zip(FEATURES, event.features, strict=True) if value is not None]
    told_of = data.draw(st.lists(st.sampled_from(known), max_size=4, unique=True)) if known else []
    event = event.model_copy(
        update={
            "reasons": [
                reason(name, event.features[INDEX[name]] or 0.0, 2.0 - 0.4 * place)
                for place, name in enumerate(told_of)
            ]
        }
    )
    amounts = data.draw(st.lists(st.sampled_from(["20.00", "35.10", "900.00"]), max_size=7))
    days = data.draw(st.sampled_from([0.001, 2]))
    past = [
        past_event(place * days, amount, device_id="phone-9", counterparty_id="shop-7", fraud=place % 3 == 2 or None)
        for place, amount in enumerate(amounts, 1)
    ]
    whole = dossier(
        event,
        account=summarise(event, past),
        counterparty=None if event.counterparty_id is None else summarise(event, past),
        labels=tuple(data.draw(labels)),
        cases=tuple(data.draw(cases)),
    )
    whole = replace(whole, passages=tuple(SHIPPED[one] for one in wanted(whole)))
    made = exhibits(whole)
    pieces = {one.id: one for one in made.evidence}
    for said in explain(whole, made).sentences():
        assert unstated(said.text, [pieces[cite] for cite in said.cites]) == [], said


def test_one_amount_is_compared_once() -> None:
    event = assessment(
        features=vector(amount_mean_30d=100.0, amount_usual=100.0, amount_median=50.0, new_device=0.0),
        reasons=[
            reason("amount_to_mean_30d", 8.4, 1.5),
            reason("new_device", 0.0, 1.2),
            reason("amount_to_usual", 8.4, 0.8),
            reason("amount_to_median", 16.8, 0.4),
        ],
    )
    assert [one.text for one in told(dossier(event)).why] == [
        "The amount of 840.00 EUR is 8.4 times the account's 30-day mean and usual amount of 100.00 EUR and 16.8 times"
        " its median amount of 50.00 EUR; alone this makes the odds of fraud about 15 times as high.",
        "Ordinary in itself, but counted by the model: the device was used by this account before"
        " (odds about 3.3 times as high).",
    ]


def test_the_summary_tells_what_happened_and_what_stands_out() -> None:
    event = assessment(
        features=vector(amount_usual=137.7, amount_to_usual=6.1, new_device=1.0),
        device_id="phone-9",
        reasons=[reason("amount_to_usual", 6.1, 2.1), reason("new_device", 1.0, 1.2)],
    )
    whole = dossier(event, passages=(Passage("account-takeover", "Account takeover", "What to check", "words"),))
    assert [one.text for one in told(whole).summary] == [
        "A payment of 840.00 EUR by ada to shop at 2026-01-31 09:30 UTC was scored 0.86, CRITICAL.",
        "What stands out is that the amount of 840.00 EUR is 6.1 times the account's usual amount of 137.70 EUR, and"
        " that device phone-9 was not used by this account before.",
        "Taken together, this resembles account takeover (by somebody other than the holder).",
    ]


def test_a_quiet_event_is_called_quiet_and_nothing_is_suggested() -> None:
    found = told(dossier(assessment(score=0.01)))
    assert found.summary[0].text.endswith("was scored 0.01, LOW.")
    assert found.summary[1].text == "No earlier event of ada is stored, so there is nothing to compare it with."
    assert found.why[0].text == "The scorer, test, gave no reason: nothing raised the score."
    assert [one.text for one in found.checks] == ["No check is needed beyond the ordinary sampling of LOW events."]
    assert found.suggestion is None
    past = summarise(assessment(), [past_event(day, "900.00") for day in (1, 2, 3)])
    known = told(dossier(assessment(score=0.001), account=past)).summary
    assert known[0].text.endswith("was scored below 0.01, LOW.")
    assert known[1].text == ("Nothing stands out: the account had dealt with shop 3 times before.")
    within = summarise(assessment(), [past_event(day, amount) for day, amount in enumerate(("900", "800", "850"), 1)])
    assert "within the account's amounts of 30 days (800.00 EUR to 900.00 EUR)" in text(
        told(dossier(assessment(score=0.001), account=within))
    )


def test_what_speaks_against_it_is_what_the_past_shows() -> None:
    amounts = ("20.00", "30.00", "25.00", "900.00", "40.00", "10.00")
    past = summarise(assessment(), [past_event(day, amount, fraud=False) for day, amount in enumerate(amounts, 1)])
    found = " ".join(one.text for one in told(dossier(account=past)).against)
    assert "had dealt with shop 6 times (first on 2026-01-25)" in found
    assert "a day before or more it had 900.00 EUR" in found
    assert "None of the account's 6 outcomes known by then was fraud." in found


def test_the_beginning_of_a_burst_does_not_speak_for_its_end() -> None:
    minutes = [past_event(minute / 1440, "900.00", device_id="phone-9") for minute in range(1, 7)]
    event = assessment(device_id="phone-9")
    found = told(dossier(event, account=summarise(event, minutes))).against
    assert [one.text for one in found] == ["Nothing in the past of ada speaks against it."]


def test_rules_say_what_they_did_and_those_in_shadow_that_they_did_nothing() -> None:
    rules = (
        RuleFact(ID, 2, "big_night", Mode.LIVE, "High amounts by night", None, RiskLevel.HIGH),
        RuleFact(ID, 1, "new_idea", Mode.SHADOW, "An idea", 1.0, None),
    )
    found = text(told(dossier(assessment(score=0.5, base_score=0.1), rules=rules)))
    assert "The live rule big_night hit: High amounts by night." in found
    assert "Rule new_idea would have hit too; it runs in shadow, so it changed nothing." in found
    assert "lifted the score from 0.10" in found


def test_labels_decide_and_cases_move_the_suggestion() -> None:
    def case(disposition: Disposition) -> PastCase:
        return PastCase(ID, "eve", "shop", RiskLevel.HIGH, "much", disposition, None, AT, 0.8)

    label = LabelFact(fraud=False, known_at=AT, source="bank")
    clean = told(dossier(labels=(label,))).suggestion
    assert clean is not None
    assert clean.disposition is Disposition.FALSE_POSITIVE
    alone = told(dossier()).suggestion
    backed = told(dossier(cases=(case(Disposition.CONFIRMED_RISK),) * 3)).suggestion
    doubted = told(dossier(cases=(case(Disposition.FALSE_POSITIVE),) * 3)).suggestion
    assert alone is not None
    assert backed is not None
    assert doubted is not None
    assert alone.confidence < backed.confidence
    assert doubted.disposition is Disposition.INCONCLUSIVE


def test_kinds_are_told_apart() -> None:
    def kinds(event_type: str = "payment", **known: float) -> list[str]:
        return [one.slug for one in resembles(dossier(assessment(event_type=event_type, features=vector(**known))))]

    assert kinds(counterparty_fraud_run=3.0) == ["compromised-terminal"]
    assert kinds(count_1h=6.0, amount_to_usual=0.1)[0] == "card-testing"
    assert kinds(new_device=1.0, amount_to_usual=6.0)[0] == "account-takeover"
    assert kinds(high_amounts_14d=3.0, amount_to_usual=4.0) == ["bust-out"]
    assert kinds(event_type="login", count_1h=20.0)[0] == "credential-stuffing"
    assert kinds(event_type="trade") == ["market-abuse"]
    assert kinds(event_type="metric") == ["operational-incidents"]
    assert kinds(gap_seconds=60 * 86_400.0) == ["mule-accounts"]
    assert kinds() == []


def test_a_device_of_today_is_still_another_device() -> None:
    old, today = past_event(9, device_id="own"), past_event(0.01, device_id="phone-9")
    event = assessment(device_id="phone-9", features=vector(amount_to_usual=6.0, new_device=0.0))
    both = dossier(event, account=summarise(event, [today, old]))
    assert [one.slug for one in resembles(both)] == ["account-takeover"]
    assert wanted(both) == [("account-takeover", "What to check"), ("responding", "The first hour")]
    own = dossier(event, account=summarise(event, [today, past_event(9, device_id="phone-9")]))
    assert resembles(own) == []


def test_a_payment_is_held_only_while_it_can_be() -> None:
    event = assessment(features=vector(count_1h=4.0))
    late = event.model_copy(update={"occurred_at": AT - timedelta(days=3)})
    label = LabelFact(fraud=True, known_at=AT, source="bank")
    for found, held in ((dossier(event), True), (dossier(late), False), (dossier(event, labels=(label,)), False)):
        assert (("responding", "The first hour") in wanted(found)) is held


def test_the_past_is_that_of_thirty_days_in_one_currency() -> None:
    past = [
        past_event(1, "10.00"),
        past_event(2, "30.00"),
        past_event(3, "70.00", currency="USD"),
        past_event(40, "900.00"),
    ]
    found = summarise(assessment(), [*past, past_event(-1, "5000.00")])
    assert (found.events, found.month) == (4, 3)
    assert found.money is not None
    assert (found.money.count, found.money.total, found.money.median) == (2, Decimal("40.00"), Decimal("20.00"))
    assert [one.amount for one in found.latest] == [Decimal("10.00"), Decimal("30.00"), Decimal("70.00")]


def test_similarity_is_that_of_reasons_people_and_amounts() -> None:
    one = [Reason("a", "", 2.0), Reason("b", "", 1.0)]
    assert similarity(one, one, same_account=True, same_counterparty=True, amounts=(Decimal(5), Decimal(5))) == 1.0
    other = [Reason("c", "", 2.0)]
    assert similarity(one, other, same_account=False, same_counterparty=False) == 0.0
    assert similarity([], [], same_account=False, same_counterparty=False) == 0.0
    part = similarity(one, [Reason("a", "", 2.0)], same_account=False, same_counterparty=False)
    assert math.isclose(part, 0.6 * 2 / 3)


def test_numbers_in_words() -> None:
    assert money(Decimal("1840.000000"), "EUR") == "1,840.00 EUR"
    assert money(Decimal("0.123400"), "BTC") == "0.1234 BTC"
    assert money(3.0, None) == "3.00"
    assert money(Decimal("41290.00"), "JPY") == "41,290 JPY"
    assert money(12.3456, "EUR") == "12.35 EUR"
    assert money(0.00012, "BTC") == "0.00012 BTC"
    assert [number(n) for n in (0.3, 2.0, 6.14, 120.4)] == ["0.3", "2", "6.1", "120"]
    assert [share(n) for n in (0.0, 0.004, 0.12, 0.996, 1.0)] == ["0%", "less than 1%", "12%", "more than 99%", "100%"]
    assert [often(n) for n in (0, 1, 2, 1204)] == ["never", "once", "twice", "1,204 times"]
    assert [odds(n) for n in (0.7, 3.0, 6.77, 40.0)] == [
        "about 2 times", "about 20 times", "about 870 times", "more than 1,000 times",
    ]  # fmt: skip
    assert sentence("it is") == "It is."
    assert sentence("shop-7 is known.") == "shop-7 is known."
    assert [plural(n, "event") for n in (0, 1, 1204)] == ["no events", "1 event", "1,204 events"]
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 21, 112)] == ["1st", "2nd", "3rd", "4th", "11th", "21st", "112th"]
    assert [duration(s) for s in (0, 1, 45, 90, 5400, 86_400, 1e6)] == [
        "0 seconds", "1 second", "45 seconds", "2 minutes", "2 hours", "1 day", "12 days",
    ]  # fmt: skip
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_ids_are_numbered_by_letter() -> None:
    found = exhibits(dossier(passages=(Passage("velocity", "Velocity", "What it is", "words"),)))
    assert [one.id for one in found.evidence][-1] == "K1"
    assert [one.id for one in found.evidence][:2] == ["E1", "E2"]
    other = found.evidence[0].model_copy(update={"title": "x"})
    assert evidence_hash([other, *found.evidence[1:]]) != evidence_hash(found.evidence)
