-- What has an authority's number is one order, however the number is written: another posting with
-- it, unless that was corrected, is for the same pilot, period, purpose, beneficiary and day. With
-- movements, which come after what corrects them. An entry is found by its position (`OFFSET 0`),
-- and what has its number by that (`+ 0`): no other index may lead the search.
--
-- Fires AFTER INSERT ON movement REFERENCING NEW TABLE AS added FOR EACH STATEMENT.
-- Refuses: reference_names_one_order.

CREATE OR REPLACE FUNCTION public.nzc_one_order()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    DECLARE wrong bigint;
    BEGIN
        SELECT e.position INTO wrong
          FROM (SELECT DISTINCT position FROM added) AS m
         CROSS JOIN LATERAL (SELECT * FROM log_entry WHERE position = m.position OFFSET 0) AS e
         CROSS JOIN LATERAL (
                SELECT other.body FROM log_entry AS other
                 WHERE other.body ->> 'programme' = e.body ->> 'programme'
                   AND regexp_replace(regexp_replace(regexp_replace(translate(upper((other.body ->> 'reference') COLLATE "C"),
                   '([（【)]）】', '〔〔〔〔〕〕〕〕'), '[._/#-]+', '-', 'g'),
                   '(?<![0-9])-|-(?![0-9])', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')
                       = regexp_replace(regexp_replace(regexp_replace(translate(upper((e.body ->> 'reference') COLLATE "C"),
                   '([（【)]）】', '〔〔〔〔〕〕〕〕'), '[._/#-]+', '-', 'g'),
                   '(?<![0-9])-|-(?![0-9])', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')
                   AND other.kind IN ('CREDITS_RETIRED', 'CREDITS_USED')
                   AND (other.body ->> 'reference') IS NOT NULL
                   AND other.position <> e.position
                   AND NOT EXISTS (SELECT FROM correction AS c WHERE c.posting_id = other.position)
                 ORDER BY other.position + 0 LIMIT 1) AS named
         WHERE e.kind IN ('CREDITS_RETIRED', 'CREDITS_USED') AND (e.body ->> 'reference') IS NOT NULL
           AND (SELECT ARRAY[b ->> 'pilot', b ->> 'accounting_period', b ->> 'purpose',
                             b ->> 'beneficiary', coalesce(b ->> 'retired_on', b ->> 'used_on')]
                  FROM (SELECT e.body AS b) AS own)
               IS DISTINCT FROM
               (SELECT ARRAY[b ->> 'pilot', b ->> 'accounting_period', b ->> 'purpose',
                             b ->> 'beneficiary', coalesce(b ->> 'retired_on', b ->> 'used_on')]
                  FROM (SELECT named.body AS b) AS first) LIMIT 1;
        IF FOUND THEN
            PERFORM nzc_refuse('reference_names_one_order', format('position %s', wrong));
        END IF;
        RETURN NULL;
    END $function$;
