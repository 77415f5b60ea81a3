-- The hash of a node over its sixteen children (RFC 6962): an expression, which PostgreSQL puts into the
-- statement of whoever asks.
--
-- Called by nzc_node_follows.

CREATE OR REPLACE FUNCTION public.nzc_hash_of_16(h bytea[])
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256((('\x01'::bytea || sha256((('\x01'::bytea || sha256((('\x01'::bytea || sha256((('\x01'::bytea || (h)[1]) || (h)[2]))) || sha256((('\x01'::bytea || (h)[3]) || (h)[4]))))) || sha256((('\x01'::bytea || sha256((('\x01'::bytea || (h)[5]) || (h)[6]))) || sha256((('\x01'::bytea || (h)[7]) || (h)[8]))))))) || sha256((('\x01'::bytea || sha256((('\x01'::bytea || sha256((('\x01'::bytea || (h)[9]) || (h)[10]))) || sha256((('\x01'::bytea || (h)[11]) || (h)[12]))))) || sha256((('\x01'::bytea || sha256((('\x01'::bytea || (h)[13]) || (h)[14]))) || sha256((('\x01'::bytea || (h)[15]) || (h)[16]))))))));
