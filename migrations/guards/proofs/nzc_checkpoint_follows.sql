-- What the log commits to is its tree as it stands, which begins with what was committed to last, and the
-- note says the same size and root.
--
-- Fires AFTER INSERT ON log_checkpoint FOR EACH ROW.
-- Refuses: checkpoint_follows, checkpoint_is_of_the_tree, checkpoint_says_what_it_is.

CREATE OR REPLACE FUNCTION public.nzc_checkpoint_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE latest log_checkpoint;
BEGIN
    SELECT * INTO latest FROM log_checkpoint WHERE size <> NEW.size ORDER BY size DESC LIMIT 1;
    IF latest.size > NEW.size OR latest.at > NEW.at OR latest.root <> nzc_tree_root(latest.size) THEN
        PERFORM nzc_refuse('checkpoint_follows', format('size %s', NEW.size));
    END IF;
    IF NEW.root IS DISTINCT FROM nzc_tree_root(NEW.size)
       OR EXISTS (SELECT FROM log_node WHERE height = 0 AND index >= NEW.size) THEN
        PERFORM nzc_refuse('checkpoint_is_of_the_tree', format('size %s', NEW.size));
    END IF;
    IF NEW.note NOT LIKE format(E'_%%\n%s\n%s\n%%', NEW.size, encode(NEW.root, 'base64')) THEN
        PERFORM nzc_refuse('checkpoint_says_what_it_is', format('size %s', NEW.size));
    END IF;
    RETURN NULL;
END $function$;
