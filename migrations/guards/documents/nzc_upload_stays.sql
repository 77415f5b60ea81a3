-- What an organisation uploaded and attached to something is kept. Documents are attached while the
-- head is locked, so none is meanwhile.
--
-- Fires BEFORE DELETE ON upload FOR EACH ROW.
-- Refuses: attached_bytes_stay.

CREATE OR REPLACE FUNCTION public.nzc_upload_stays()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM document AS d JOIN log_entry AS e ON e.position = d.id
                WHERE d.sha256 = OLD.sha256 AND e.organisation_id = OLD.organisation_id) THEN
        PERFORM nzc_refuse('attached_bytes_stay', format('upload of organisation %s', OLD.organisation_id));
    END IF;
    RETURN OLD;
END $function$;
