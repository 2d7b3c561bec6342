"""Amounts have fifteen digits before the point: trades in rupiah, dong and rial need them.

More digits before the point with as many after it: Postgres rewrites no row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("assessments", "alerts"):
        op.alter_column(table, "amount", type_=sa.Numeric(21, 6))


def downgrade() -> None:
    for table in ("assessments", "alerts"):
        op.alter_column(table, "amount", type_=sa.Numeric(18, 6))
