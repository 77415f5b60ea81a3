"""The guards of postings look once at what they look at: the same is refused as before, for half of the
cost. What lots come from is joined as sets, where each piece had been searched for by itself."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SEARCH_PATH = "SET search_path = pg_catalog, public, pg_temp"

# The lots that were spent from the first position to the last. As a function, so that whoever joins
# them plans for many, and each lot is looked up by itself all the same. In order, because no other
# index than that of positions has it: while a table is empty, all indexes look equally good, and the
# plan stays.
SPENT = f"""
CREATE FUNCTION nzc_spent(first bigint, last bigint)
RETURNS TABLE ("position" bigint, account_id bigint, batch_id bigint, lo bigint, hi bigint, since bigint)
LANGUAGE plpgsql ROWS 1000 {SEARCH_PATH} SET enable_nestloop = on SET enable_hashjoin = off AS $$
BEGIN
    RETURN QUERY
    SELECT spent.position, l.account_id, l.batch_id, l.lo, l.hi, l.since
      FROM lot_spent AS spent
      LEFT JOIN lot AS l ON l.position = spent.lot_position AND l.piece = spent.lot_piece
     WHERE spent.position BETWEEN first AND last
     ORDER BY spent.position;
END $$
"""

CHECK_TILING = f"""
CREATE OR REPLACE FUNCTION nzc_check_tiling(first bigint, last bigint) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT position INTO wrong
      FROM (SELECT position, batch_id, hi - lo AS tonnes FROM lot
             WHERE position BETWEEN first AND last AND batch_id <> position
            UNION ALL
            SELECT position, batch_id, lo - hi FROM nzc_spent(first, last)) AS part
     GROUP BY position, batch_id
    HAVING sum(tonnes) IS DISTINCT FROM 0 LIMIT 1;  -- NULL: there is no such lot.
    IF FOUND THEN
        PERFORM nzc_refuse('lots_tile_what_was_spent', format('position %s', wrong));
    END IF;
END $$
"""

# With lots: no two pieces overlap, and every piece lies in a lot that its position spent, where it
# stayed, or out of which a movement moved it. (That they tile what was spent is asked with what was
# spent: a piece that is added to those that do lies outside, or overlaps.)
CHECK_LOTS = f"""
CREATE OR REPLACE FUNCTION nzc_check_lots(first bigint, last bigint) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} SET enable_hashjoin = on SET enable_nestloop = off AS $$
DECLARE overlapping bigint; unfounded bigint;
BEGIN
    SELECT min(made.position) FILTER (WHERE made.lo < made.before),
           min(made.position) FILTER (
               WHERE made.batch_id <> made.position
                 AND ((l.account_id = made.account_id AND l.since = made.since)
                      OR (made.since = made.position AND m.position IS NOT NULL)) IS NOT TRUE)
      INTO overlapping, unfounded
      FROM (SELECT *, lag(hi) OVER (PARTITION BY position, batch_id ORDER BY lo) AS before
              FROM lot WHERE position BETWEEN first AND last) AS made
      LEFT JOIN nzc_spent(first, last) AS l
        ON l.position = made.position AND l.batch_id = made.batch_id
       AND l.lo <= made.lo AND made.hi <= l.hi
      LEFT JOIN (SELECT * FROM movement WHERE position BETWEEN first AND last) AS m
        ON m.position = made.position AND m.batch_id = made.batch_id
       AND m.debit_id = l.account_id AND m.credit_id = made.account_id
       AND m.lo <= made.lo AND made.hi <= m.hi;
    IF overlapping IS NOT NULL THEN
        PERFORM nzc_refuse('lots_do_not_overlap', format('position %s', overlapping));
    END IF;
    IF unfounded IS NOT NULL THEN
        PERFORM nzc_refuse('lots_come_from_what_was_spent', format('position %s', unfounded));
    END IF;
END $$
"""

# With movements: what changed account at a position is as much as was moved. So every movement moved
# whole, and none overlaps another: each piece that changed account lies in a movement, and pieces do
# not overlap.
CHECK_MOVED = f"""
CREATE FUNCTION nzc_check_moved(first bigint, last bigint) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
DECLARE wrong bigint;
BEGIN
    SELECT position INTO wrong
      FROM (SELECT position, hi - lo AS tonnes FROM movement
             WHERE position BETWEEN first AND last AND batch_id <> position
            UNION ALL
            SELECT position, lo - hi FROM lot
             WHERE position BETWEEN first AND last AND batch_id <> position AND since = position) AS part
     GROUP BY position
    HAVING sum(tonnes) <> 0 LIMIT 1;
    IF FOUND THEN
        PERFORM nzc_refuse('movements_match_lots', format('position %s', wrong));
    END IF;
END $$
"""

# The check of all movements begins with that, from one text of 0002 to the next.
BEFORE = "-- Every movement moved whole"
AFTER = "PERFORM nzc_check_issuances(first, last);"
MOVED_FIRST = f"""
DO $mend$
DECLARE
    found text := pg_get_functiondef('nzc_check_movements(bigint, bigint)'::regprocedure);
    starts int := position($text${BEFORE}$text$ in found);
    ends int := position($text${AFTER}$text$ in found);
BEGIN
    IF starts = 0 OR ends < starts THEN
        RAISE EXCEPTION 'nzc_check_movements is not as 0002 made it';
    END IF;
    EXECUTE overlay(found placing 'PERFORM nzc_check_moved(first, last);\n    '
                    from starts for ends - starts);
END $mend$
"""

# All checks at once, for whoever asks of a whole history.
CHECK_POSTINGS = f"""
CREATE OR REPLACE FUNCTION nzc_check_postings(first bigint, last bigint) RETURNS void
LANGUAGE plpgsql {SEARCH_PATH} AS $$
BEGIN
    PERFORM nzc_check_lots(first, last);
    PERFORM nzc_check_tiling(first, last);
    PERFORM nzc_check_movements(first, last);
    PERFORM nzc_check_issuances(first, last);
    PERFORM nzc_check_doubles(first, last);
END $$
"""

FUNCTIONS = (SPENT, CHECK_TILING, CHECK_LOTS, CHECK_MOVED, MOVED_FIRST, CHECK_POSTINGS)


def upgrade() -> None:
    """Put the new guards in place of the old ones."""
    for function in FUNCTIONS:
        op.execute(function)


def downgrade() -> None:
    """A guard is not taken back."""
    raise NotImplementedError
