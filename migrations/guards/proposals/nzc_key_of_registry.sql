-- A key acts for a registry where it is that organisation's, and the organisation is a registry of the
-- programme: what two persons order is theirs alone.
--
-- Called by nzc_proposal_ended, nzc_proposal_is_whole.

CREATE OR REPLACE FUNCTION public.nzc_key_of_registry(of_key bigint, of_organisation bigint, of_programme text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT EXISTS (SELECT FROM public.api_key AS k JOIN public.organisation AS o ON o.id = k.organisation_id
                    WHERE k.id = of_key AND o.id = of_organisation AND of_programme = ANY(o.programmes))
$function$;
