-- An analysis looks at a year that does not lie before its period, and its numbers are in the log. That
-- they add up, a constraint says; that they are the statement's of then, the rule in front.
--
-- Fires AFTER INSERT ON potential_analysis DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: potential_lies_ahead, potential_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_potential_analysis_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF NEW.year < (SELECT extract(year FROM ends_on) FROM accounting_period WHERE id = NEW.period_id) THEN
        PERFORM nzc_refuse('potential_lies_ahead', format('analysis %s', NEW.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.id AND subject_id = NEW.id AND kind = 'POTENTIAL_ANALYSED'
                      AND body = jsonb_build_object(
                          'pilot', NEW.pilot_id, 'accounting_period', NEW.period_id, 'basis', NEW.basis,
                          'position', NEW.position, 'year', NEW.year,
                          'growth', trim_scale(NEW.growth)::text, 'gross', trim_scale(NEW.gross)::text,
                          'business_as_usual', trim_scale(NEW.business_as_usual)::text,
                          'expected', trim_scale(NEW.expected)::text,
                          'sinks', trim_scale(NEW.sinks)::text,
                          'remaining', trim_scale(NEW.remaining)::text)) THEN
        PERFORM nzc_refuse('potential_is_as_logged', format('analysis %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
