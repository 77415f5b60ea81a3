-- Whether a line is of electricity that is bought: of green power at zero, at the factor of a grid, or at one of
-- its own where there is nothing but electricity.
--
-- Called by nzc_certificate_of_its_line.

CREATE OR REPLACE FUNCTION public.nzc_is_bought_power(category text, factor jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT CASE WHEN factor ? 'zero_factor_basis'
                THEN factor #>> '{zero_factor_basis,reason}' = 'GREEN_POWER_CONTRACT'
                ELSE category <> 'EXPORTED_ELECTRICITY'
                     AND (factor ->> 'kind' = 'ELECTRICITY'
                          OR factor ->> 'kind' = 'OWN' AND category = 'PURCHASED_ELECTRICITY') END
$function$;
