-- Where an application comes to stand follows from where it stood: it is submitted where it is open or
-- was returned, withdrawn where it was not decided, decided where it was submitted. The pilot of one
-- that is selected was registered by this very transaction, and is what was applied for.
--
-- Fires AFTER INSERT ON application_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: application_step_follows, selected_pilot_is_the_applied, application_step_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_application_step_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE before text;
BEGIN
    PERFORM nzc_lock_head();
    before := nzc_application_state(NEW.application_id, NEW.position);
    IF NOT (CASE NEW.state
            WHEN 'SUBMITTED' THEN before IN ('OPEN', 'RETURNED')
            WHEN 'WITHDRAWN' THEN before IN ('OPEN', 'RETURNED', 'SUBMITTED')
            ELSE before = 'SUBMITTED' END) THEN
        PERFORM nzc_refuse('application_step_follows', format('position %s', NEW.position));
    END IF;
    IF NEW.pilot_id IS NOT NULL AND NOT (
        nzc_appended_now(NEW.pilot_id)
        AND EXISTS (SELECT FROM application AS a JOIN pilot AS p USING (
                           operator_id, variant, name_zh, name_en, applicant_kind, applicant_name_zh,
                           applicant_name_en, division_code, establishment)
                     WHERE a.id = NEW.application_id AND p.id = NEW.pilot_id
                       AND p.operation_starts_on IS NOT DISTINCT FROM a.operation_starts_on)) THEN
        PERFORM nzc_refuse('selected_pilot_is_the_applied', format('position %s', NEW.position));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = NEW.position AND subject_id = NEW.application_id
                      AND kind = CASE WHEN NEW.state IN ('SUBMITTED', 'WITHDRAWN')
                                      THEN 'APPLICATION_' || NEW.state ELSE 'APPLICATION_DECIDED' END
                      AND body = jsonb_build_object('state', NEW.state, 'pilot', NEW.pilot_id)) THEN
        PERFORM nzc_refuse('application_step_is_as_logged', format('position %s', NEW.position));
    END IF;
    RETURN NULL;
END $function$;
