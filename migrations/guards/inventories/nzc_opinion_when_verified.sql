-- A verifier's opinion is given as the inventory is verified, by the same entry.
--
-- Fires AFTER INSERT ON verification_opinion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: opinion_when_verified.

CREATE OR REPLACE FUNCTION public.nzc_opinion_when_verified()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM inventory AS i
                    WHERE i.id = NEW.inventory_id AND i.verified_position = NEW.position) THEN
        PERFORM nzc_refuse('opinion_when_verified', format('inventory %s', NEW.inventory_id));
    END IF;
    RETURN NULL;
END $function$;
