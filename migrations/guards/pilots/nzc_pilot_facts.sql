-- What can be amended of a pilot.
--
-- Called by nzc_amendment_follows, nzc_amendment_holds, nzc_pilot_amended.

CREATE OR REPLACE FUNCTION public.nzc_pilot_facts(of_pilot pilot)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'name_zh', of_pilot.name_zh, 'name_en', of_pilot.name_en,
        'applicant_name_zh', of_pilot.applicant_name_zh,
        'applicant_name_en', of_pilot.applicant_name_en,
        'operation_starts_on', of_pilot.operation_starts_on, 'closed_on', of_pilot.closed_on,
        'statement_visibility', of_pilot.statement_visibility,
        'line_visibility', of_pilot.line_visibility)
$function$;
