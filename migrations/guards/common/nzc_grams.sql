-- No guard, but what the indexes of names rest on: the characters of a text and its pairs of
-- neighbours, in small letters. (Trigrams, of pg_trgm, know no Chinese in a database whose locale
-- is C, and no word of two characters in any.)
--
-- Called by no other function.

CREATE OR REPLACE FUNCTION public.nzc_grams(wanted text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT coalesce(array_agg(DISTINCT substr(lower(wanted), start, size)), '{}')
          FROM generate_series(1, length(wanted)) AS start, generate_series(1, 2) AS size
         WHERE start + size - 1 <= length(wanted));
