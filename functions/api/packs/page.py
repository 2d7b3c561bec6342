"""Fills the page of a pack with what is stored: one renderer for whatever pages declare."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from functions.api.packs.schemas import (
    FilledChart,
    FilledPage,
    FilledRow,
    FilledRules,
    FilledSection,
    FilledSeries,
    FilledTable,
    RuleHits,
)
from risk.domain.assessment import RiskLevel
from risk.features.event_values import number_reader, text_reader
from risk.packs.pack import Pack
from risk.packs.page import SHOWN, ChartSection, RulesSection, TableSection
from risk.store.assessments import typed_events
from risk.store.engine_state import rule_hits
from risk.store.rules import rules

ROWS = 50
EVENTS = 5_000
"""Of a chart, the newest so many."""
POINTS, LINES = 48, 4
_TABLE_HOURS = 168


def fill(connection: Connection, pack: Pack, now: datetime) -> FilledPage:
    """The page of ``pack`` as it is now; without sections for a pack that has none."""
    sections = [] if pack.page is None else [_section(connection, pack, one, now) for one in pack.page.sections]
    return FilledPage(name=pack.name, title=pack.title, description=pack.description, sections=sections)


def _section(
    connection: Connection, pack: Pack, section: TableSection | ChartSection | RulesSection, now: datetime
) -> FilledSection:
    if isinstance(section, TableSection):
        return _table(connection, section, now)
    return (
        _chart(connection, section, now)
        if isinstance(section, ChartSection)
        else _rules(connection, pack, section, now)
    )


def _table(connection: Connection, section: TableSection, now: datetime) -> FilledTable:
    since = now - timedelta(hours=_TABLE_HOURS)
    events = typed_events.newest(connection, section.event_types, since, limit=ROWS, min_level=section.min_level)
    rows = [
        FilledRow(
            event_id=event["id"].text,
            event_source=event["id"].source,
            cells=[_cell(one.path, event) for one in section.columns],
        )
        for event in events
    ]
    return FilledTable(kind="table", title=section.title, columns=[one.title for one in section.columns], rows=rows)


def _cell(path: str, event: dict[str, Any]) -> str | None:
    if path not in SHOWN:
        return text_reader(path)(event)
    value = event[path]
    if value is None:
        return None
    if path == "occurred_at":
        return str(value.isoformat())
    if path == "amount":
        return f"{value:.2f} {event['currency'] or ''}".strip()
    return f"{value:.2f}" if path == "score" else str(value)


def _chart(connection: Connection, section: ChartSection, now: datetime) -> FilledChart:
    since = now - timedelta(hours=section.hours)
    events = typed_events.newest(connection, section.event_types, since, limit=EVENTS, min_level=RiskLevel.LOW)
    number = number_reader(section.value)
    name = (lambda _: section.title) if section.by is None else text_reader(section.by)
    step = timedelta(hours=section.hours) / POINTS
    found: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        value, line, place = number(event), name(event), int((event["occurred_at"] - since) / step)
        if value is not None and line is not None and 0 <= place < POINTS:
            found[line][place].append(value)
    # Those with the most events, in the order of their names.
    lines = sorted(one for one, _ in Counter({line: sum(map(len, by.values())) for line, by in found.items()})
                   .most_common(LINES))  # fmt: skip
    return FilledChart(
        kind="chart",
        title=section.title,
        unit=section.unit,
        times=[since + place * step for place in range(POINTS)] if lines else [],
        series=[
            FilledSeries(
                name=line,
                values=[
                    sum(values) / len(values) if (values := found[line].get(place)) else None for place in range(POINTS)
                ],
            )
            for line in lines
        ],
    )


def _rules(connection: Connection, pack: Pack, section: RulesSection, now: datetime) -> FilledRules:
    totals = {one.rule_id: one for one in rule_hits.of_all(connection, now - timedelta(hours=section.hours)).items}
    items = []
    for rule in pack.rules:
        head = rules.find_named(connection, rule.name)
        if head is not None:
            total = totals.get(head.id)
            hits = (0, 0) if total is None else (total.live, total.shadow)
            items.append(RuleHits(name=rule.name, rule_id=head.id, status=head.stage.status, live=hits[0],
                                  shadow=hits[1]))  # fmt: skip
    return FilledRules(kind="rules", title=section.title, hours=section.hours, items=items)
