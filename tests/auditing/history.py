"""A long history of the ledger, written in bulk by SQL as the ledger would have written it.

One hot batch of ``tonnes`` serials goes from A to B serial by serial, left to right; then B's serials
are retired one by one, in a shuffled order, for 200 pilots in turn. 500 small batches stand beside it,
each with one retirement. So there are 2 × ``tonnes`` + 1,001 movements.
"""

import asyncpg

from nzc_api.log.chain import GENESIS

PILOTS = 200
SMALL = 500
SMALL_TONNES = 100
SMALL_RETIRED = 10

HOT = 2 + 2 * PILOTS + 3  # the hot batch is issued here
STATEMENTS = """
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '256MB';

CREATE TEMP TABLE entry (position bigint, kind text, subject_id bigint, body jsonb);

INSERT INTO organisation
SELECT n, '组织' || n, 'Organisation ' || n, 'CREDIT_HOLDER', '{{}}' FROM generate_series(1, 2) AS n;
INSERT INTO entry SELECT id, 'ORGANISATION_REGISTERED', id, '{{}}' FROM organisation;

INSERT INTO pilot
SELECT 2 + n, 'P-' || n, 'PARK', '试点', 'Pilot', 'PARK_COMMITTEE', '某', 'Some', '440100', 'EXISTING',
       '2015-01-01', 1 FROM generate_series(1, {pilots}) AS n;
INSERT INTO pilot_placement SELECT id, id, NULL FROM pilot;
INSERT INTO entry SELECT id, 'PILOT_REGISTERED', id, '{{}}' FROM pilot;
INSERT INTO accounting_period
SELECT 2 + {pilots} + n, 2 + n, '2022-01-01', '2022-12-31' FROM generate_series(1, {pilots}) AS n;
INSERT INTO entry SELECT id, 'ACCOUNTING_PERIOD_REGISTERED', id, '{{}}' FROM accounting_period;

INSERT INTO project SELECT {hot} - 2, 'J-1', '项目', 'Project', false, 'site', NULL, NULL, NULL, NULL, NULL;
INSERT INTO site (position, subject_id, address) SELECT id, id, site FROM project;
INSERT INTO enrolment SELECT {hot} - 1, {hot} - 2, 'CCER', 'CCER_2023', 'N-1', '2023-11-01';
INSERT INTO entry VALUES ({hot} - 2, 'PROJECT_REGISTERED', {hot} - 2, '{{}}'),
                         ({hot} - 1, 'PROJECT_ENROLLED', {hot} - 2, '{{}}');

INSERT INTO credit_batch (id, project_id, programme, forestry, vintage, produced_from, produced_to,
                          reductions_registered_on, registry, prefix, lo, hi, quantity, by_certificate, issuance,
                          issuance_quantity)
SELECT {hot} + n, {hot} - 2, 'CCER', false, 2010 + n % 12, make_date(2010 + n % 12, 1, 1),
       make_date(2010 + n % 12, 12, 31), '2024-01-15', 'CCER', 'H-' || n, 1, 1 + tonnes, tonnes, false,
       'DJ-1', {tonnes} + {small} * {small_tonnes}
  FROM (SELECT n, CASE n WHEN 0 THEN {tonnes} ELSE {small_tonnes} END AS tonnes
          FROM generate_series(0, {small}) AS n) AS block;

INSERT INTO account (id, kind, programme, organisation_id)
VALUES (1, 'ISSUANCE', 'CCER', NULL), (2, 'HOLDING', 'CCER', 1), (3, 'HOLDING', 'CCER', 2);
INSERT INTO account (id, kind, pilot_id, period_id)
SELECT 3 + n, 'RETIREMENT', 2 + n, 2 + {pilots} + n FROM generate_series(1, {pilots}) AS n;

-- What moved, in order: issuances, the small batches' retirements, transfers, retirements.
CREATE TEMP TABLE moved (position bigint, debit_id bigint, credit_id bigint, batch_id bigint,
                         lo bigint, hi bigint);
INSERT INTO moved SELECT id, 1, 2, id, lo, hi FROM credit_batch;
INSERT INTO moved
SELECT {hot} + {small} + n, 2, 4 + n % {pilots}, {hot} + n, 1, 1 + {small_retired}
  FROM generate_series(1, {small}) AS n;
INSERT INTO moved
SELECT {hot} + 2 * {small} + n, 2, 3, {hot}, n, n + 1 FROM generate_series(1, {tonnes}) AS n;
INSERT INTO moved
SELECT {hot} + 2 * {small} + {tonnes} + row_number() OVER (), 3, 4 + n % {pilots}, {hot}, n, n + 1
  FROM (SELECT n FROM generate_series(1, {tonnes}) AS n ORDER BY md5(n::text)) AS shuffled;

INSERT INTO entry
SELECT m.position, k.kind, m.position,
       CASE k.kind
       WHEN 'CREDITS_ISSUED' THEN jsonb_build_object('project', {hot} - 2, 'holder', 1)
       WHEN 'CREDITS_TRANSFERRED' THEN jsonb_build_object('from', 1, 'to', 2)
       ELSE jsonb_build_object('pilot', c.pilot_id, 'accounting_period', c.period_id,
                               'holder', d.organisation_id, 'retired_on', '2024-07-01',
                               'reference', NULL) END
       || jsonb_build_object('programme', 'CCER', 'quantity', m.hi - m.lo)
  FROM moved AS m JOIN account AS d ON d.id = m.debit_id JOIN account AS c ON c.id = m.credit_id
 CROSS JOIN LATERAL (SELECT CASE WHEN m.debit_id = 1 THEN 'CREDITS_ISSUED'
                                 WHEN m.credit_id = 3 THEN 'CREDITS_TRANSFERRED'
                                 ELSE 'CREDITS_RETIRED' END AS kind) AS k;

CREATE AGGREGATE pg_temp.chained (bigint, timestamptz, text, bigint, bigint, bigint, jsonb) (
    SFUNC = nzc_digest, STYPE = bytea, INITCOND = '\\x{genesis}');
INSERT INTO log_entry
SELECT e.*, pg_temp.chained(position, at, kind, subject_id, 1::bigint, NULL::bigint, body)
              OVER (ORDER BY position)
  FROM (SELECT position, timestamptz '2024-02-01Z' + position * interval '1 second' AS at, kind, subject_id,
               1::bigint, NULL::bigint, body FROM entry) AS e
 ORDER BY position;
INSERT INTO outcome SELECT 1, position::text, sha256(position::text::bytea), position, NULL, position FROM entry;
UPDATE log_head SET (position, at, digest) =
    (SELECT position, at, digest FROM log_entry ORDER BY position DESC LIMIT 1);

INSERT INTO movement SELECT position, 0, debit_id, credit_id, batch_id, lo, hi FROM moved
 ORDER BY position;

-- The piece that moved, and what was left of its lot on its right.
INSERT INTO lot
SELECT m.position, piece.n, CASE piece.n WHEN 0 THEN m.credit_id ELSE m.debit_id END, m.batch_id,
       CASE piece.n WHEN 0 THEN m.lo ELSE m.hi END, CASE piece.n WHEN 0 THEN m.hi ELSE b.hi END,
       CASE piece.n WHEN 0 THEN m.position ELSE b.id END
  FROM moved AS m JOIN credit_batch AS b ON b.id = m.batch_id
 CROSS JOIN (VALUES (0), (1)) AS piece (n)
 WHERE piece.n = 0 OR (m.debit_id = 2 AND m.hi < b.hi)
 ORDER BY 1, 2;

INSERT INTO lot_spent
SELECT batch_id, 0, position FROM moved WHERE debit_id = 2 AND lo = 1
UNION ALL
SELECT position - 1, 1, position FROM moved WHERE debit_id = 2 AND lo > 1
UNION ALL
SELECT {hot} + 2 * {small} + lo, 0, position FROM moved WHERE debit_id = 3;

INSERT INTO balance
SELECT account_id, batch_id, position,
       sum(tonnes) OVER (PARTITION BY account_id, batch_id ORDER BY position)
  FROM (SELECT credit_id, batch_id, position, hi - lo FROM moved
        UNION ALL SELECT debit_id, batch_id, position, lo - hi FROM moved)
    AS leg (account_id, batch_id, position, tonnes)
 ORDER BY position;

INSERT INTO available_lot
SELECT l.position, l.piece, l.account_id, b.vintage, l.batch_id, l.lo, l.hi, l.since
  FROM lot AS l JOIN credit_batch AS b ON b.id = l.batch_id
 WHERE l.account_id IN (2, 3)
   AND NOT EXISTS (SELECT FROM lot_spent AS s
                    WHERE (s.lot_position, s.lot_piece) = (l.position, l.piece));

DROP TABLE entry, moved;
RESET session_replication_role;
"""


async def write_history(superuser_url: str, tonnes: int) -> None:
    """Fill an empty database with the history, and analyse it."""
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute(
            STATEMENTS.format(
                hot=HOT, pilots=PILOTS, small=SMALL, small_tonnes=SMALL_TONNES,
                small_retired=SMALL_RETIRED, tonnes=tonnes, genesis=GENESIS.hex(),
            ),
            timeout=36_000,
        )  # fmt: skip
        await connection.execute("VACUUM ANALYZE", timeout=36_000)
    finally:
        await connection.close()
