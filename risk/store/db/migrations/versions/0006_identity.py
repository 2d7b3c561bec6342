"""Sessions with refresh tokens, links to set passwords, API keys, keys of idempotency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.alter_column("users", "password_hash", nullable=True, comment="null until the first password is set")
    op.add_column(
        "users",
        sa.Column(
            "version", sa.Integer(), nullable=False, server_default=sa.text("1"), comment="rises with every edit"
        ),
    )
    op.add_column(
        "users",
        sa.Column("subject", sa.Text(), comment="who the identity provider says this is: issuer, a space, sub"),
    )
    op.add_column("users", _moment("reset_requested_at", nullable=True))
    op.create_unique_constraint("uq_users_subject", "users", ["subject"])

    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256"),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        _moment("issued_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_refresh_tokens"),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])
    op.create_table(
        "password_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256"),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_password_links"),
    )
    op.create_index("ix_password_links_user_id", "password_links", ["user_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False, comment="the beginning of the key, to know it by"),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False, comment="SHA-256"),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=False),
        _moment("created_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        _moment("expires_at", nullable=True),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.Column("revoked_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
    )
    op.create_index("ix_api_keys_created_at_id", "api_keys", ["created_at", "id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False, comment="SHA-256"),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of method, path and body"),
        _moment("created_at"),
        sa.Column("answer", sa.LargeBinary(), comment="encrypted; null between the commit and the answer"),
        sa.PrimaryKeyConstraint("caller", "key_hash", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def downgrade() -> None:
    for table in ("idempotency_keys", "api_keys", "password_links", "refresh_tokens", "sessions"):
        op.drop_table(table)
    op.drop_constraint("uq_users_subject", "users")
    for column in ("reset_requested_at", "subject", "version"):
        op.drop_column("users", column)
    # Whoever has no password can still not sign in: this is no hash of anything.
    op.execute("UPDATE users SET password_hash = '' WHERE password_hash IS NULL")
    op.alter_column("users", "password_hash", nullable=False, comment=None)
