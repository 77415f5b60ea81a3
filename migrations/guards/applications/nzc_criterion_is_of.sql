-- Whether a criterion's code is of the kind of an application: codes begin with it. Which codes there
-- are, the guide's data says, and the rule in front.
--
-- Called by nzc_claim_is_whole, nzc_judgement_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_criterion_is_of(criterion text, of_application bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT EXISTS (SELECT FROM application
                    WHERE id = of_application
                      AND criterion ~ ('^' || split_part(variant, '_', 1) || '-[1-9](\.[a-z])?$'))
$function$;
