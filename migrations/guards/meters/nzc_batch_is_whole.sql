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
DECLARE
    told bigint;
    covered bytea;
BEGIN
    -- Intervals come by the ten thousand: lines of one table are put together in less time.
    IF NOT EXISTS (SELECT FROM register_reading WHERE position = NEW.id)
       AND NOT EXISTS (SELECT FROM consumption WHERE position = NEW.id) THEN
        SELECT count(*), sha256(convert_to(string_agg(
                   concat_ws(' ', number + (n - 1) * stride, meter_id, since + (n - 1) * seconds, since + n * seconds,
                             CASE WHEN estimated THEN 'E' ELSE 'A' END, coalesce(trim_scale(quantity)::text, '-'), '-'),
                   E'\n' ORDER BY number + (n - 1) * stride), 'UTF8'))
          INTO told, covered
          FROM (SELECT *, date_part('epoch', starts_at)::bigint AS since
                  FROM interval_block WHERE position = NEW.id OFFSET 0) AS b
         CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n);
    ELSE
        SELECT count(*), sha256(convert_to(string_agg(line, E'\n' ORDER BY number), 'UTF8'))
          INTO told, covered
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
    UNION ALL
    SELECT number + (n - 1) * stride,
           concat_ws(' ', number + (n - 1) * stride, meter_id, extract(epoch FROM starts_at)::bigint + (n - 1) * seconds,
                     extract(epoch FROM starts_at)::bigint + n * seconds, CASE WHEN estimated THEN 'E' ELSE 'A' END,
                     coalesce(trim_scale(quantity)::text, '-'), '-')
      FROM interval_block CROSS JOIN LATERAL unnest(quantities) WITH ORDINALITY AS told (quantity, n)
     WHERE position = NEW.id
) AS lines;
    END IF;
    IF NOT EXISTS (
        SELECT FROM log_entry AS e
         WHERE e.position = NEW.id AND (told, covered) = (NEW.size, NEW.digest)
           AND e.body @> jsonb_build_object('size', NEW.size, 'digest', encode(NEW.digest, 'hex'))) THEN
        PERFORM nzc_refuse('batch_is_whole', format('position %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
