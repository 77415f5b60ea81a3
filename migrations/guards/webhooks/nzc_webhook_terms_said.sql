-- All that the log says of an endpoint's terms: not its label, and of its URL, which may hold a receiver's
-- own secret, the SHA-256.
--
-- Called by nzc_webhook_terms_are_whole.

CREATE OR REPLACE FUNCTION public.nzc_webhook_terms_said(of_terms webhook_terms)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    SELECT jsonb_build_object(
        'url', encode(sha256(convert_to(of_terms.url, 'UTF8')), 'hex'), 'wanted', of_terms.wanted,
        'key', of_terms.key_id, 'state', of_terms.state, 'reason', of_terms.reason)
$function$;
