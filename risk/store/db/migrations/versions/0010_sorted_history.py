"""History by when events occurred and by their score: indexes that give pages in these orders.

Building them takes a share lock: the engine waits meanwhile, and goes on where it was.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_assessments_score_sequence", "assessments", ["score", "sequence"])
    op.create_index("ix_assessments_occurred_at_sequence", "assessments", ["occurred_at", "sequence"])
    op.drop_index("ix_assessments_occurred_at", "assessments")


def downgrade() -> None:
    op.create_index("ix_assessments_occurred_at", "assessments", ["occurred_at"])
    op.drop_index("ix_assessments_occurred_at_sequence", "assessments")
    op.drop_index("ix_assessments_score_sequence", "assessments")
