-- What can be amended of an organisation.
--
-- Called by nzc_organisation_amended, nzc_organisation_amendment_follows,
--   nzc_organisation_amendment_holds.

CREATE OR REPLACE FUNCTION public.nzc_organisation_facts(of_organisation organisation)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object('name_zh', of_organisation.name_zh, 'name_en', of_organisation.name_en,
                              'credit_code', of_organisation.credit_code)
$function$;
