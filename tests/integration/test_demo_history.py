"""The past that a demo begins with: what the engine would have stored, and people made of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.engine_state import profiles
from tests.services import Services

pytestmark = pytest.mark.integration

MAKE = """
import sys
from datetime import UTC, datetime
from risk.store.db.engine import create_pool
from streaming.offline.demo_history import make_history
engine = create_pool(sys.argv[1], application="test", size=2)
now = datetime.fromisoformat(sys.argv[2])
print(make_history(engine, now=now, analysts=("admin@x", "analyst@x"), days=12, rate=0.008, customers=150))
"""


def test_a_demo_begins_with_a_past_that_the_engine_and_people_could_have_left(services: Services) -> None:
    url, now = services.database(), datetime.now(UTC)
    command = [sys.executable, "-c", MAKE, url, now.isoformat()]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    engine = create_pool(url, application="test", size=1)

    def number(of: Any) -> int:
        return int(connection.scalar(select(of)) or 0)

    a, alert = tables.assessments.c, tables.alerts.c
    try:
        with engine.connect() as connection:
            count, first, last, sequence = connection.execute(
                select(func.count(), func.min(a.scored_at), func.max(a.scored_at), func.max(a.sequence))
            ).one()
            assert count == int(done.stdout)
            assert now - timedelta(days=12, minutes=1) < first < now - timedelta(days=11)
            assert now - timedelta(days=1) < last <= now
            assert connection.scalar(select(func.sum(tables.assessment_counts.c.count))) == count
            assert profiles.watermark(connection) >= sequence
            assert number(select(func.count()).select_from(tables.profiles).scalar_subquery()) > 100
            assert number(func.count(tables.drift_counts.c.hour.distinct())) > 5
            assert number(select(func.count()).select_from(tables.dead_letters).scalar_subquery()) == 0
            stages = tables.rule_stages.c
            assert (number(func.count(stages.live_version)), number(func.count(stages.shadow_version))) == (2, 1)
            assert number(func.count().filter(alert.status == "resolved")) > 5
            assert number(func.count().filter(alert.status != "resolved")) < 10
            assert number(func.count(alert.note)) > 0
            assert number(func.count().filter(alert.resolved_at <= alert.opened_at)) == 0
            sources = connection.scalars(select(func.split_part(tables.labels.c.source, ":", 1)).distinct()).all()
            assert {"alert", "chargeback"} <= {*sources}
            assert number(func.count().filter(tables.labels.c.known_at > now)) == 0
    finally:
        engine.dispose()
