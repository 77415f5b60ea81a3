-- A stretch of the log as it is exported, each part a text of JSON, which is read sooner than rows: entries in order,
-- how serials moved by them, range by range, and the accounts that these name. So of the serials that a body names
-- their number will do.
WITH moved AS MATERIALIZED (
    SELECT position, line, batch_id, lo, hi, debit_id, credit_id FROM movement
     WHERE position > CAST(:after AS bigint)
       AND position <= least(CAST(:until AS bigint), CAST(:after AS bigint) + CAST(:entries AS bigint))
     ORDER BY position, line LIMIT CAST(:movements AS bigint)
)
SELECT (
    SELECT string_agg(concat('[', position, ',"', at, '","', kind, '",', subject_id, ',',
                             coalesce(CAST(organisation_id AS text), 'null'), ',',
                             coalesce(CAST(jsonb_array_length(body -> 'serials') AS text), 'null'), ',',
                             body - 'serials', ']'), ',' ORDER BY position)
      FROM (SELECT position, at, kind, subject_id, organisation_id, body FROM log_entry
             WHERE position > CAST(:after AS bigint) AND position <= CAST(:until AS bigint)
             ORDER BY position LIMIT CAST(:entries AS bigint)) AS entry
), (
    SELECT string_agg(concat('[', position, ',', batch_id, ',', lo, ',', hi - 1, ',', debit_id, ',', credit_id, ']'), ','
                      ORDER BY position, line)
      FROM moved
), (
    SELECT CAST(json_agg(json_build_array(id, kind, programme, organisation_id, pilot_id, period_id, purpose)) AS text)
      FROM account
     WHERE id IN (SELECT debit_id FROM moved UNION SELECT credit_id FROM moved)
)
