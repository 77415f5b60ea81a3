-- Nothing of an API key changes but that it is revoked, once.
--
-- Fires BEFORE UPDATE ON api_key FOR EACH ROW.
-- Refuses: key_revoked_once.

CREATE OR REPLACE FUNCTION public.nzc_key_revoked_once()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    IF OLD.revoked_position IS NOT NULL
       OR (NEW.id, NEW.organisation_id, NEW.label, NEW.secret_hash)
          IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.label, OLD.secret_hash) THEN
        PERFORM nzc_refuse('key_revoked_once', format('key %s', OLD.id));
    END IF;
    RETURN NEW;
END $function$;
