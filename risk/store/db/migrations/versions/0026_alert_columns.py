"""Alerts have the country of their riskiest event and their amount in the reporting currency, and are sorted by them.

An alert that is there already gets its country from its event; its amount as it is where that is in the reporting
currency, and otherwise once it grows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ORDERS = {
    "amount": "coalesce(base_amount, -1)",
    "country": "coalesce(country, '')",
    "counterparty": "coalesce(counterparty_id, '')",
}


def upgrade() -> None:
    op.add_column("alerts", sa.Column("country", sa.Text, comment="of its riskiest event"))
    op.add_column("alerts", sa.Column("base_amount", sa.Double, comment="amount in the reporting currency"))
    op.execute(
        "UPDATE alerts SET country = a.country FROM assessment_keys k "
        "JOIN assessments a ON a.event_id = k.event_id AND a.scored_at = k.scored_at "
        "WHERE k.event_id = alerts.top_event_id AND a.country IS NOT NULL"
    )
    op.execute(
        "UPDATE alerts SET base_amount = amount WHERE amount IS NOT NULL AND (currency IS NULL OR currency = coalesce("
        "(SELECT alert_policy->'exchange'->>'base' FROM configurations ORDER BY version DESC LIMIT 1), 'EUR'))"
    )
    for name, expression in _ORDERS.items():
        op.create_index(f"ix_alerts_{name}", "alerts", [sa.text(expression), "id"])


def downgrade() -> None:
    for name in _ORDERS:
        op.drop_index(f"ix_alerts_{name}")
    op.drop_column("alerts", "base_amount")
    op.drop_column("alerts", "country")
