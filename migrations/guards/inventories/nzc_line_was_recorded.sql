-- A line's id is the position at which it was recorded first. As it is, it was recorded then, or by
-- an amendment of it or of its inventory.
--
-- Fires AFTER INSERT ON inventory_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: line_was_recorded.

CREATE OR REPLACE FUNCTION public.nzc_line_was_recorded()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM log_entry AS e
                    WHERE e.position = NEW.id
                      AND e.kind = CASE NEW.role WHEN 'SINK' THEN 'SINK_RECORDED'
                                   ELSE 'EMISSION_SOURCE_RECORDED' END
                      AND e.body @> jsonb_build_object('inventory', NEW.inventory_id))
       OR (NEW.position <> NEW.id AND NOT EXISTS (
            SELECT FROM log_entry AS e
             WHERE e.position = NEW.position AND e.subject_id = NEW.inventory_id
               AND (e.kind = 'INVENTORY_AMENDED'
                    OR (e.kind = 'INVENTORY_LINE_AMENDED'
                        AND e.body @> jsonb_build_object('line', NEW.id))))) THEN
        PERFORM nzc_refuse('line_was_recorded', format('line %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
