"""Rules through the API: written, tried on the past, shadowed, live for a share, undone."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, insert, select, text

from functions.api.http.services import Services
from functions.api.rules import service
from risk.domain.assessment import Assessment, RiskLevel
from risk.domain.errors import InvalidExpression
from risk.domain.permissions import Role
from risk.features.catalog import FEATURES
from risk.rules.cel import FUNCTIONS, check
from risk.rules.evaluator import RuleSet
from risk.store.db import tables
from risk.store.rules import rules
from tests.integration.test_api.conftest import MakeHeaders
from tests.integration.test_api.support import NOW, an_event, make_assessment, store

URL = "/api/v1/rules"
Headers = dict[str, str]
RULE: dict[str, Any] = {
    "name": "large_amount",
    "owner": "payments",
    "description": "Amounts that few accounts ever move.",
    "expression": "event.amount > 1000.0",
    "points": 2.0,
    "reason_text": "amount {amount} {currency}",
}
EDIT = {name: value for name, value in RULE.items() if name != "name"} | {"base_version": 1}


def drafted(client: TestClient, headers: Headers, **changes: Any) -> dict[str, Any]:
    answer = client.post(URL, json=RULE | changes, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def move(client: TestClient, headers: Headers, rule_id: str, to: str, **more: Any) -> dict[str, Any]:
    body = {"to": to, "reason": "a test"} | more
    answer = client.post(f"{URL}/{rule_id}/transition", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def history(count: int = 60) -> list[Assessment]:
    """Every third is large; every sixth large and fraud."""
    return [
        make_assessment(place, 0.9 if place % 6 == 0 else 0.45, amount="1500" if place % 3 == 0 else "20")
        for place in range(count)
    ]


def label(database: Engine, found: list[Assessment]) -> None:
    with database.begin() as connection:
        for place, one in enumerate(found):
            before = NOW - timedelta(days=2)
            at = {"known_at": before, "received_at": before}
            own = {"event_id": one.event_id, "sequence": place}
            # The later label is the one that counts.
            connection.execute(insert(tables.labels).values(**own, source="a", fraud=False, **at))
            later = {name: value + timedelta(days=1) for name, value in at.items()}
            truth = {"source": "b", "fraud": place % 6 == 0}
            connection.execute(insert(tables.labels).values(**own, **truth, **later))


def modes(database: Engine, found: list[Assessment]) -> Counter[str]:
    """What the engine would make of these events now; its hits are stored as the engine stores them."""
    with database.begin() as connection:
        _, active, lists = rules.current(connection)
        running = RuleSet.build(active, lists)
        assert not running.refused
        hits = [
            (one.event_id, hit)
            for one in found
            for hit in running.evaluate(one.model_dump(mode="json"), [0.0] * len(FEATURES), one.event_id)
        ]
        for event_id, hit in hits:
            values = {"rule_id": hit.rule_id, "rule_version": hit.rule_version, "mode": hit.mode}
            connection.execute(insert(tables.rule_hits).values(event_id=event_id, scored_at=NOW, **values))
    return Counter(hit.mode.value for _, hit in hits)


def test_a_rule_is_written_tried_shadowed_promoted_and_rolled_back_and_the_counts_add_up(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    past = history()
    store(database, *past)
    label(database, past)
    rule_id = drafted(client, analyst)["id"]
    assert modes(database, past) == Counter()

    report = client.post(f"{URL}/{rule_id}/backtest", json={}, headers=analyst).json()
    assert (report["events"], report["hits"], report["errors"], report["complete"]) == (60, 20, 0, True)
    assert (report["frauds"], report["fraud_hits"], report["labelled_hits"]) == (10, 10, 20)
    assert (report["precision"], report["recall"]) == (0.5, 1.0)
    assert (report["alerts_before"], report["alerts_after"]) == (10, 20)
    assert len(report["examples"]) == 10
    money = report["money"]
    assert (money["currency"], money["hits"]) == ("EUR", 20 * 1_500)
    assert (money["fraud_hits"], money["legitimate_hits"]) == (10 * 1_500, 10 * 1_500)
    assert report["examples"][0]["reason_text"] == "amount 1,500.00 EUR"

    assert move(client, admin, rule_id, "shadow")["status"] == "shadow"
    assert modes(database, past) == {"shadow": 20}
    fresh = [make_assessment(place, amount="1500") for place in range(400)]
    tenth = move(client, admin, rule_id, "live", percent=10)
    assert (tenth["status"], tenth["stage"]["percent"]) == ("live", 10)
    share = modes(database, fresh)
    assert share.total() == 400
    assert 15 <= share["live"] <= 70
    whole = [make_assessment(place, amount="1500") for place in range(30)]
    move(client, admin, rule_id, "live", percent=100)
    assert modes(database, whole) == {"live": 30}

    stats = client.get(f"{URL}/{rule_id}/stats", headers=analyst).json()
    found = {one["mode"]: one for one in stats["versions"]}
    assert found["live"]["hits"] == share["live"] + 30
    assert found["shadow"]["hits"] == share["shadow"] + 20
    assert (found["shadow"]["labelled"], found["shadow"]["frauds"]) == (20, 10)
    assert sum(hour["live"] + hour["shadow"] for hour in stats["hours"]) == 450

    for status, percent in (("live", 10), ("shadow", 0), ("draft", 0)):
        back = client.post(f"{URL}/{rule_id}/rollback", json={"reason": "too many"}, headers=admin).json()
        assert (back["status"], back["stage"]["percent"]) == (status, percent)
    assert modes(database, [make_assessment(1, amount="1500")]) == Counter()
    again = client.post(f"{URL}/{rule_id}/rollback", json={"reason": "more"}, headers=admin)
    assert (again.status_code, "nothing to go back to" in again.json()["detail"]) == (409, True)
    kept = client.get(f"{URL}/{rule_id}", headers=analyst).json()
    assert [stage["number"] for stage in kept["stages"]] == [7, 6, 5, 4, 3, 2, 1]
    assert kept["stages"][0]["reason"] == "too many"


def test_an_edit_is_a_new_version_that_changes_nothing_that_is_live(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    rule_id = drafted(client, analyst)["id"]
    move(client, admin, rule_id, "shadow")
    move(client, admin, rule_id, "live")
    edited = client.put(f"{URL}/{rule_id}", json=EDIT | {"expression": "event.amount > 2000.0"}, headers=analyst).json()
    assert [(one["version"], one["status"]) for one in edited["versions"]] == [(2, "draft"), (1, "live")]
    assert edited["versions"][1]["expression"] == RULE["expression"]
    stale = client.put(f"{URL}/{rule_id}", json=EDIT, headers=analyst)
    assert (stale.status_code, "newest version is 2" in stale.json()["detail"]) == (409, True)
    both = move(client, admin, rule_id, "shadow", version=2)
    assert both["stage"] == {"live_version": 1, "percent": 100, "shadow_version": 2, "archived": False}
    with database.connect() as connection:
        assert [(one.version, one.mode, one.percent) for one in rules.active(connection)] == [
            (1, "live", 100),
            (2, "shadow", 0),
        ]
    assert move(client, admin, rule_id, "live", version=2)["stage"]["live_version"] == 2
    back = client.post(f"{URL}/{rule_id}/rollback", json={"reason": "worse"}, headers=admin).json()
    assert back["stage"] == both["stage"]
    assert move(client, admin, rule_id, "archived")["status"] == "archived"
    assert client.put(f"{URL}/{rule_id}", json=EDIT | {"base_version": 2}, headers=analyst).status_code == 409


def test_a_wrong_rule_is_refused_with_line_and_column(client: TestClient, analyst: Headers) -> None:
    wrong = RULE | {"expression": 'event.amount > 1000.0 &&\n in_list("nobody", event.account_id)'}
    answer = client.post(URL, json=wrong, headers=analyst)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert (error["field"], error["line"], error["column"]) == ("expression", 2, 10)
    assert "list nobody not found" in error["detail"]
    draft = {"expression": "event.amuont > 1000.0", "reason_text": "{amount}"}
    found = client.post(f"{URL}/validate", json=draft, headers=analyst).json()
    assert (found["valid"], found["errors"][0]["column"]) == (False, 6)
    draft = {"expression": "event.amount > 1000.0", "reason_text": "{amount.__class__}"}
    assert client.post(f"{URL}/validate", json=draft, headers=analyst).json()["errors"][0]["field"] == "reason_text"
    draft = {"expression": "event.amount > 1000.0"}
    assert client.post(f"{URL}/validate", json=draft, headers=analyst).json() == {"valid": True, "errors": []}
    for change, field in (
        ({"expression": "x" * 10_000}, "expression"),
        ({"reason_text": "{nothing}"}, "reason_text"),
        ({"points": 9.0}, "points"),
        ({"points": None}, "body"),
        ({"name": "Large Amount"}, "name"),
    ):
        answer = client.post(URL, json=RULE | change, headers=analyst)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert client.get(URL, headers=analyst).json()["items"] == []


def test_a_rule_that_can_never_hit_is_refused_when_it_is_written_and_checked(
    client: TestClient, analyst: Headers, admin: Headers
) -> None:
    nets = {"name": "bad_nets", "purpose": "deny", "subject": "ip"}
    assert client.post("/api/v1/lists", json=nets, headers=admin).status_code == 201
    for expression, column, told in (
        ('in_list("bad_nets", event.account_id)', 21, "ask for event.ip"),
        ('event.currency == "eur"', 19, "'EUR'"),
    ):
        [error] = client.post(f"{URL}/validate", json={"expression": expression}, headers=analyst).json()["errors"]
        assert (error["field"], error["line"], error["column"]) == ("expression", 1, column)
        assert told in error["detail"]
        made = client.post(URL, json=RULE | {"expression": expression}, headers=analyst)
        assert (made.status_code, made.json()["errors"]) == (422, [error])


def test_a_draft_is_tried_on_one_event(client: TestClient, analyst: Headers, admin: Headers) -> None:
    feature = FEATURES[1].name
    trial = {
        "expression": f"features.{feature} > 2.0 && event.attributes.basket > 2",
        "reason_text": f"{{features.{feature}:.1f}}",
        "event": an_event(attributes={"basket": 3}),
        "features": {feature: 2.5},
    }
    found = client.post(f"{URL}/test", json=trial, headers=analyst).json()
    assert (found["hit"], found["reason_text"], found["error"]) == (True, "2.5", None)
    values = {one["name"]: one["value"] for one in found["values"]}
    assert values == {f"features.{feature}": 2.5, "event.attributes": '{"basket":3}'}
    asking = {"expression": 'in_list("bad_nets", event.ip) || event.hour > 22', "event": an_event(ip="10.0.0.7")}
    given = {"name": "bad_nets", "purpose": "deny", "subject": "ip"}
    assert client.post("/api/v1/lists", json=given, headers=admin).status_code == 201
    entry = {"items": [{"value": "10.0.0.0/24"}], "reason": "a test"}
    client.post("/api/v1/lists/bad_nets/entries", json=entry, headers=admin)
    listed = client.post(f"{URL}/test", json=asking, headers=analyst).json()
    values = {one["name"]: one["value"] for one in listed["values"]}
    assert (listed["hit"], values['in_list("bad_nets", event.ip)']) == (True, True)
    missing = client.post(f"{URL}/test", json=trial | {"features": {}}, headers=analyst).json()
    assert (missing["hit"], missing["error"]) == (False, None)
    assert {"name": f"features.{feature}", "value": None} in missing["values"]
    failing = client.post(f"{URL}/test", json=trial | {"event": an_event()}, headers=analyst).json()
    assert (failing["hit"], "basket" in failing["error"]) == (False, True)
    unknown = client.post(f"{URL}/test", json=trial | {"features": {"nothing": 1}}, headers=analyst)
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "features.nothing")


def test_with_approval_the_author_of_a_version_cannot_put_it_live(
    client: TestClient, api_services: Services, admin: Headers, sign_in: MakeHeaders
) -> None:
    api_services.settings = api_services.settings.model_copy(update={"rule_approval": True})
    own = drafted(client, admin)["id"]
    move(client, admin, own, "shadow")
    refused = client.post(f"{URL}/{own}/transition", json={"to": "live", "reason": "mine"}, headers=admin)
    assert (refused.status_code, "someone else" in refused.json()["detail"]) == (403, True)
    others = drafted(client, sign_in(Role.ANALYST), name="others")["id"]
    move(client, admin, others, "shadow")
    assert move(client, admin, others, "live")["status"] == "live"


def test_steps_cannot_be_skipped_and_names_are_taken_once(client: TestClient, analyst: Headers, admin: Headers) -> None:
    rule_id = drafted(client, analyst)["id"]
    skipped = client.post(f"{URL}/{rule_id}/transition", json={"to": "live", "reason": "now"}, headers=admin)
    assert (skipped.status_code, "archived or shadow" in skipped.json()["detail"]) == (409, True)
    no_such = client.post(
        f"{URL}/{rule_id}/transition", json={"to": "shadow", "version": 7, "reason": "now"}, headers=admin
    )
    assert no_such.status_code == 404
    assert client.post(URL, json=RULE, headers=analyst).status_code == 409


def test_rules_are_listed_by_name_and_state(client: TestClient, analyst: Headers, admin: Headers) -> None:
    for name in ("bbb", "aaa", "ccc"):
        drafted(client, analyst, name=name)
    first = client.get(URL, params={"limit": 2}, headers=analyst).json()
    assert [one["name"] for one in first["items"]] == ["aaa", "bbb"]
    rest = client.get(URL, params={"limit": 2, "cursor": first["next_cursor"]}, headers=analyst).json()
    assert ([one["name"] for one in rest["items"]], rest["next_cursor"]) == (["ccc"], None)
    move(client, admin, first["items"][0]["id"], "shadow")
    move(client, admin, first["items"][1]["id"], "archived")
    for status, names in (("draft", ["ccc"]), ("shadow", ["aaa"]), ("live", []), ("archived", ["bbb"])):
        listed = client.get(URL, params={"status": status}, headers=analyst).json()["items"]
        assert [(one["name"], one["status"]) for one in listed] == [(name, status) for name in names]
    names = client.get(f"{URL}/names", headers=analyst).json()
    types = {one["name"]: (one["type"], one["unit"]) for one in names["items"]}
    assert types["event.amount"] == ("double", None)
    assert types[f"features.{FEATURES[0].name}"] == ("double", FEATURES[0].unit)
    assert "in_list" in {one["name"] for one in names["functions"]}


def test_every_function_that_is_offered_can_be_used_as_it_is_shown() -> None:
    for one in FUNCTIONS:
        assert f"{one.name}(" in one.usage
        try:
            check(one.usage, {"bad_nets"})
        except InvalidExpression as error:
            pytest.fail(f"{one.usage}: {error}")


def test_a_backtest_goes_on_where_its_part_before_ended(client: TestClient, analyst: Headers, database: Engine) -> None:
    store(database, *history(50))
    rule_id = drafted(client, analyst)["id"]
    whole = client.post(f"{URL}/{rule_id}/backtest", json={}, headers=analyst).json()
    parts: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    while not parts or parts[-1]["events"] == 20:
        body = {"max_events": 20} | before
        parts.append(client.post(f"{URL}/{rule_id}/backtest", json=body, headers=analyst).json())
        before = {"before": parts[-1]["oldest_sequence"]}
    assert [part["events"] for part in parts] == [20, 20, 10]
    for name in ("hits", "alerts_before", "alerts_after"):
        assert sum(part[name] for part in parts) == whole[name]
    assert sum(hour["hits"] for part in parts for hour in part["hours"]) == whole["hits"]


def test_the_hits_of_all_rules_are_told_at_once(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    past = history(60)
    store(database, *past)
    label(database, past)
    rule_id = drafted(client, analyst)["id"]
    drafted(client, analyst, name="never_hits")
    move(client, admin, rule_id, "shadow")
    modes(database, past)
    move(client, admin, rule_id, "live")
    modes(database, [make_assessment(place, amount="1500") for place in range(7)])
    found = client.get(f"{URL}/stats", headers=analyst).json()["items"]
    assert [(one["rule_id"], one["live"], one["shadow"]) for one in found] == [(rule_id, 7, 20)]
    assert (found[0]["labelled"], found[0]["frauds"]) == (20, 10)


def test_every_change_raises_the_revision_and_a_refused_one_does_not(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    def revision() -> int:
        with database.connect() as connection:
            return rules.revision(connection)

    assert revision() == 0
    rule_id = drafted(client, analyst)["id"]
    move(client, admin, rule_id, "shadow")
    client.put(f"{URL}/{rule_id}", json=EDIT, headers=analyst)
    client.post(f"{URL}/{rule_id}/rollback", json={"reason": "x"}, headers=admin)
    assert revision() == 4
    assert client.put(f"{URL}/{rule_id}", json=EDIT, headers=analyst).status_code == 409
    assert revision() == 4


def test_a_backtest_stops_when_its_time_is_over_and_says_so(
    client: TestClient, analyst: Headers, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(database, *history(10))
    rule_id = drafted(client, analyst)["id"]
    bounded = client.post(f"{URL}/{rule_id}/backtest", json={"max_events": 4}, headers=analyst).json()
    assert (bounded["events"], bounded["hits"], bounded["complete"]) == (4, 2, True)
    later = {"since": "2999-01-01T00:00:00Z"}
    assert client.post(f"{URL}/{rule_id}/backtest", json=later, headers=analyst).json()["events"] == 0
    monkeypatch.setattr(service, "BACKTEST_SECONDS", -1.0)
    stopped = client.post(f"{URL}/{rule_id}/backtest", json={}, headers=analyst).json()
    assert (stopped["events"], stopped["complete"]) == (0, False)


def test_a_backtest_shows_which_other_rules_hit_the_same(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    store(database, *history(30))
    other = drafted(client, analyst, name="other", points=None, min_level="HIGH", expression="true")
    move(client, admin, other["id"], "shadow")
    rule_id = drafted(client, analyst)["id"]
    report = client.post(f"{URL}/{rule_id}/backtest", json={}, headers=analyst).json()
    assert [(one["name"], one["hits"]) for one in report["overlap"]] == [("other", 10)]
    with database.connect() as connection:
        [active] = rules.active(connection)
    assert (active.min_level, active.points) == (RiskLevel.HIGH, None)


def test_versions_and_stages_are_never_edited(
    client: TestClient, analyst: Headers, admin: Headers, database: Engine
) -> None:
    rule_id = drafted(client, analyst)["id"]
    with database.connect() as connection:
        before = connection.execute(select(tables.rule_versions)).all()
    client.put(f"{URL}/{rule_id}", json=EDIT | {"expression": "true"}, headers=analyst)
    move(client, admin, rule_id, "shadow")
    with database.connect() as connection:
        after = connection.execute(select(tables.rule_versions).order_by(tables.rule_versions.c.version)).all()
        assert after[:1] == before
        assert connection.scalar(select(func.count()).select_from(tables.rule_stages)) == 2


def test_of_two_edits_at_once_one_is_told_of_the_other(client: TestClient, analyst: Headers) -> None:
    rule_id = drafted(client, analyst)["id"]

    def edit(points: float) -> int:
        return client.put(f"{URL}/{rule_id}", json=EDIT | {"points": points}, headers=analyst).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(edit, (1.0, 2.0))) == [200, 409]
    assert len(client.get(f"{URL}/{rule_id}", headers=analyst).json()["versions"]) == 2


def test_of_two_who_move_a_rule_as_they_read_it_the_second_is_told(
    client: TestClient, analyst: Headers, admin: Headers
) -> None:
    url = f"{URL}/{drafted(client, analyst)['id']}"
    read = client.get(url, headers=admin).headers["etag"]
    shadow = {"to": "shadow", "reason": "a look"}
    first = client.post(f"{url}/transition", json=shadow, headers=admin | {"If-Match": read})
    assert (first.status_code, first.headers["etag"] != read) == (200, True)
    for late in (
        client.post(f"{url}/transition", json={"to": "archived", "reason": "no"}, headers=admin | {"If-Match": read}),
        client.post(f"{url}/rollback", json={"reason": "no"}, headers=admin | {"If-Match": read}),
        client.put(url, json=EDIT, headers=analyst | {"If-Match": read}),
    ):
        assert (late.status_code, late.json()["type"]) == (412, "urn:problem:stale")
    assert client.get(url, headers=admin).json()["status"] == "shadow"


def test_an_edit_that_waited_for_another_change_is_told_of_it(
    client: TestClient, analyst: Headers, database: Engine
) -> None:
    rule_id = drafted(client, analyst)["id"]
    read = client.get(f"{URL}/{rule_id}", headers=analyst).headers["etag"]
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            head = rules.find_to_change(connection, UUID(rule_id))
            late = pool.submit(client.put, f"{URL}/{rule_id}", json=EDIT, headers=analyst | {"If-Match": read})
            with database.connect() as other:
                waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                deadline = monotonic() + 20
                while not other.scalar(waiting) and monotonic() < deadline:
                    other.rollback()
                    sleep(0.01)
            stage = head.stage.model_copy(update={"shadow_version": 1})
            rules.change_stage(connection, head, stage, by="bob", at=NOW, reason="a look")
        assert late.result().status_code == 412
