"""A customer is erased by a function, so that whoever may ask for it may change nothing else."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ERASE = """
CREATE FUNCTION erase_customer(who text, spellings text[], token text) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    events uuid[] := ARRAY(SELECT event_id FROM assessments WHERE account_id = who);
    told uuid[] := ARRAY(SELECT id FROM alerts WHERE account_id = who OR counterparty_id = who OR group_value = who
                         UNION SELECT alert_id FROM alert_links WHERE account_id = who OR value = who
                         UNION SELECT alert_id FROM alert_events WHERE event_id = ANY(events));
    rows bigint;
    done jsonb := '{}';
BEGIN
    IF token !~ '^erased-[0-9a-f]{16}$' THEN
        RAISE EXCEPTION 'not a token' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM profiles WHERE key = who;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('profiles', rows);
    DELETE FROM explanations WHERE event_id = ANY(events) OR alert_id = ANY(told);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('explanations', rows);
    DELETE FROM webhook_deliveries WHERE alert_id = ANY(told);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('webhook_deliveries', rows);
    DELETE FROM alert_links WHERE account_id = who OR value = who;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('alert_links', rows);
    UPDATE alert_timeline SET note = NULL, changes = '{}' WHERE alert_id = ANY(told);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('alert_timeline', rows);
    UPDATE alerts SET
        account_id = CASE account_id WHEN who THEN token ELSE account_id END,
        counterparty_id = CASE counterparty_id WHEN who THEN token ELSE counterparty_id END,
        group_value = CASE group_value WHEN who THEN token ELSE group_value END,
        reason_text = 'erased', note = NULL,
        reasons = coalesce(
            (SELECT jsonb_agg(jsonb_set(one, '{text}', '"erased"')) FROM jsonb_array_elements(reasons) AS one), '[]')
    WHERE id = ANY(told);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('alerts', rows);
    UPDATE labels SET account_id = CASE account_id WHEN who THEN token ELSE account_id END,
                      counterparty_id = CASE counterparty_id WHEN who THEN token ELSE counterparty_id END
    WHERE event_id = ANY(events) OR event_id IN (SELECT event_id FROM assessments WHERE counterparty_id = who);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('labels', rows);
    UPDATE assessments SET counterparty_id = token WHERE counterparty_id = who;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('assessments of the other side', rows);
    UPDATE assessments SET account_id = token, device_id = NULL, ip = NULL, attributes = '{}',
        reasons = coalesce(
            (SELECT jsonb_agg(jsonb_set(one, '{text}', '"erased"')) FROM jsonb_array_elements(reasons) AS one), '[]')
    WHERE account_id = who;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('assessments', rows);
    UPDATE dead_letters SET raw = '', detail = 'erased', note = NULL
    WHERE event_id = ANY(events) OR EXISTS (
        SELECT FROM unnest(spellings) AS one
        WHERE position(convert_to(one, 'UTF8') IN raw) > 0 OR position(one IN detail) > 0 OR position(one IN note) > 0);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('dead_letters', rows);
    UPDATE list_entries SET value = token WHERE value = who AND removed_at IS NOT NULL;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('list_entries', rows);
    RETURN done;
END $$
"""


def upgrade() -> None:
    op.execute(ERASE)


def downgrade() -> None:
    op.execute("DROP FUNCTION erase_customer(text, text[], text)")
