-- Nothing is paid for twice: no measure costs less than is allocated to it, and on no day more than
-- all that it saves is pledged, over all financings.
--
-- Fires AFTER INSERT ON financing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW.
-- Refuses: financed_of_its_pilot, allocations_within_amount, allocations_within_capex,
--   pledge_of_its_product, pledge_within_financing, savings_pledged_once.

CREATE OR REPLACE FUNCTION public.nzc_financing_is_whole()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM nzc_lock_head();
    IF EXISTS (SELECT FROM (SELECT measure_id FROM financing_allocation WHERE financing_id = NEW.id
                            UNION ALL
                            SELECT measure_id FROM financing_pledge WHERE financing_id = NEW.id) AS named
                 JOIN measure AS m ON m.id = named.measure_id
                WHERE m.pilot_id <> NEW.pilot_id) THEN
        PERFORM nzc_refuse('financed_of_its_pilot', format('financing %s', NEW.id));
    END IF;
    IF (SELECT sum(amount) FROM financing_allocation WHERE financing_id = NEW.id) > NEW.amount THEN
        PERFORM nzc_refuse('allocations_within_amount', format('financing %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM financing_allocation AS own JOIN measure AS m ON m.id = own.measure_id
                WHERE own.financing_id = NEW.id
                  AND (SELECT sum(amount) FROM financing_allocation WHERE measure_id = m.id) > m.capex) THEN
        PERFORM nzc_refuse('allocations_within_capex', format('financing %s', NEW.id));
    END IF;
    IF NEW.product <> 'SAVINGS_PLEDGE_LOAN'
       AND EXISTS (SELECT FROM financing_pledge WHERE financing_id = NEW.id) THEN
        PERFORM nzc_refuse('pledge_of_its_product', format('financing %s', NEW.id));
    END IF;
    IF EXISTS (SELECT FROM financing_pledge
                WHERE financing_id = NEW.id
                  AND (starts_on < NEW.starts_on OR ends_on > NEW.ends_on)) THEN
        PERFORM nzc_refuse('pledge_within_financing', format('financing %s', NEW.id));
    END IF;
    IF EXISTS (WITH pledged AS (
                   SELECT p.measure_id, p.share, p.starts_on, least(p.ends_on, ended.on_day) AS ends_on
                     FROM financing_pledge AS p LEFT JOIN financing_end AS ended USING (financing_id)
                    WHERE p.measure_id IN (SELECT measure_id FROM financing_pledge
                                            WHERE financing_id = NEW.id))
               SELECT FROM (SELECT DISTINCT measure_id, starts_on AS day FROM pledged) AS begun
                 JOIN pledged AS held USING (measure_id)
                WHERE begun.day BETWEEN held.starts_on AND held.ends_on
                GROUP BY measure_id, begun.day
               HAVING sum(held.share) > 100) THEN
        PERFORM nzc_refuse('savings_pledged_once', format('financing %s', NEW.id));
    END IF;
    RETURN NULL;
END $function$;
