-- Where an application stood before a position: what its latest step before it says; before the first
-- one it is open.
--
-- Called by nzc_application_step_is_whole, nzc_claim_is_whole, nzc_judgement_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_application_state(of_application bigint, before bigint)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT coalesce((SELECT state FROM application_step
                      WHERE application_id = of_application AND position < before
                      ORDER BY position DESC LIMIT 1), 'OPEN')
$function$;
