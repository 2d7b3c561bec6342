"""Whatever events name (accounts, devices, addresses, cards, …) is found by its beginning, and its events by it.

Indexes and the entities of what is stored are made at once: the engine waits meanwhile, and goes on where it was.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INET

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_CARDS = ("card", "card_id", "card_token", "card_fingerprint")
_LONGEST = 256  # of a value that is indexed; a row of an index holds 2,700 bytes


def _card(name: str) -> str:
    readable = (
        f"jsonb_typeof(attributes->'{name}') = 'string' AND attributes->>'{name}' <> '' "
        f"OR jsonb_typeof(attributes->'{name}') = 'number' AND attributes->>'{name}' ~ '^-?[0-9]+$'"
    )
    return f"WHEN {readable} THEN attributes->>'{name}'"


def _function(name: str, expression: str) -> str:
    return (
        f"CREATE FUNCTION {name}(attributes jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
        f"SELECT CASE WHEN octet_length({expression}) <= {_LONGEST} THEN {expression} END $$"
    )


_EMAIL = (
    "CASE WHEN jsonb_typeof(attributes->'email') = 'string' THEN nullif(lower(btrim(attributes->>'email')), '') END"
)
_DOMAIN = (
    "CASE WHEN jsonb_typeof(attributes->'email_domain') = 'string' "
    "THEN nullif(lower(rtrim(btrim(attributes->>'email_domain'), '.')), '') "
    "WHEN jsonb_typeof(attributes->'email') = 'string' AND attributes->>'email' LIKE '%@%' "
    "THEN nullif(lower(rtrim(btrim(regexp_replace(attributes->>'email', '^.*@', '')), '.')), '') END"
)
_FUNCTIONS = {
    "event_card": f"(CASE {' '.join(map(_card, _CARDS))} END)",
    "event_email": f"({_EMAIL})",
    "event_email_domain": f"({_DOMAIN})",
}
_VALUES = """
    (VALUES ('account', account_id), ('counterparty', counterparty_id), ('device', device_id), ('ip', host(ip)),
            ('card', event_card(attributes)), ('email', event_email(attributes)),
            ('email_domain', event_email_domain(attributes))) AS named (kind, value)
"""
_REMEMBER = f"""
CREATE FUNCTION remember_entities() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO entities (kind, value, address, seen_at)
    SELECT kind, value, CASE kind WHEN 'ip' THEN value::inet END, max(scored_at)
    FROM after CROSS JOIN LATERAL {_VALUES} WHERE value IS NOT NULL GROUP BY kind, value ORDER BY kind, value
    ON CONFLICT (kind, value) DO UPDATE SET seen_at = excluded.seen_at
    WHERE entities.seen_at < excluded.seen_at - interval '1 day';
    RETURN NULL;
END $$
"""  # noqa: S608  (names of ours)
_BACKFILL = f"""
INSERT INTO entities (kind, value, address, seen_at)
SELECT kind, value, CASE kind WHEN 'ip' THEN value::inet END, max(scored_at)
FROM assessments CROSS JOIN LATERAL {_VALUES} WHERE value IS NOT NULL GROUP BY kind, value
"""  # noqa: S608
_INDEXES = {
    "device": "device_id",
    "ip": "ip",
    "card": "event_card(attributes)",
    "email": "event_email(attributes)",
    "email_domain": "event_email_domain(attributes)",
}
# Of an erased account also goes what no other account uses.
_FORGET = """
    DELETE FROM entities WHERE value = who AND kind IN ('account', 'counterparty');
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('entities', rows);
    DELETE FROM entities WHERE (kind, value) IN (
        SELECT kind, value FROM assessments CROSS JOIN LATERAL (VALUES ('device', device_id), ('ip', host(ip)),
            ('card', event_card(attributes)), ('email', event_email(attributes)),
            ('email_domain', event_email_domain(attributes))) AS named (kind, value)
        WHERE account_id = who AND value IS NOT NULL
    ) AND NOT CASE kind
        WHEN 'device' THEN EXISTS (SELECT FROM assessments WHERE device_id = value AND account_id <> who)
        WHEN 'ip' THEN EXISTS (SELECT FROM assessments WHERE ip = address AND account_id <> who)
        WHEN 'card' THEN EXISTS (SELECT FROM assessments WHERE event_card(attributes) = value AND account_id <> who)
        WHEN 'email' THEN EXISTS (SELECT FROM assessments WHERE event_email(attributes) = value AND account_id <> who)
        ELSE EXISTS (SELECT FROM assessments WHERE event_email_domain(attributes) = value AND account_id <> who)
    END;
    GET DIAGNOSTICS more = ROW_COUNT;
    done := done || jsonb_build_object('entities', rows + more);
"""


def _erasure(*, entities: bool) -> None:
    """Put what forgets entities into ``erase_customer``, or take it out."""
    connection = op.get_bind()
    source = str(
        connection.scalar(sa.text("SELECT pg_get_functiondef('erase_customer(text, text[], text)'::regprocedure)"))
    )
    before, rows = "    DELETE FROM profiles WHERE key = who;", "    rows bigint;"
    added, counted = _FORGET + before, rows + "\n    more bigint;"
    changes = [(before, added), (rows, counted)] if entities else [(added, before), (counted, rows)]
    for old, new in changes:
        source = source.replace(old, new, 1)
    connection.exec_driver_sql(source.replace("%", "%%"))


def upgrade() -> None:
    for name, expression in _FUNCTIONS.items():
        op.execute(_function(name, expression))
    op.create_table(
        "entities",
        sa.Column(
            "kind",
            sa.Text,
            nullable=False,
            comment="account, counterparty, device, ip, card, email or email_domain",
        ),
        sa.Column("value", sa.Text(collation="C"), nullable=False, comment="in the order of its bytes"),
        sa.Column("address", INET, comment="of an ip"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="last, to a day"),
        sa.PrimaryKeyConstraint("kind", "value"),
    )
    op.execute(_BACKFILL)
    op.create_index("ix_entities_folded", "entities", ["kind", sa.text("lower(value)")])
    op.create_index("ix_entities_address", "entities", ["address"], postgresql_where=sa.text("address IS NOT NULL"))
    for name, column in _INDEXES.items():
        op.create_index(
            f"ix_assessments_{name}",
            "assessments",
            [sa.text(column), "sequence"],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.execute('ALTER TABLE list_entries ALTER COLUMN value TYPE text COLLATE "C"')
    op.create_index(
        "ix_list_entries_value",
        "list_entries",
        [sa.text("lower(value)")],
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.execute(_REMEMBER)
    op.execute(
        "CREATE TRIGGER remember_entities AFTER INSERT ON assessments REFERENCING NEW TABLE AS after "
        "FOR EACH STATEMENT EXECUTE FUNCTION remember_entities()"
    )
    _erasure(entities=True)


def downgrade() -> None:
    _erasure(entities=False)
    op.execute("DROP TRIGGER remember_entities ON assessments")
    op.execute("DROP FUNCTION remember_entities()")
    op.drop_index("ix_list_entries_value", "list_entries")
    op.execute('ALTER TABLE list_entries ALTER COLUMN value TYPE text COLLATE "default"')
    for name in _INDEXES:
        op.drop_index(f"ix_assessments_{name}", "assessments")
    op.drop_table("entities")
    for name in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}(jsonb)")
