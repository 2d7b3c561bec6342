"""A function by which the engine takes a version of a rule out of force, and does nothing else to rules."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# The engine has no right to change a rule: it could put one live. With this it can only take one out.
SUSPEND = """
CREATE FUNCTION suspend_rule(suspended uuid, suspended_version integer, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    present rule_stages;
    next_number integer;
BEGIN
    INSERT INTO rules_revision VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET revision = rules_revision.revision + 1;
    SELECT s.* INTO present FROM rules r JOIN rule_stages s ON s.rule_id = r.id AND s.number = r.stage
    WHERE r.id = suspended AND suspended_version IN (s.live_version, s.shadow_version);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT max(number) + 1 INTO next_number FROM rule_stages WHERE rule_id = suspended;
    INSERT INTO rule_stages (rule_id, number, live_version, percent, shadow_version, archived, back_to, changed_at,
                             changed_by, reason)
    VALUES (suspended, next_number, nullif(present.live_version, suspended_version),
            CASE WHEN present.live_version <> suspended_version THEN present.percent ELSE 0 END,
            nullif(present.shadow_version, suspended_version), false, present.number, now(), 'engine', why);
    UPDATE rules SET stage = next_number WHERE id = suspended;
    RETURN true;
END $$
"""


def upgrade() -> None:
    op.execute(SUSPEND)


def downgrade() -> None:
    op.execute("DROP FUNCTION suspend_rule(uuid, integer, text)")
