"""Months of assessments are made and dropped by functions, so that their callers need not own the table."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MAKE = """
CREATE FUNCTION make_assessment_month(moment timestamptz) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    first timestamptz := date_trunc('month', moment);
    name text := 'assessments_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.assessments FOR VALUES FROM (%L) TO (%L)',
                   name, first, first + interval '1 month');
    RETURN name;
END $$
"""

DROP = """
CREATE FUNCTION drop_assessment_month(moment timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    name text := 'assessments_' || to_char(moment, 'YYYY_MM');
    used boolean;
BEGIN
    EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', name);
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO used;
    IF used THEN
        RAISE EXCEPTION '% is not empty', name USING ERRCODE = 'object_in_use';
    END IF;
    EXECUTE format('DROP TABLE public.%I', name);
END $$
"""


def upgrade() -> None:
    op.execute(MAKE)
    op.execute(DROP)


def downgrade() -> None:
    op.execute("DROP FUNCTION drop_assessment_month(timestamptz)")
    op.execute("DROP FUNCTION make_assessment_month(timestamptz)")
