"""Receivers of webhooks choose of which alerts they are told; alerts have the type of their riskiest event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("event_type", sa.Text, comment="of its riskiest event"))
    op.execute(
        "UPDATE alerts SET event_type = a.event_type FROM assessment_keys k "
        "JOIN assessments a ON a.event_id = k.event_id AND a.scored_at = k.scored_at "
        "WHERE k.event_id = alerts.top_event_id"
    )
    op.add_column(
        "webhooks",
        sa.Column(
            "filter", JSONB, nullable=False, server_default=sa.text("'{}'"), comment="of which alerts it is told"
        ),
    )


def downgrade() -> None:
    op.drop_column("webhooks", "filter")
    op.drop_column("alerts", "event_type")
