"""What ``risk bench explain`` measures."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import ColumnElement, Engine, func, select

from functions.api.explanations import service
from functions.api.explanations.language_model import request
from functions.api.http.logs import logger
from functions.api.http.services import Services
from infra.commands.bench.history import store_history
from infra.local.measure.scratch import scratch
from infra.local.services import postgres, valkey
from risk.config.settings import ApiSettings
from risk.domain.events import Event, Label
from risk.explanations.context import Dossier
from risk.explanations.evidence import unstated
from risk.explanations.explanation import Source
from risk.reason_text.formatting import often, plural, score
from risk.store.assessments import assessments
from risk.store.db.migrate import upgrade
from risk.store.db.tables import assessments as table
from risk.store.explanations import context, knowledge
from risk.store.explanations.explanations import Given
from streaming.importing.source import read_records
from streaming.simulator import simulate

SEED, RATE, CUSTOMERS = 7, 5.0, 200
DOCUMENTS = (
    ("A stolen card is first tried with tiny sums: what do I check?", "card-testing"),
    ("Somebody else seems to be logged in as the customer. How do I reach the real one?", "account-takeover"),
    ("Many cardholders report fraud after they paid at the same machine.", "compromised-terminal"),
    ("Money comes in and is passed on at once; is the holder laundering it?", "mule-accounts"),
    ("Far more payments than usual in a short time: what is normal?", "velocity"),
    ("The buyer says that he never ordered, but the parcel was delivered to him.", "friendly-fraud"),
    ("Two distant countries within an hour: could it be a VPN?", "geo-device-anomalies"),
    ("Leaked passwords are tried on one login after the other.", "credential-stuffing"),
    ("Credit was used up to its limit and the customer has vanished.", "bust-out"),
    ("How do I record why I closed it?", "investigating-alerts"),
)
"""Questions in an analyst's words, and the document that answers each."""


class ByModel(NamedTuple):
    """Results of the language model; times in milliseconds."""

    name: str
    asked: int
    answered: int
    right: int
    sentences: int
    removed: int
    p50: float
    p95: float
    tokens: int
    dollars: float


class Figures(NamedTuple):
    """Results for one source of events; times in milliseconds, shares from 0 to 1."""

    source: str
    events: int
    explained: int
    failures: int
    sentences: int
    unsupported: int
    hits: float
    facts: float
    read_p50: float
    read_p95: float
    explain_p50: float
    explain_p95: float
    model: ByModel | None

    @property
    def ratio(self) -> float:
        """Time to explain relative to reading the assessment."""
        return self.explain_p50 / self.read_p50


def measure(
    data: Path | None, events: int, count: int, *, advance: Callable[[int], None], tell: Callable[[str], None]
) -> list[Figures]:
    """Start a PostgreSQL and a Valkey, measure on them, and clean up."""
    logger.setLevel("ERROR")  # it writes to the same console
    now = datetime.now(UTC)
    sources: list[tuple[str, Iterable[Event | Label]]] = [("simulator", _simulated(now, events))]
    if data is not None:
        sources.append(("handbook", read_records(data, now, labels=True, limit=events)))
    with scratch() as (folder, children):
        server = postgres.start(children, folder / "postgres")
        cache = valkey.start(children)
        found = []
        for name, records in sources:
            tell(f"{name}: scoring")
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            upgrade(server.url(name))
            settings = ApiSettings(database_url=server.url(name), redis_port=cache.port, redis_host="127.0.0.1")
            services = Services(
                settings.model_copy(
                    update={
                        "redis_tls": False,
                        "redis_username": "api",
                        "redis_password": SecretStr(cache.passwords["api"]),
                    }
                )
            )
            try:
                store_history(services.database, records)
                tell(f"{name}: explaining")
                found.append(_measure(name, services, count, now, advance))
            finally:
                services.close()
    return found


def _simulated(now: datetime, events: int) -> Iterator[Event | Label]:
    seconds = events / RATE
    start = now - timedelta(seconds=seconds)
    return simulate(SEED, start, RATE, 0.05, seconds=seconds, customers=CUSTOMERS)


def _chosen(engine: Engine, count: int) -> tuple[int, list[UUID]]:
    """The number of events, and ``count`` of them: half the riskiest, half spread over all."""
    with engine.connect() as connection:
        total = connection.scalar(select(func.count()).select_from(table)) or 0
        risky = connection.scalars(select(table.c.event_id).order_by(table.c.score.desc()).limit(count // 2)).all()
        step = max(1, total // (count - count // 2))
        spread = connection.scalars(select(table.c.event_id).where(table.c.sequence % step == 0)).all()
    return total, list(dict.fromkeys([*risky, *spread]))[:count]


class _Case:
    """One assessment: its dossier, questions of fact with their answers, and what the template said."""

    def __init__(self, grounds: service.Grounds, asked: list[tuple[str, str]], given: Given) -> None:
        self.grounds = grounds
        self.dossier = grounds.dossier
        self.asked = asked
        self.given = given

    def holds(self, answer: str) -> bool:
        """Whether the evidence states exactly this, not merely something with the same beginning."""
        return any(re.search(rf"{re.escape(answer)}(?!\w)", piece.text) for piece in self.given.evidence)


def _measure(name: str, services: Services, count: int, now: datetime, advance: Callable[[int], None]) -> Figures:
    total, chosen = _chosen(services.database, count)
    reading, explained, cases, hits, failures = [], [], [], [], 0
    with services.database.begin() as connection:
        knowledge.index_shipped(connection, now)
    for place, event_id in enumerate(chosen):
        question, slug = DOCUMENTS[place % len(DOCUMENTS)]
        with services.database.begin() as connection:
            began = time.perf_counter()
            assessments.find(connection, event_id)
            reading.append(time.perf_counter() - began)
            began = time.perf_counter()
            try:
                dossier = context.read(connection, event_id=event_id, alert_id=None)
                grounds = service.gather(connection, dossier, None, now)
                given = service.by_template(grounds, None, now)
            except Exception:  # any exception counts
                failures += 1
                continue
            explained.append(time.perf_counter() - began)
            found = service.found(connection, dossier, question)[:5]
            hits.append(any(passage.document == slug for passage in found))
            cases.append(_Case(grounds, _facts(services.database, dossier), given))
        advance(1)
    sentences, unsupported = _checked(cases)
    return Figures(
        source=name,
        events=total,
        explained=len(cases),
        failures=failures,
        sentences=sentences,
        unsupported=unsupported,
        hits=statistics.fmean(hits),
        facts=statistics.fmean(one.holds(answer) for one in cases for _, answer in one.asked),
        read_p50=_percentile(reading, 50),
        read_p95=_percentile(reading, 95),
        explain_p50=_percentile(explained, 50),
        explain_p95=_percentile(explained, 95),
        model=_by_model(services, cases, now),
    )


def _facts(engine: Engine, dossier: Dossier) -> list[tuple[str, str]]:
    """Factual questions with their answers in the evidence's wording, from independent queries.

    Only the values are computed independently; the wording is the evidence's own: a score of 0.003 is "below 0.01"
    there, not "0.00", and who was never met was "never dealt with".
    """
    event = dossier.assessment
    before = (table.c.account_id == event.account_id, table.c.sequence < event.sequence)
    with engine.connect() as connection:

        def count(*which: ColumnElement[bool]) -> int:
            return connection.scalar(select(func.count()).where(*before, *which)) or 0

        month = count(table.c.occurred_at > event.occurred_at - timedelta(days=30))
        asked = [
            ("How was it scored?", f"Scored {score(event.score)},"),
            (
                f"How many events did {event.account_id} have in the 30 days before?",
                f"{event.account_id} had {plural(month, 'event')}"
                if count()
                else f"No earlier event of {event.account_id}",
            ),
        ]
        for name, did, value in (
            ("counterparty_id", dossier.telling.dealt, event.counterparty_id),
            ("device_id", "used device", event.device_id),
            ("country", "acted from", event.country),
        ):
            if value is not None:
                met = count(table.c[name] == value)
                answer = f"{did} {value} {often(met)}" if met else f"never {did} {value}"
                asked.append((f"How often had the account {did} {value} before?", answer))
    return asked


def _checked(cases: Iterable[_Case]) -> tuple[int, int]:
    """The template's sentences, and those with a number that is not in the cited evidence."""
    sentences = unsupported = 0
    for case in cases:
        pieces = {one.id: one for one in case.given.evidence}
        for sentence in case.given.explanation.sentences():
            sentences += 1
            unsupported += bool(unstated(sentence.text, [pieces[cite] for cite in sentence.cites]))
    return sentences, unsupported


def _by_model(services: Services, cases: list[_Case], now: datetime) -> ByModel | None:
    """The same by a language model, if one is configured: one factual question per case, in turn."""
    answering = services.answering
    if answering is None:
        return None
    before = answering.gate.budget.spent(now)
    times, answered, right, shown, removed = [], 0, 0, 0, 0
    for place, case in enumerate(cases):
        question, wanted = case.asked[place % len(case.asked)]
        template = case.given.model_copy(update={"question": question})
        names = request.pseudonyms(services.settings, case.dossier)
        began = time.perf_counter()
        given = answering.answer(template, request.sayable(case.grounds, template), names, now, lambda *_: None)
        times.append(time.perf_counter() - began)
        removed += given.removed
        if given.source is not Source.MODEL:
            continue
        answered += 1
        explanation = given.explanation
        right += any(wanted in one.text for one in explanation.summary)
        said = [*explanation.summary, *explanation.why, *explanation.against, *explanation.checks]
        shown += len(said)
    spent = answering.gate.budget.spent(now)
    return ByModel(
        name=answering.writer.model,
        asked=len(cases),
        answered=answered,
        right=right,
        sentences=shown,
        removed=removed,
        p50=_percentile(times, 50),
        p95=_percentile(times, 95),
        tokens=spent.tokens - before.tokens,
        dollars=(spent.micros - before.micros) / 1_000_000,
    )


def _percentile(seconds: list[float], share: int) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return 1_000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)] if ordered else 0.0
