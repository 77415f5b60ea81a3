-- Positions are 1, 2, 3, … without a gap, times never go back or lie in the future, the head has
-- the last position, and each entry's digest is of the one before and of what it says. What was
-- added is looked at together with the entry before it.
--
-- Fires AFTER INSERT ON log_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: log_is_dense, head_follows_log, log_is_chained.

CREATE OR REPLACE FUNCTION public.nzc_log_is_dense()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE sparse bigint; unchained bigint; latest bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT min(position) FILTER (WHERE position <> coalesce(prior_position, 0) + 1 OR at < prior_at
                                    OR at > greatest(clock_timestamp(), prior_at)),
           min(position) FILTER (WHERE digest <> nzc_digest(
               coalesce(prior, decode(repeat('00', 32), 'hex')), position, at, kind, subject_id, organisation_id, api_key_id, body)),
           max(position)
      INTO sparse, unchained, latest
      FROM (SELECT *, lag(position) OVER log AS prior_position, lag(at) OVER log AS prior_at,
                   lag(digest) OVER log AS prior
              FROM (SELECT *, true AS fresh FROM added
                    UNION ALL
                    (SELECT *, false FROM log_entry
                      WHERE position < (SELECT min(position) FROM added)
                      ORDER BY position DESC LIMIT 1)) AS entry
            WINDOW log AS (ORDER BY position)) AS neighbour
     WHERE fresh;
    IF sparse IS NOT NULL THEN
        PERFORM nzc_refuse('log_is_dense', format('position %s', sparse));
    END IF;
    IF latest <> (SELECT position FROM log_head) THEN
        PERFORM nzc_refuse('head_follows_log', format('position %s', latest));
    END IF;
    IF unchained IS NOT NULL THEN
        PERFORM nzc_refuse('log_is_chained', format('position %s', unchained));
    END IF;
    RETURN NULL;
END $function$;
