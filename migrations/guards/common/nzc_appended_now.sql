-- Whether this very transaction appended the log's entry at a position: nothing is added to the
-- past.
--
-- Called by nzc_application_step_is_whole, nzc_attachment_comes_with, nzc_balance_follows,
--   nzc_change_is_logged, nzc_posted.

CREATE OR REPLACE FUNCTION public.nzc_appended_now(at_position bigint)
 RETURNS boolean
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT EXISTS (SELECT FROM public.log_entry
                    WHERE position = at_position AND xmin = pg_current_xact_id()::xid)
$function$;
