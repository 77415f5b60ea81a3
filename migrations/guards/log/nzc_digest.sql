-- What links an entry to the one before: the SHA-256 of that one's digest and of all that the entry
-- says, written as nzc_api/log/chain.py says. It is an expression, which PostgreSQL puts into the
-- statement of whoever asks of many entries.
--
-- Called by nzc_log_is_dense.

CREATE OR REPLACE FUNCTION public.nzc_digest(prior bytea, "position" bigint, at timestamp with time zone, kind text, subject_id bigint, organisation_id bigint, api_key_id bigint, body jsonb)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN sha256(prior || convert_to(
    "position"::text || ' ' || extract(epoch FROM at - timestamptz '1970-01-01 00:00:00+00')::text || ' '
    || kind || ' ' || subject_id::text || ' ' || coalesce(organisation_id::text, '-') || ' '
    || coalesce(api_key_id::text, '-') || ' ' || body::text, 'UTF8'));
