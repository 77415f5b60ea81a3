-- Posts, duties, rules and upkeep are as the log says: all but texts.
--
-- Fires AFTER INSERT ON duty ('DUTY_ASSIGNED'), management_rule ('RULE_PUBLISHED'), post
--   ('POST_ESTABLISHED'), upkeep ('UPKEEP_RECORDED') DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: managed_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_managed_is_as_logged()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    it CONSTANT jsonb := to_jsonb(NEW);
    said CONSTANT jsonb := CASE TG_TABLE_NAME
        WHEN 'post' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'code', it -> 'code', 'kind', it -> 'kind')
        WHEN 'duty' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'unit', it -> 'unit', 'year', it -> 'year',
            'ceiling', trim_scale((it ->> 'ceiling')::numeric)::text)
        WHEN 'management_rule' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'starts_on', it -> 'starts_on', 'ends_on', it -> 'ends_on')
        WHEN 'upkeep' THEN jsonb_build_object(
            'pilot', it -> 'pilot_id', 'system', it -> 'system', 'on', it -> 'on_day') END;
BEGIN
    PERFORM nzc_lock_head();
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = (it ->> 'id')::bigint AND subject_id = (it ->> 'id')::bigint
                      AND kind = TG_ARGV[0] AND body = said) THEN
        PERFORM nzc_refuse('managed_is_as_logged', format('%s %s', TG_TABLE_NAME, it ->> 'id'));
    END IF;
    RETURN NULL;
END $function$;
