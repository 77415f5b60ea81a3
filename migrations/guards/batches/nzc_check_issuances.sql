-- An issuance is one movement of the whole block out of its programme's issuance account, and one
-- lot; nothing else touches that account.
--
-- Called by nzc_check_movements, nzc_check_postings, nzc_posted.
-- Refuses: issuance_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_check_issuances(first bigint, last bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE wrong bigint;
BEGIN
    -- An issuance is one movement of the whole block out of its programme's issuance account, and
    -- one lot; nothing else touches that account.
    SELECT p.position INTO wrong
      FROM (SELECT position FROM movement WHERE position BETWEEN first AND last AND batch_id = position
            UNION SELECT position FROM lot WHERE position BETWEEN first AND last AND batch_id = position
            UNION SELECT id FROM credit_batch WHERE id BETWEEN first AND last) AS p
     WHERE NOT EXISTS (
           SELECT FROM credit_batch AS b
             JOIN movement AS m ON m.position = b.id AND m.batch_id = b.id
                               AND m.lo = b.lo AND m.hi = b.hi
             JOIN account AS a ON a.id = m.debit_id AND a.kind = 'ISSUANCE'
                              AND a.programme = b.programme
             JOIN lot AS l ON l.position = b.id AND l.batch_id = b.id AND l.lo = b.lo AND l.hi = b.hi
                          AND l.account_id = m.credit_id AND l.since = b.id
             JOIN project AS j ON j.id = b.project_id AND j.forestry = b.forestry
            WHERE b.id = p.position)
        OR (SELECT count(*) FROM lot WHERE lot.position = p.position) <> 1
        OR (SELECT count(*) FROM movement WHERE movement.position = p.position) <> 1 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('issuance_is_whole', format('position %s', wrong));
    END IF;
END $function$;
