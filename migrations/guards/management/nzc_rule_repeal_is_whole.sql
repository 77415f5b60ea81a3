-- A rule is repealed on a day on which it is in force.
--
-- Fires AFTER INSERT ON rule_repeal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: repeal_while_in_force, repeal_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_rule_repeal_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM management_rule
                    WHERE id = NEW.rule_id AND starts_on <= NEW.on_day
                      AND (ends_on IS NULL OR NEW.on_day <= ends_on)) THEN
        PERFORM nzc_refuse('repeal_while_in_force', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.rule_id
                      AND kind = 'RULE_REPEALED' AND body = jsonb_build_object('on', NEW.on_day)) THEN
        PERFORM nzc_refuse('repeal_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
