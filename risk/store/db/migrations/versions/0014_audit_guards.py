"""The triggers of the audit log fire in every session, also in one that says that it replicates."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TRIGGERS = {
    "audit_inbox": "audit_append",
    "audit_log": "audit_refuse",
    "audit_nodes": "audit_refuse",
    "audit_checkpoints": "audit_refuse",
}


def upgrade() -> None:
    for table, trigger in _TRIGGERS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def downgrade() -> None:
    for table, trigger in _TRIGGERS.items():
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
