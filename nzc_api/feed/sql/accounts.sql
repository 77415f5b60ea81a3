-- Accounts, as events tell them.
SELECT id, kind, programme, organisation_id, pilot_id, period_id, purpose FROM account
 WHERE id = ANY(CAST(CAST(:numbers AS text) AS bigint[]))
