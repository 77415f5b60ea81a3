"""What the tables rest on (constraints, triggers, functions, columns), and what of it is not as the
migrations make it.

``data/guards.json`` holds a digest of each, written by ``make guards`` from a migrated database.
"""

import json
from pathlib import Path

EXPECTED = Path(__file__).parent / "data" / "guards.json"

# Whatever was made of each: by name, as it is defined, and whether it is switched off. A foreign key
# is off where any of the triggers behind it is.
_FOUND = r"""
    ours AS (
        SELECT * FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND relname <> 'alembic_version'
    ), made (what, definition, off) AS (
        SELECT 'table ' || relname,
               concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity), false
          FROM ours
        UNION ALL
        SELECT format('column %s.%s', relname, a.attname),
               concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
                         pg_get_expr(d.adbin, d.adrelid)), false
          FROM ours JOIN pg_attribute AS a
            ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        UNION ALL
        SELECT format('constraint %s.%s', relname, c.conname), pg_get_constraintdef(c.oid),
               NOT c.convalidated OR EXISTS (
                   SELECT FROM pg_trigger AS t WHERE t.tgconstraint = c.oid AND t.tgenabled <> 'O')
          FROM ours JOIN pg_constraint AS c
            ON c.conrelid = ours.oid AND c.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL
        SELECT format('index %s.%s', relname, i.indexrelid::regclass), pg_get_indexdef(i.indexrelid),
               NOT (i.indisvalid AND i.indisready)
          FROM ours JOIN pg_index AS i ON i.indrelid = ours.oid AND i.indisunique
        UNION ALL
        SELECT format('trigger %s.%s', relname, t.tgname), pg_get_triggerdef(t.oid),
               t.tgenabled <> 'O'
          FROM ours JOIN pg_trigger AS t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
        UNION ALL
        SELECT format('rule %s.%s', relname, r.rulename), pg_get_ruledef(r.oid), r.ev_enabled <> 'O'
          FROM ours JOIN pg_rewrite AS r ON r.ev_class = ours.oid
        UNION ALL
        SELECT format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
               concat_ws(' ', l.lanname, pg_get_function_result(p.oid), p.provolatile, p.prosecdef,
                         p.proisstrict, p.proconfig, p.prosrc, pg_get_function_sqlbody(p.oid)), false
          FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
         WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'nzc\_%'
        UNION ALL
        SELECT 'setting session_replication_role', '',
               current_setting('session_replication_role') <> 'origin'
    ), found AS (
        SELECT what, left(encode(sha256(convert_to(definition, 'UTF8')), 'hex'), 16) AS digest, off
          FROM made
    )"""

FOUND = f"""
    WITH {_FOUND}
    SELECT what, digest FROM found ORDER BY what COLLATE "C"
"""  # noqa: S608  (our own text)

# Whatever more there is of tables can only refuse more; not so triggers and rules, which may change what
# is written.
FLAWS = f"""
    WITH {_FOUND}, expected AS (
        SELECT key AS what, value AS digest
          FROM jsonb_each_text($expected${json.dumps(json.loads(EXPECTED.read_text("utf-8")))}$expected$)
    )
    SELECT what, CASE WHEN found.digest IS NULL THEN 'missing' WHEN found.off THEN 'disabled'
                      WHEN expected.digest IS NULL THEN 'foreign' ELSE 'altered' END AS is
      FROM expected FULL JOIN found USING (what)
     WHERE (expected.digest IS DISTINCT FROM found.digest OR found.off)
       AND (expected.digest IS NOT NULL OR what ~ '^(trigger|rule) ')
     ORDER BY what LIMIT $1
"""  # noqa: S608  (our own text)
