-- A panel has at least five experts, an odd number of them, none of whom it evaluates, after the pilot
-- evaluated itself. Asked at the commit, of each of its members too, so that none is added later.
--
-- Fires AFTER INSERT ON panel ('id'), panel_expert ('panel_id') DEFERRABLE INITIALLY DEFERRED FOR
--   EACH ROW.
-- Refuses: panel_is_odd, expert_is_not_the_operators, panel_follows_self_evaluation,
--   panel_is_as_logged.

CREATE OR REPLACE FUNCTION public.nzc_panel_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    it panel;
    experts bigint;
BEGIN
    PERFORM nzc_lock_head();
    SELECT * INTO it FROM panel WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    SELECT count(*) INTO experts FROM panel_expert WHERE panel_id = it.id;
    IF experts < 5 OR experts % 2 = 0
       OR experts <> (SELECT max(number) FROM panel_expert WHERE panel_id = it.id) THEN
        PERFORM nzc_refuse('panel_is_odd', format('panel %s', it.id));
    END IF;
    IF EXISTS (SELECT FROM panel_expert AS x
                 JOIN evaluation AS e ON e.id = it.evaluation_id
                 JOIN pilot AS p ON p.id = e.pilot_id
                 JOIN organisation AS o ON o.id = p.operator_id
                WHERE x.panel_id = it.id
                  AND (x.organisation_id = p.operator_id
                       OR x.employer IN (o.name_zh, o.name_en, p.applicant_name_zh, p.applicant_name_en))) THEN
        PERFORM nzc_refuse('expert_is_not_the_operators', format('panel %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM self_evaluation WHERE evaluation_id = it.evaluation_id AND id < it.id) THEN
        PERFORM nzc_refuse('panel_follows_self_evaluation', format('panel %s', it.id));
    END IF;
    IF NOT EXISTS (SELECT FROM log_entry
                    WHERE position = it.id AND subject_id = it.evaluation_id
                      AND kind = 'EVALUATION_PANEL_APPOINTED'
                      AND body = jsonb_build_object('organisations', (
                          SELECT jsonb_agg(organisation_id ORDER BY number)
                            FROM panel_expert WHERE panel_id = it.id))) THEN
        PERFORM nzc_refuse('panel_is_as_logged', format('panel %s', it.id));
    END IF;
    RETURN NULL;
END $function$;
