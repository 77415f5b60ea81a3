-- The rows of a batch of readings are those that its digest covers, which its entry has. Looked at
-- when all is there, at the commit.
--
-- Fires AFTER INSERT ON reading_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: batch_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_batch_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT count(*) AS size,
                            sha256(convert_to(string_agg(line, E'\n' ORDER BY number), 'UTF8')) AS digest
                       FROM (
    SELECT number, concat_ws(' ', number, meter_id, extract(epoch FROM at)::bigint, device, turns,
                             CASE WHEN estimated THEN 'E' ELSE 'A' END,
                             coalesce(trim_scale(value)::text, '-')) AS line
      FROM register_reading WHERE position = NEW.id
    UNION ALL
    SELECT number, concat_ws(' ', number, meter_id, extract(epoch FROM starts_at)::bigint,
                             extract(epoch FROM ends_at)::bigint, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                             coalesce(trim_scale(quantity)::text, '-'), coalesce(trim_scale(cost)::text, '-'))
      FROM consumption WHERE position = NEW.id
) AS lines) AS found
          JOIN log_entry AS e ON e.position = NEW.id
         WHERE (found.size, found.digest) = (NEW.size, NEW.digest)
           AND e.body @> jsonb_build_object('size', NEW.size, 'digest', encode(NEW.digest, 'hex'))) THEN
        PERFORM nzc_refuse('batch_is_whole', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
