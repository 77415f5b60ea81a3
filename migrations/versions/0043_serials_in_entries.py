"""Entries name the serials that they move, so that the log's tree binds them: certificates of retirements rest on that.

What was posted before names none. An earlier release beside it goes on naming none."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CHECK_SAID = """
CREATE OR REPLACE FUNCTION public.nzc_check_said(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    SELECT e.position INTO wrong
      FROM (SELECT *, sum(hi - lo) OVER whole AS tonnes, count(*) OVER whole AS lines
              FROM movement WHERE position BETWEEN first AND last
            WINDOW whole AS (PARTITION BY position)) AS m
      JOIN log_entry AS e ON e.position = m.position
      JOIN account AS debit ON debit.id = m.debit_id + 0
      JOIN account AS credit ON credit.id = m.credit_id + 0
     WHERE m.tonnes <> (e.body ->> 'quantity')::bigint
        OR credit.kind <> CASE e.kind
    WHEN 'CREDITS_ISSUED' THEN 'HOLDING' WHEN 'CREDITS_TRANSFERRED' THEN 'HOLDING'
    WHEN 'CREDITS_RETIRED' THEN 'RETIREMENT' WHEN 'RETIREMENT_REQUESTED' THEN 'PENDING'
    WHEN 'RETIREMENT_REQUEST_CANCELLED' THEN 'HOLDING'
    WHEN 'RETIREMENT_REQUEST_EXPIRED' THEN 'HOLDING' WHEN 'CREDITS_USED' THEN 'OTHER_USE'
    WHEN 'CREDITS_FROZEN' THEN 'FROZEN' WHEN 'CREDITS_UNFROZEN' THEN 'HOLDING'
    WHEN 'CREDITS_INVALIDATED' THEN 'INVALIDATED'
    WHEN 'POSTING_CORRECTED' THEN
        CASE WHEN debit.kind = 'INVALIDATED' OR credit.kind = 'ISSUANCE' THEN credit.kind ELSE 'HOLDING' END END
        OR credit.pilot_id IS NOT NULL
           AND ((e.body ->> 'pilot')::bigint IS DISTINCT FROM credit.pilot_id
                OR (e.body ->> 'accounting_period')::bigint IS DISTINCT FROM credit.period_id)
        OR debit.organisation_id <> coalesce(e.body ->> 'from', e.body ->> 'holder')::bigint
        OR credit.organisation_id IS NOT NULL
           AND credit.organisation_id <> coalesce(e.body ->> 'to', e.body ->> 'holder')::bigint
        OR credit.purpose IS NOT NULL AND credit.purpose <> e.body ->> 'purpose'
        OR e.body -> 'serials' IS NOT NULL
           AND (jsonb_array_length(e.body -> 'serials') <> m.lines
                OR (e.body -> 'serials' -> m.line ->> 'batch')::bigint IS DISTINCT FROM m.batch_id
                OR (e.body -> 'serials' -> m.line ->> 'first')::bigint IS DISTINCT FROM m.lo
                OR (e.body -> 'serials' -> m.line ->> 'last')::bigint IS DISTINCT FROM m.hi - 1) LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('posting_is_as_logged', format('position %s', wrong));
    END IF;
END $function$;
"""


def upgrade() -> None:
    op.execute(CHECK_SAID)


def downgrade() -> None:
    raise NotImplementedError("the log is never undone")
